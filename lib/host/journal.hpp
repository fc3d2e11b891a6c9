// SPDX-License-Identifier: Apache-2.0
#pragma once

// The journal of a release root, ROOT/.relup/journal: what relup has done to it, and how far it
// came. A line is a record, `CHECKSUM JSON`; lines are only ever added, and each is on the disk
// before the work goes on. So whatever is killed, the next relup (and `relup recover`) knows what
// was under way. A line that is torn or damaged is skipped, and so are records and members that
// this version does not know: a later version may add some. An operation whose first record has a
// higher format than ours is marked so, and is not ours to finish.
//
// Every failure to write is an Error of the file system.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "base/json.hpp"

namespace relup::host {

constexpr int journal_format = 1;

// Where relup keeps what is its own; only the owner of the root may look into it.
std::string own_directory(const std::string& root);
std::string journal_path(const std::string& root);

// Since 1970, by the clock of the host.
using WallTime = std::chrono::milliseconds;

// Who does it.
struct Actor {
  std::string user;
  std::int64_t pid = 0;
  std::string relup;  // its version
};

struct StepRecord {
  std::string step;  // "stage", "install", ...
  Milliseconds took{0};
  bool has_failed = false;
};

// A file before somebody overwrites it.
struct KeptFile {
  std::string file;                 // "releases/RELEASES", below the root
  std::optional<std::string> copy;  // in ROOT/.relup/kept/N; none: there was no such file
  std::string sha256;               // of the copy
};

// What has to be when an operation that was decided is done.
struct Decision {
  std::string boots;                 // the release that boots then; empty: as before
  std::string erts;                  // its version of ERTS
  std::string removed;               // the release that is not there any more; empty: none
  std::vector<std::string> deleted;  // paths below the root that go with it
};

struct OperationEnd {
  std::string how;  // "done", or why not: "rolled_back", "undone", ... (as ErrorCode has it)
  std::string message = {};  // for people
  WallTime at{0};
  std::vector<std::string> hurt = {};  // processes that were killed: "shop_price: <0.1.0>"
  std::optional<bool> node_was_restarted = {};
};

struct Operation {
  int format = journal_format;
  std::int64_t number = 0;
  std::string verb;  // "upgrade", ...
  std::string from;  // releases; empty where they are not known
  std::string to;
  Actor actor;
  WallTime begun{0};
  std::string node_pid;  // of the node's operating system process; may be empty
  std::vector<StepRecord> steps;
  std::vector<KeptFile> kept;          // the latest of a file is the last
  std::vector<std::string> published;  // paths below the root that it was about to put there
  bool is_install_asked = false;       // the node may run `to` since
  std::optional<Decision> decision;    // from here on it is finished, before that it is undone
  std::optional<OperationEnd> end;

  // Whether somebody has to see to it.
  bool is_open() const { return !end || end->how == "uncertain"; }
};

struct JournalContent {
  std::vector<Operation> operations;  // in the order in which they began
  std::size_t damaged_lines = 0;

  // The last operation, if it is open.
  const Operation* open() const;
};

// No journal is an empty one.
JournalContent read_journal(FileSystem& files, const std::string& root);
// The same of the bytes of one.
JournalContent parse_journal(std::string_view bytes);

// Makes the records that are there survive a power cut. Whoever has written the last one may have
// been killed before it was synced, and what it says is acted on.
void sync_journal(FileSystem& files, const std::string& root);

// Writes the records of one operation. Nothing is written before the first record that is worth
// it: an operation that changes nothing leaves no trace. So `step` alone does not begin.
class Journal {
 public:
  // Both must outlive the object; `root` is the release root.
  Journal(FileSystem& files, Clock& clock, std::string root)
      : files_(files), clock_(clock), root_(std::move(root)) {}

  // What the operation is called from now on, until it has begun.
  void name(const std::string& verb, Actor actor);
  void way(const std::string& from, const std::string& to);
  void node(const std::string& os_pid);

  void step(const StepRecord& step);
  // Writes the first record now.
  void begin();
  // Keeps what is in `file` ("releases/RELEASES") now, unless that is kept already.
  void keep(const std::string& file);
  void about_to_publish(const std::vector<std::string>& paths);
  void about_to_install();
  void decide(const Decision& decision);
  // What was decided did not come to be, and everything is as it was before.
  void take_back();
  // Ends it, also one of an earlier relup (`number`), and removes what was kept for it. Nothing
  // where nothing was begun. One that ends as "uncertain" stays open, with what was kept.
  void end(OperationEnd end);
  void end(std::int64_t number, OperationEnd end);

  bool has_begun() const { return operation_.number != 0; }
  const Operation& operation() const { return operation_; }

 private:
  void add(Json record);
  void call_off(const Error& error);
  void write(const std::string& line);

  FileSystem& files_;
  Clock& clock_;
  std::string root_;
  Operation operation_;
  // Another's last line, and one that could not be written, may be torn.
  bool is_after_own_line_ = false;
};

// The copy of a file that was kept, if it is whole; none where it is not.
std::optional<std::string> kept_content(FileSystem& files, const std::string& root,
                                        const Operation& operation, const KeptFile& kept);

// Makes the directory of our own, with its mode, where it is not there.
void make_own_directory(FileSystem& files, const std::string& root, const std::string& relative);

}  // namespace relup::host
