// SPDX-License-Identifier: Apache-2.0
//
// The order in which things reach the disk is all that counts here. A record is written and synced
// before what it tells of begins; the folders up to the root are synced when an operation begins. A
// relup that is killed while it writes leaves a line without an end: the next one ends it, and the
// checksum shows that it is none.

#include "host/journal.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/read_json.hpp"
#include "base/replace_file.hpp"

namespace relup::host {
namespace {

constexpr std::size_t checksum_digits = 16;

std::string checksum_of(std::string_view json) {
  return sha256_hex(json).substr(0, checksum_digits);
}

std::string line_of(Json record) {
  const std::string json = dump(std::move(record), -1);
  return checksum_of(json) + " " + json + "\n";
}

std::optional<Json> record_in(std::string_view line) {
  if (line.size() <= checksum_digits || line[checksum_digits] != ' ') return std::nullopt;
  const std::string_view json = line.substr(checksum_digits + 1);
  if (checksum_of(json) != line.substr(0, checksum_digits)) return std::nullopt;
  return read_json(json);
}

Json flag_or_null(const std::optional<bool>& flag) {
  return flag ? Json(*flag) : Json();
}

OperationEnd end_in(const Json& record) {
  OperationEnd end{text_in(record, "how"), text_in(record, "message"),
                   WallTime(number_in(record, "time")), texts_in(record, "hurt"), std::nullopt};
  const Json* restarted = member_of(record, "node_restarted");
  if (restarted != nullptr) {
    if (const auto* flag = std::get_if<bool>(&restarted->value())) end.node_was_restarted = *flag;
  }
  return end;
}

KeptFile kept_in(const Json& record) {
  KeptFile kept{text_in(record, "file"), std::nullopt, text_in(record, "sha256")};
  if (const std::string copy = text_in(record, "copy"); !copy.empty()) kept.copy = copy;
  return kept;
}

// Turns records, one after the other, into operations.
class Reader {
 public:
  void take(const Json& record) {
    const std::string kind = text_in(record, "kind");
    if (kind == "begin") return begin(record);
    const std::int64_t number = number_in(record, "n");
    const auto found = std::find_if(content.operations.rbegin(), content.operations.rend(),
                                    [&](const auto& each) { return each.number == number; });
    if (found != content.operations.rend()) add(record, kind, *found);
  }

  JournalContent content;

 private:
  void begin(const Json& record) {
    Operation operation;
    operation.format = static_cast<int>(number_in(record, "journal"));
    operation.number = number_in(record, "n");
    operation.verb = text_in(record, "verb");
    operation.from = text_in(record, "from");
    operation.to = text_in(record, "to");
    operation.actor = {text_in(record, "user"), number_in(record, "pid"), text_in(record, "relup")};
    operation.begun = WallTime(number_in(record, "time"));
    operation.node_pid = text_in(record, "node_pid");
    content.operations.push_back(std::move(operation));
  }

  static void add(const Json& record, const std::string& kind, Operation& operation) {
    if (kind == "step") {
      operation.steps.push_back({text_in(record, "step"), Milliseconds(number_in(record, "ms")),
                                 flag_in(record, "failed")});
    } else if (kind == "kept") {
      operation.kept.push_back(kept_in(record));
    } else if (kind == "publish") {
      operation.published = texts_in(record, "paths");
    } else if (kind == "install") {
      operation.is_install_asked = true;
    } else if (kind == "decided") {
      operation.decision = Decision{text_in(record, "boots"), text_in(record, "erts"),
                                    text_in(record, "removed"), texts_in(record, "deleted")};
    } else if (kind == "taken_back") {
      operation.decision.reset();
    } else if (kind == "end") {
      operation.end = end_in(record);
    }
  }
};

std::string kept_directory(std::int64_t number) {
  return "kept/" + std::to_string(number);
}

}  // namespace

std::string own_directory(const std::string& root) {
  return join_path(root, ".relup");
}

std::string journal_path(const std::string& root) {
  return own_directory(root) + "/journal";
}

const Operation* JournalContent::open() const {
  if (operations.empty() || !operations.back().is_open()) return nullptr;
  return &operations.back();
}

JournalContent parse_journal(std::string_view bytes) {
  Reader reader;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (const auto record = record_in(bytes.substr(0, end))) {
      reader.take(*record);
    } else if (end != 0) {
      ++reader.content.damaged_lines;
    }
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return std::move(reader.content);
}

JournalContent read_journal(FileSystem& files, const std::string& root) {
  return parse_journal(files.read_if_exists(journal_path(root)).value_or(""));
}

void sync_journal(FileSystem& files, const std::string& root) {
  files.append_to(journal_path(root))->sync();
  files.sync_directory(own_directory(root));
}

// A folder that is there may be one whose maker was killed before it was synced.
void make_own_directory(FileSystem& files, const std::string& root, const std::string& relative) {
  const std::string path =
      relative.empty() ? own_directory(root) : join_path(own_directory(root), relative);
  files.make_directories(path);
  for (std::string at = path; at != root; at = parent_path(at))
    files.sync_directory(parent_path(at));
}

std::optional<std::string> kept_content(FileSystem& files, const std::string& root,
                                        const Operation& operation, const KeptFile& kept) {
  if (!kept.copy) return std::nullopt;
  const std::string path =
      own_directory(root) + "/" + kept_directory(operation.number) + "/" + *kept.copy;
  std::optional<std::string> content = files.read_if_exists(path);
  if (content && sha256_hex(*content) != kept.sha256) content.reset();
  return content;
}

void Journal::name(const std::string& verb, Actor actor) {
  operation_ = Operation();
  operation_.verb = verb;
  operation_.actor = std::move(actor);
  operation_.begun = std::chrono::duration_cast<WallTime>(clock_.wall().time_since_epoch());
}

void Journal::way(const std::string& from, const std::string& to) {
  operation_.from = from;
  operation_.to = to;
}

void Journal::node(const std::string& os_pid) {
  operation_.node_pid = os_pid;
}

void Journal::begin() {
  if (has_begun()) return;
  make_own_directory(files_, root_, "");
  const JournalContent before = read_journal(files_, root_);
  std::int64_t last = 0;
  for (const Operation& each : before.operations)
    last = std::max(last, each.number);
  operation_.number = last + 1;
  try {
    write(line_of({{"kind", "begin"},
                   {"journal", journal_format},
                   {"n", operation_.number},
                   {"verb", operation_.verb},
                   {"from", operation_.from},
                   {"to", operation_.to},
                   {"user", operation_.actor.user},
                   {"pid", operation_.actor.pid},
                   {"relup", operation_.actor.relup},
                   {"node_pid", operation_.node_pid},
                   {"time", operation_.begun.count()}}));
    files_.sync_directory(own_directory(root_));
  } catch (const Error& error) {
    call_off(error);
    throw;
  }
  const std::vector<StepRecord> steps = std::move(operation_.steps);
  operation_.steps.clear();
  for (const StepRecord& each : steps)
    step(each);
}

// The record may be there, and only its sync has failed.
void Journal::call_off(const Error& error) {
  const std::int64_t number = std::exchange(operation_.number, 0);
  try {
    const JournalContent now = read_journal(files_, root_);
    if (now.open() != nullptr && now.open()->number == number)
      end(number, {"undone", error.message()});
  } catch (const Error&) {
    // Then it is open, and the next relup finds that there is nothing to undo.
    return;
  }
}

void Journal::write(const std::string& line) {
  const std::string path = journal_path(root_);
  std::string text = line;
  bool is_there = is_after_own_line_;
  if (!is_there) {
    const auto old = files_.read_if_exists(path);
    is_there = old.has_value();
    if (old && !old->empty() && !old->ends_with('\n')) text = "\n" + text;
  }
  is_after_own_line_ = false;
  const auto file = is_there ? files_.append_to(path) : files_.create(path, 0600);
  file->append(text);
  file->sync();
  is_after_own_line_ = true;
}

void Journal::add(Json record) {
  begin();
  write(line_of(std::move(record)));
}

void Journal::step(const StepRecord& step) {
  operation_.steps.push_back(step);
  if (!has_begun()) return;
  write(line_of({{"kind", "step"},
                 {"n", operation_.number},
                 {"step", step.step},
                 {"ms", step.took.count()},
                 {"failed", step.has_failed}}));
}

void Journal::keep(const std::string& file) {
  const auto content = files_.read_if_exists(join_path(root_, file));
  KeptFile kept{file, std::nullopt, content ? sha256_hex(*content) : ""};
  for (auto each = operation_.kept.rbegin(); each != operation_.kept.rend(); ++each) {
    if (each->file != file) continue;
    if (each->sha256 == kept.sha256) return;
    break;
  }
  begin();
  if (content) {
    kept.copy = std::to_string(operation_.kept.size() + 1) + "-" + base_name(file);
    const std::string directory = kept_directory(operation_.number);
    make_own_directory(files_, root_, directory);
    replace_file(files_, own_directory(root_) + "/" + directory + "/" + *kept.copy, *content,
                 {.mode = 0600});
  }
  add({{"kind", "kept"},
       {"n", operation_.number},
       {"file", kept.file},
       {"copy", kept.copy ? Json(*kept.copy) : Json()},
       {"sha256", kept.sha256}});
  operation_.kept.push_back(std::move(kept));
}

void Journal::about_to_publish(const std::vector<std::string>& paths) {
  begin();
  add({{"kind", "publish"}, {"n", operation_.number}, {"paths", paths}});
  operation_.published = paths;
}

void Journal::about_to_install() {
  begin();
  add({{"kind", "install"}, {"n", operation_.number}});
  operation_.is_install_asked = true;
}

void Journal::decide(const Decision& decision) {
  begin();
  add({{"kind", "decided"},
       {"n", operation_.number},
       {"boots", decision.boots},
       {"erts", decision.erts},
       {"removed", decision.removed},
       {"deleted", decision.deleted}});
  operation_.decision = decision;
}

void Journal::take_back() {
  add({{"kind", "taken_back"}, {"n", operation_.number}});
  operation_.decision.reset();
}

void Journal::end(OperationEnd end) {
  if (!has_begun()) return;
  this->end(operation_.number, end);
  operation_.end = std::move(end);
}

void Journal::end(std::int64_t number, OperationEnd end) {
  if (end.at == WallTime{0})
    end.at = std::chrono::duration_cast<WallTime>(clock_.wall().time_since_epoch());
  write(line_of({{"kind", "end"},
                 {"n", number},
                 {"how", end.how},
                 {"message", end.message},
                 {"time", end.at.count()},
                 {"hurt", end.hurt},
                 {"node_restarted", flag_or_null(end.node_was_restarted)}}));
  if (end.how == "uncertain") return;
  files_.remove_all(own_directory(root_) + "/" + kept_directory(number));
}

}  // namespace relup::host
