// SPDX-License-Identifier: Apache-2.0
//
// A line of a trace is `THREAD NAME(ARGUMENTS) = RESULT`; where another thread comes in between,
// `THREAD NAME(ARGUMENTS <unfinished ...>` and later `THREAD <... NAME resumed>REST) = RESULT`. A
// trace of one thread has no THREAD. File descriptors carry their paths: `7</srv/shop/lib>`.
//
// Names that differ from run to run (temporary files, numbers of operations) are replaced, so that
// the same call has the same text in every run.

#include "system_calls.hpp"

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "live/support/source_variant.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

const std::set<std::string>& calls_of_paths() {
  static const std::set<std::string> names = {
      "openat", "openat2",  "creat",   "rename", "renameat", "renameat2", "unlink",    "unlinkat",
      "rmdir",  "mkdir",    "mkdirat", "link",   "linkat",   "symlink",   "symlinkat", "truncate",
      "chmod",  "fchmodat", "chown",   "lchown", "fchownat", "utime",     "utimensat", "futimesat"};
  return names;
}

// What else stands in their arguments is data.
const std::set<std::string>& calls_of_descriptors() {
  static const std::set<std::string> names = {
      "write",     "pwrite64",  "writev",          "pwritev",   "sendfile", "copy_file_range",
      "fsync",     "fdatasync", "sync_file_range", "ftruncate", "fchmod",   "fchown",
      "fallocate", "close"};
  return names;
}

struct Line {
  std::string thread;
  std::string name;
  std::string arguments;
  std::string result;
  bool is_unfinished = false;
  bool is_resumed = false;
};

bool read_line(const std::string& text, Line& line) {
  static const std::regex call(R"(^(\d+ +)?([a-z0-9_]+)\((.*)$)");
  static const std::regex resumed(R"(^(\d+ +)?<\.\.\. ([a-z0-9_]+) resumed>(.*)$)");
  std::smatch found;
  line = Line();
  if (std::regex_match(text, found, resumed)) {
    line.is_resumed = true;
  } else if (!std::regex_match(text, found, call)) {
    return false;
  }
  line.thread = found[1];
  line.name = found[2];
  const std::string rest = found[3];
  const std::size_t equals = rest.rfind(") = ");
  const std::size_t wide_equals = rest.rfind(")  ");  // strace aligns short calls
  const std::size_t end = equals != std::string::npos ? equals : wide_equals;
  line.is_unfinished = rest.find("<unfinished ...>") != std::string::npos;
  line.arguments = rest.substr(0, end);
  if (end != std::string::npos) line.result = rest.substr(rest.find("= ", end) + 2);
  return true;
}

std::vector<std::string> words_of(const Line& line) {
  static const std::regex word(R"("((?:[^"\\]|\\.)*)\"|<(/[^>]*)>)");
  std::vector<std::string> words;
  const auto& text = line.arguments;
  for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
    words.push_back((*at)[1].matched ? (*at)[1] : (*at)[2]);
    if (calls_of_descriptors().contains(line.name)) break;
  }
  return words;
}

// As `strace -P` compares it: the path, where it says it all, or else the folder that it begins in.
std::string path_of(const Line& line) {
  std::string path;
  for (const std::string& word : words_of(line)) {
    if (word.starts_with("/") &&
        (path.empty() || line.arguments.find('"' + word) < line.arguments.size()))
      path = word;
  }
  return path;
}

bool opens_to_write(const Line& line) {
  for (const char* flag : {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"}) {
    if (line.arguments.find(flag) != std::string::npos) return true;
  }
  return false;
}

std::string without_what_varies(std::string text, const std::string& root) {
  for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root, at))
    text.erase(at, root.size() + (text.compare(at + root.size(), 1, "/") == 0 ? 1 : 0));
  static const std::regex temporary(R"(\.relup-new-[0-9a-z-]+)");
  static const std::regex operation(R"(kept/\d+|(kept )\d+)");
  text = std::regex_replace(text, temporary, ".relup-new-*");
  return std::regex_replace(text, operation, "kept/*");
}

class Reader {
 public:
  explicit Reader(std::string root) : root_(std::move(root)) {}

  void take(const std::string& text) {
    Line line;
    if (text.find("killed by SIGKILL") != std::string::npos) return note_death(text);
    if (!read_line(text, line)) return;
    if (first_thread_.empty() && !line.thread.empty()) first_thread_ = line.thread;
    if (line.is_resumed) return resume(line);
    enter(line);
  }

  std::vector<SystemCall> calls;

 private:
  void enter(const Line& line) {
    const int ordinal = ++ordinals_[line.thread + line.name];
    const std::string path = path_of(line);
    const int ordinal_at_path = ++ordinals_[line.thread + line.name + path];
    pending_[line.thread] = line;
    index_.erase(line.thread);
    if (!is_of_root(line) || !changes(line)) return finish(line);
    std::string what = line.name;
    for (const std::string& word : words_of(line))
      what += " " + word;
    what = without_what_varies(what, root_);
    index_[line.thread] = calls.size();
    calls.push_back(
        {line.name, ordinal, path, ordinal_at_path, what, line.thread == first_thread_, false});
    finish(line);
  }

  // Where a path says it all, the folder that it could have begun in does not matter.
  bool is_of_root(const Line& line) const {
    const bool is_absolute = line.arguments.find("\"/") != std::string::npos &&
                             !calls_of_descriptors().contains(line.name);
    for (const std::string& word : words_of(line)) {
      if (is_absolute && line.arguments.find('"' + word) == std::string::npos) continue;
      if (!word.starts_with(root_ + "/") && word != root_) continue;
      const std::string below = word.substr(root_.size());
      if (!below.starts_with("/log") && below != "/tally.port") return true;
    }
    return false;
  }

  bool changes(const Line& line) const {
    if (line.name == "openat" || line.name == "openat2") return opens_to_write(line);
    if (line.name == "close") return written_.contains(descriptor_of(line.arguments));
    return calls_of_paths().contains(line.name) || calls_of_descriptors().contains(line.name);
  }

  static std::string descriptor_of(const std::string& text) {
    return text.substr(0, text.find('<'));
  }

  void resume(const Line& line) {
    const auto begun = pending_.find(line.thread);
    if (begun == pending_.end()) return;
    Line whole = begun->second;
    whole.result = line.result;
    whole.is_unfinished = false;
    finish(whole);
  }

  void finish(const Line& line) {
    if (line.is_unfinished) return;
    const auto at = index_.find(line.thread);
    if (line.result.find("INJECTED") != std::string::npos) {
      if (at != index_.end()) calls[at->second].is_hit = true;
    } else if (line.result.starts_with("-1") && at != index_.end()) {
      refused_.insert(at->second);
    }
    if (line.name == "openat" && line.result.find('<') != std::string::npos) {
      const std::string descriptor = descriptor_of(line.result);
      if (opens_to_write(line)) {
        written_.insert(descriptor);
      } else {
        written_.erase(descriptor);
      }
    }
    if (line.name == "close") written_.erase(descriptor_of(line.arguments));
  }

  void note_death(const std::string& text) {
    const auto blank = text.find("+++");
    const auto at = index_.find(text.substr(0, blank));
    if (at != index_.end()) calls[at->second].is_hit = true;
  }

 public:
  // Numbers the calls of one text, and drops what the system itself has refused.
  std::vector<SystemCall> result() {
    std::map<std::string, int> seen;
    std::vector<SystemCall> kept;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (refused_.contains(i)) continue;
      SystemCall call = calls[i];
      call.what += " #" + std::to_string(++seen[call.what]);
      kept.push_back(std::move(call));
    }
    return kept;
  }

 private:
  std::string root_;
  std::string first_thread_;
  std::map<std::string, int> ordinals_;
  std::map<std::string, Line> pending_;
  std::map<std::string, std::size_t> index_;  // of the call that a thread is in
  std::set<std::size_t> refused_;
  std::set<std::string> written_;  // descriptors
};

}  // namespace

std::string changing_calls(Closing closing) {
  std::string all;
  for (const auto* names : {&calls_of_paths(), &calls_of_descriptors()}) {
    for (const std::string& name : *names) {
      if (name == "close" && closing == Closing::does_not) continue;
      all += (all.empty() ? "" : ",") + name;
    }
  }
  return all;
}

std::vector<std::string> trace_to(const fs::path& trace, const std::string& names) {
  return {"-y", "-o", trace, "-e", "trace=" + names};
}

std::vector<SystemCall> changes_in(const fs::path& trace, const fs::path& root) {
  Reader reader(root.string());
  std::istringstream lines(read_file(trace));
  for (std::string line; std::getline(lines, line);)
    reader.take(line);
  return reader.result();
}

}  // namespace relup::live_tests
