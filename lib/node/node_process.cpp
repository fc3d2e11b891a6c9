// SPDX-License-Identifier: Apache-2.0
#include "node/node_process.hpp"

// The launcher of the emulator (erlexec) puts `-root DIR` into every command line, and DIR is the
// release root when the release brings its own ERTS. Where it uses the system's, the boot file or
// the configuration lie in the release; and the start scripts of releases export RELEASE_ROOT.
// A process may name the root otherwise than we do, by a link or in a container. So the folders
// that it names are looked up as it sees them (/proc/PID/root), and compared by their identity.

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

// What a process says of the files that it was started with.
std::vector<std::string> named_paths(const NodeProcess& process) {
  std::vector<std::string> paths = process.flags.paths;
  paths.push_back(process.flags.root);
  const auto release_root = process.environment.find("RELEASE_ROOT");
  if (release_root != process.environment.end()) paths.push_back(release_root->second);
  return paths;
}

// A release root that a path lies in: what stands before `releases`.
std::string root_in(const std::string& path) {
  const std::size_t releases = path.rfind("/releases/");
  return releases == std::string::npos ? path : path.substr(0, releases);
}

std::optional<FileIdentity> identity_of(FileSystem& files, const std::string& path) {
  try {
    const std::optional<FileInfo> info = files.info(path);
    return info ? std::optional(info->identity) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool belongs_to(FileSystem& files, const std::string& proc, const NodeProcess& process,
                const std::string& root) {
  const std::vector<std::string> paths = named_paths(process);
  if (std::any_of(paths.begin(), paths.end(),
                  [&root](const std::string& path) { return lies_in(path, root); }))
    return true;
  const std::optional<FileIdentity> ours = identity_of(files, root);
  const std::string its_files = join_path(join_path(proc, process.pid), "root");
  return ours && std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
           return path.starts_with("/") && identity_of(files, its_files + root_in(path)) == ours;
         });
}

// The start script of relx makes the emulator's first argument its own name; the kernel knows
// better.
bool is_emulator(FileSystem& files, const std::string& directory, const std::string& first_word) {
  return base_name(first_word).starts_with("beam") ||
         read_or_nothing(files, join_path(directory, "comm")).starts_with("beam");
}

std::string link_in(FileSystem& files, const std::string& process, const std::string& name) {
  try {
    return files.read_link(join_path(process, name));
  } catch (const Error&) {
    return "";
  }
}

// "NSpid: 4711 17 1" has the numbers from our namespace to that of the process; see proc(5).
std::string innermost_pid(FileSystem& files, const std::string& process) {
  std::istringstream lines(read_or_nothing(files, join_path(process, "status")));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("NSpid:")) return line.substr(line.find_last_of(" \t") + 1);
  }
  return "";
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
    if (!process.flags.is_visitor && belongs_to(files, proc, process, root))
      found.push_back(std::move(process));
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

std::string pid_on_host(FileSystem& files, const std::string& proc, const std::string& pid,
                        const std::string& pid_namespace) {
  const std::string ours = link_in(files, join_path(proc, "self"), "ns/pid");
  if (ours.empty() || pid_namespace.empty() || pid_namespace == ours) return pid;
  for (const DirectoryEntry& entry : files.list(proc)) {
    if (!is_number(entry.name)) continue;
    const std::string process = join_path(proc, entry.name);
    if (link_in(files, process, "ns/pid") == pid_namespace && innermost_pid(files, process) == pid)
      return entry.name;
  }
  return "";
}

bool is_in_other_network(FileSystem& files, const std::string& proc, const std::string& pid) {
  const std::string its = link_in(files, join_path(proc, pid), "ns/net");
  const std::string ours = link_in(files, join_path(proc, "self"), "ns/net");
  return !its.empty() && !ours.empty() && its != ours;
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
