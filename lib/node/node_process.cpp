// SPDX-License-Identifier: Apache-2.0
#include "node/node_process.hpp"

// The launcher of the emulator (erlexec) puts `-root DIR` into every command line, and DIR is the
// release root when the release brings its own ERTS. Where it uses the system's, the boot file or
// the configuration lie in the release; and the start scripts of releases export RELEASE_ROOT.

#include <algorithm>
#include <sstream>

#include "base/error.hpp"

namespace relup::node {
namespace {

// The pieces of text that end in a zero byte.
std::vector<std::string> split_zero_ended(const std::string& text) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\0', begin), text.size());
    pieces.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

std::string read_or_nothing(FileSystem& files, const std::string& path) {
  try {
    return files.read_if_exists(path).value_or("");
  } catch (const Error&) {
    return "";
  }
}

std::map<std::string, std::string> parse_environment(const std::string& text) {
  std::map<std::string, std::string> variables;
  for (const std::string& entry : split_zero_ended(text)) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return variables;
}

bool lies_in(const std::string& path, const std::string& root) {
  return path == root || path.starts_with(root + "/");
}

bool belongs_to(const NodeProcess& process, const std::string& root) {
  const NodeFlags& flags = process.flags;
  const auto release_root = process.environment.find("RELEASE_ROOT");
  return lies_in(flags.root, root) ||
         std::any_of(flags.paths.begin(), flags.paths.end(),
                     [&root](const std::string& path) { return lies_in(path, root); }) ||
         (release_root != process.environment.end() && lies_in(release_root->second, root));
}

// The start script of relx makes the emulator's first argument its own name; the kernel knows
// better.
bool is_emulator(FileSystem& files, const std::string& directory, const std::string& first_word) {
  return base_name(first_word).starts_with("beam") ||
         read_or_nothing(files, join_path(directory, "comm")).starts_with("beam");
}

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::vector<NodeProcess> find_node_processes(FileSystem& files, const std::string& proc,
                                             const std::string& root) {
  std::vector<NodeProcess> found;
  if (!files.is_directory(proc)) return found;
  for (const DirectoryEntry& entry : files.list(proc)) {
    if (!is_number(entry.name)) continue;
    const std::string directory = join_path(proc, entry.name);
    const std::vector<std::string> words =
        split_zero_ended(read_or_nothing(files, join_path(directory, "cmdline")));
    if (words.empty() || !is_emulator(files, directory, words.front())) continue;
    NodeProcess process{entry.name, read_flags(words), {}};
    process.environment =
        parse_environment(read_or_nothing(files, join_path(directory, "environ")));
    if (!process.flags.is_visitor && belongs_to(process, root)) found.push_back(std::move(process));
  }
  return found;
}

// "PID (NAME) STATE ...", where NAME may hold anything; see proc(5).
std::optional<ProcessIdentity> identify_process(FileSystem& files, const std::string& proc,
                                                const std::string& pid) {
  constexpr std::size_t field_of_start = 19;  // after the state, which is the first one here
  const std::string text = read_or_nothing(files, join_path(join_path(proc, pid), "stat"));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state;
  std::string started;
  fields >> state;
  for (std::size_t field = 0; field < field_of_start; ++field)
    fields >> started;
  if (!fields || state == "Z" || state == "X") return std::nullopt;
  return ProcessIdentity{pid, started};
}

// It is started as `heart -ht SECONDS -pid PID`.
bool has_heart(FileSystem& files, const std::string& proc, const std::string& pid) {
  if (!files.is_directory(proc)) return false;
  for (const DirectoryEntry& entry : files.list(proc)) {
    if (!is_number(entry.name)) continue;
    const std::vector<std::string> words =
        split_zero_ended(read_or_nothing(files, join_path(join_path(proc, entry.name), "cmdline")));
    if (words.empty() || base_name(words.front()) != "heart") continue;
    const auto flag = std::find(words.begin(), words.end(), "-pid");
    if (flag != words.end() && flag + 1 != words.end() && *(flag + 1) == pid) return true;
  }
  return false;
}

}  // namespace relup::node
