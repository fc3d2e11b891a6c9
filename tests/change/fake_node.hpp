// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small model of a node with a release handler, on a file system in memory. It answers the calls
// that the installer makes, as release_handler(3) and the erlang module would, writes RELEASES and
// start_erl.data when and as OTP would (in place, unsynced), and remembers what it was asked. How
// an install ends, and what breaks when, is for the test to say. A call that the model does not
// know is a test failure by exception.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "node/node_channel.hpp"
#include "release/release_tree.hpp"
#include "release/releases_file.hpp"
#include "support/memory_file_system.hpp"

namespace relup::change {

// Time passes only for those who sleep.
class FakeClock final : public Clock {
 public:
  std::chrono::system_clock::time_point wall() override { return {}; }
  std::chrono::steady_clock::time_point steady() override { return now_; }
  void sleep(Milliseconds duration) override {
    now_ += duration;
    if (on_sleep) on_sleep();
  }
  std::function<void()> on_sleep;

 private:
  std::chrono::steady_clock::time_point now_;
};

struct ModelRelease {
  std::string version;
  std::string status;
  bool is_invented = false;  // it knows no libraries of it, since it could not read RELEASES
};

enum class InstallBehaviour {
  works,
  refuses,          // answers an error, nothing changed
  installs_silent,  // installs, and the line breaks before the answer
  dies_old,         // the node dies and comes back with the permanent release
  dies_for_good,    // the node dies and nobody answers any more
  loads_nothing,    // says it is done, and runs the old code
  restarts,         // {continue_after_restart, ..}, then comes back with the new release
};

class NodeModel {
 public:
  NodeModel(support::MemoryFileSystem& files, std::string root, const std::string& version);

  // As Installer asks for it. Error (unavailable) when the node is down.
  std::unique_ptr<node::NodeChannel> connect();

  Term call(const std::string& name, const Term::Elements& arguments);

  std::vector<ModelRelease> releases;
  InstallBehaviour install_behaviour = InstallBehaviour::works;
  Term check_answer = tagged("ok", Term(), Term());
  // Processes in old code, by module; each look at them takes one of the deque's values, of which
  // the last one stays.
  std::map<std::string, std::deque<std::vector<std::string>>> holders;
  // What the agent answers of the new release's configuration.
  Term configuration_answer = tagged("ok", Term());
  // What comes out of trying a start.
  Term start_answer = tagged("holds", Term::atom("none"));
  // What a start would look at now.
  Term start_mark = Term::atom("none");
  int starts_tried = 0;
  // What comes out of trying code_change, and which modules the logger uses.
  Term trial_answer = tagged("ok", Term());
  Term logging_answer;
  // A process that does not let itself be suspended.
  std::optional<std::string> busy_process;
  // What the agent sees of the processes besides, as its answer has it: {Key, Value}.
  Term::Elements told;
  // What the agent answers of the listeners that clients are to wait at.
  Term listeners_answer = tagged("ok", Term());
  // What the script of the next install says.
  Term lines;
  // Modules whose code in memory is that of no file.
  std::set<Atom> patched;
  // Modules whose old code the release handler purges brutally in make_permanent, by installs that
  // are not in the script.
  std::vector<Atom> purged_by_commit;
  // What has become of the processes in old code: "brutal shop_price: cashier".
  std::vector<std::string> purges;
  // That the node goes back by itself: the agent's {confirm_within, ..}.
  std::optional<Term> confirmation;
  bool runs_no_release = false;  // its applications are those of none
  std::string probe_answer;      // why a function does not say that all is well; empty: it does
  // The release whose install an earlier relup has begun, and which still goes on.
  std::optional<std::string> unfinished_install;
  std::vector<std::string> calls;  // "release_handler:which_releases"
  // Called before a call is run and after; may throw to break it.
  std::function<void(const std::string& call)> before;
  std::function<void(const std::string& call)> after;
  bool is_down = false;
  // Where it runs from; empty: from the root, with the emulator of the root.
  std::string runs_from;
  std::string emulator;
  std::string releases_folder;
  std::string os_pid = "4711";  // of the process that the node says it is
  int connections = 0;

  ModelRelease* find(const std::string& version);
  // The release that runs by what the release handler says.
  std::string running() const;
  // Whose code is in memory.
  const std::string& code_version() const { return code_version_; }
  void write_releases_file();
  // The node has been started again, and runs `version`; `releases` are what it has read.
  void start_with(const std::string& version) {
    ++starts_;
    code_version_ = version;
  }
  void run_code_of(const std::string& version) { code_version_ = version; }

 private:
  bool overwrite(const std::string& file, const std::string& text);
  bool rewrite_releases_file();
  Term which_releases() const;
  Term incarnation() const;
  Term ask_agent(const Term& verb);
  Term folder(const std::string& path) const;
  Term place(const std::string& named) const;
  Term outcome() const;
  Term forecast() const;
  Term settle(const Term& known);
  std::vector<release::InstalledRelease> known_releases() const;
  Term old_code(const Term& modules);
  Term purge_softly(const Term& modules);
  Term purge_brutally(const Term& modules);
  Term loaded(const Term& modules) const;
  Term applications() const;
  Term install(const std::string& version);
  Term make_permanent(const std::string& version);
  Term set_unpacked(const std::string& rel_file);
  Term set_removed(const std::string& version);
  void switch_to(const std::string& version);
  void reboot();
  std::vector<std::string> look_at_holders(const std::string& module);
  Term digest_of(Atom module) const;
  release::ReleaseTree tree() const;

  support::MemoryFileSystem& files_;
  std::string root_;
  std::string code_version_;
  std::int64_t starts_ = 1;  // times that the node has booted
  std::optional<Term> job_;  // the result of what the agent did last, until the node restarts
};

}  // namespace relup::change
