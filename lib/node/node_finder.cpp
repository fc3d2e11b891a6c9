// SPDX-License-Identifier: Apache-2.0
#include "node/node_finder.hpp"

#include <array>

#include <unistd.h>

#include "base/error.hpp"
#include "base/words.hpp"
#include "node/arguments.hpp"
#include "node/node_process.hpp"

namespace relup::node {
namespace {

struct Found {
  std::string value;
  std::string origin;
};

std::string trimmed(const std::string& text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// Some start scripts fill in `${VAR}` only when they start the node.
bool is_unfilled(const std::string& value) {
  return value.find("${") != std::string::npos;
}

class Finder {
 public:
  Finder(const FinderRequest& request, const Machine& machine)
      : request_(request), machine_(machine), files_(machine.files) {}

  NodeAddress find();

 private:
  void read_arguments_file();
  void choose_process(const std::vector<NodeProcess>& processes);
  void find_name();
  void find_cookie();
  void find_port();
  Found name_with_origin();
  std::optional<Found> cookie_with_origin();
  std::optional<Found> cookie_of_process() const;
  std::optional<Found> cookie_of_arguments_file();
  std::optional<Found> cookie_file(const std::string& path);
  std::optional<Found> cookie_of_home(const std::string& home);
  void set_hosts(bool has_to_be_local);
  bool is_this_host(const std::string& host) const;
  std::string short_host_name() const;
  std::optional<std::string> variable(const std::string& name) const;

  const FinderRequest& request_;
  const Machine& machine_;
  FileSystem& files_;
  NodeFlags arguments_;         // of vm.args
  std::string arguments_path_;  // empty: there is none
  std::vector<NodeProcess> processes_;
  std::optional<NodeProcess> process_;  // the emulator of the node we want
  std::vector<std::string> tried_;      // what was looked at in vain
  NodeAddress address_;
};

NodeAddress Finder::find() {
  read_arguments_file();
  processes_ = find_node_processes(files_, machine_.proc, request_.root);
  find_name();
  find_cookie();
  find_port();
  return std::move(address_);
}

void Finder::read_arguments_file() {
  const std::string directory = join_path(join_path(request_.root, "releases"), request_.version);
  for (const char* name : {"vm.args", "vm.args.src"}) {
    const std::string path = join_path(directory, name);
    const std::optional<std::string> text = files_.read_if_exists(path);
    if (!text) continue;
    arguments_ = read_flags(split_arguments(*text));
    arguments_path_ = path;
    return;
  }
}

std::optional<std::string> Finder::variable(const std::string& name) const {
  const auto found = machine_.environment.find(name);
  if (found == machine_.environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string Finder::short_host_name() const {
  return machine_.host_name.substr(0, machine_.host_name.find('.'));
}

bool Finder::is_this_host(const std::string& host) const {
  return host == machine_.host_name || host == short_host_name() || host == "localhost" ||
         host.starts_with("127.");
}

// The emulator that runs under the alive name we want.
void Finder::choose_process(const std::vector<NodeProcess>& processes) {
  for (const NodeProcess& process : processes) {
    const std::string alive = alive_part(process.flags.name.value_or(""));
    if (alive == alive_part(address_.name)) process_ = process;
  }
}

Found Finder::name_with_origin() {
  if (request_.node) return {*request_.node, "--node"};
  if (const auto node = variable("RELEASE_NODE")) return {*node, "$RELEASE_NODE"};
  std::vector<NodeProcess> named;
  std::vector<std::string> names;
  for (const NodeProcess& process : processes_) {
    if (!process.flags.name) {
      tried_.push_back("process " + process.pid + " runs without -sname or -name");
      continue;
    }
    named.push_back(process);
    names.push_back(*process.flags.name + " (process " + process.pid + ")");
  }
  if (named.size() > 1) {
    throw Error(ErrorCode::usage,
                "several nodes run from " + request_.root + ": " + joined(names, "; "))
        .with_hint("name one of them with --node");
  }
  if (!named.empty()) {
    return {*named.front().flags.name, "command line of process " + named.front().pid};
  }
  if (processes_.empty()) tried_.push_back("no emulator runs from " + request_.root);
  if (arguments_path_.empty()) {
    tried_.push_back("no vm.args in releases/" + request_.version);
  } else if (!arguments_.name) {
    tried_.push_back(arguments_path_ + " has no -sname and no -name");
  } else if (is_unfilled(*arguments_.name)) {
    tried_.push_back(arguments_path_ + " has the name " + *arguments_.name +
                     ", which is filled in when the node starts");
  } else {
    return {*arguments_.name, arguments_path_};
  }
  throw Error(ErrorCode::usage,
              "cannot tell the name of the node of " + request_.root + ": " + joined(tried_, "; "))
      .with_hint("start the node with -sname or -name, or name it with --node");
}

void Finder::find_name() {
  const Found found = name_with_origin();
  address_.name = found.value;
  address_.name_origin = found.origin;
  choose_process(processes_);
  if (process_) {
    address_.pid = process_->pid;
    address_.is_in_other_network = is_in_other_network(files_, machine_.proc, process_->pid);
  }
  const bool from_outside = request_.node || variable("RELEASE_NODE");
  if (address_.name.find('@') == std::string::npos) {
    const bool is_long = !from_outside && process_
                             ? process_->flags.name_kind == NameKind::long_name
                             : !from_outside && arguments_.name_kind == NameKind::long_name;
    address_.name += "@" + (is_long ? machine_.host_name : short_host_name());
  }
  set_hosts(!from_outside || process_.has_value());
}

void Finder::set_hosts(bool has_to_be_local) {
  const std::string host = address_.name.substr(address_.name.find('@') + 1);
  if (host.empty() || alive_part(address_.name).empty()) {
    throw Error(ErrorCode::usage, "\"" + address_.name + "\" is no node name (from " +
                                      address_.name_origin + "); it must be like shop@host");
  }
  address_.hosts.push_back(host);
  const bool local = has_to_be_local || is_this_host(host);
  if (local && host != "127.0.0.1") address_.hosts.push_back("127.0.0.1");
}

void Finder::find_cookie() {
  tried_.clear();
  const std::optional<Found> found = cookie_with_origin();
  if (!found) {
    throw Error(ErrorCode::usage,
                "no cookie for the node " + address_.name + ": " + joined(tried_, "; "))
        .with_hint("name the file that holds it with --cookie-file");
  }
  address_.cookie = Cookie(found->value);
  address_.cookie_origin = found->origin;
}

std::optional<Found> Finder::cookie_with_origin() {
  if (request_.cookie_file) {
    if (!files_.is_file(*request_.cookie_file)) {
      throw Error(ErrorCode::usage, "--cookie-file " + *request_.cookie_file + ": no such file");
    }
    return cookie_file(*request_.cookie_file);
  }
  if (const auto cookie = variable("RELEASE_COOKIE")) return Found{*cookie, "$RELEASE_COOKIE"};
  std::optional<Found> found = cookie_of_process();
  if (!found) found = cookie_of_arguments_file();
  if (!found) found = cookie_file(join_path(request_.root, "releases/COOKIE"));
  if (!found && process_) found = cookie_of_home(process_->flags.home);
  if (!found) found = cookie_of_home(variable("HOME").value_or(""));
  return found;
}

std::optional<Found> Finder::cookie_of_process() const {
  if (!process_) return std::nullopt;
  if (process_->flags.cookie) {
    return Found{*process_->flags.cookie, "command line of process " + process_->pid};
  }
  const auto variable = process_->environment.find("RELEASE_COOKIE");
  if (variable == process_->environment.end() || variable->second.empty()) return std::nullopt;
  return Found{variable->second, "$RELEASE_COOKIE of process " + process_->pid};
}

std::optional<Found> Finder::cookie_of_arguments_file() {
  if (!arguments_.cookie) return std::nullopt;
  if (!is_unfilled(*arguments_.cookie)) return Found{*arguments_.cookie, arguments_path_};
  tried_.push_back(arguments_path_ + " has a cookie that is filled in when the node starts");
  return std::nullopt;
}

std::optional<Found> Finder::cookie_file(const std::string& path) {
  try {
    const std::optional<std::string> text = files_.read_if_exists(path);
    if (!text || trimmed(*text).empty()) {
      tried_.push_back(path + (text ? " is empty" : " does not exist"));
      return std::nullopt;
    }
    const std::optional<FileInfo> info = files_.info(path);
    if (info && (info->mode & 077U) != 0) {
      address_.warnings.push_back("the cookie file " + path +
                                  " is open to others than its owner; its mode should be 0400");
    }
    return Found{trimmed(*text), path};
  } catch (const Error& error) {
    if (request_.cookie_file) throw;
    tried_.push_back(error.message());
    return std::nullopt;
  }
}

// OTP 25 and later look below .config as well (auth.erl).
std::optional<Found> Finder::cookie_of_home(const std::string& home) {
  if (home.empty()) return std::nullopt;
  std::optional<Found> found = cookie_file(join_path(home, ".erlang.cookie"));
  if (!found) found = cookie_file(join_path(home, ".config/erlang/.erlang.cookie"));
  return found;
}

void Finder::find_port() {
  if (process_) {
    const std::string origin = "process " + process_->pid;
    const NodeFlags& flags = process_->flags;
    const auto port = process_->environment.find("ERL_EPMD_PORT");
    std::optional<std::uint16_t> epmd = flags.epmd_port;
    if (!epmd && port != process_->environment.end()) epmd = parse_port(port->second);
    address_.distribution_port = flags.distribution_port;
    if (epmd) address_.epmd_port = *epmd;
    if (epmd || flags.distribution_port) {
      address_.port_origin = origin;
      return;
    }
  } else if (arguments_.distribution_port && address_.name_origin == arguments_path_) {
    address_.distribution_port = arguments_.distribution_port;
    address_.port_origin = arguments_path_;
    return;
  }
  address_.port_origin = "default";
  const auto port = variable("ERL_EPMD_PORT");
  if (!port) return;
  const std::optional<std::uint16_t> number = parse_port(*port);
  if (!number) {
    throw Error(ErrorCode::usage, "ERL_EPMD_PORT must be a port number, not \"" + *port + "\"");
  }
  address_.epmd_port = *number;
  address_.port_origin = "$ERL_EPMD_PORT";
}

}  // namespace

Machine this_machine(FileSystem& files) {
  Machine machine{.files = files};
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) continue;
    machine.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) machine.host_name = name.data();
  return machine;
}

NodeAddress find_node(const FinderRequest& request, const Machine& machine) {
  return Finder(request, machine).find();
}

}  // namespace relup::node
