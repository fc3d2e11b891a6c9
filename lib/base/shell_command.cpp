// SPDX-License-Identifier: Apache-2.0
#include "base/shell_command.hpp"

#include <cerrno>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace relup {
namespace {

constexpr Milliseconds poll_interval{10};

// Frees what posix_spawn(3) has of its own.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions_, output, "/dev/null", O_WRONLY, 0);
    sigset_t ours;
    ::sigemptyset(&ours);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
      ::sigaddset(&ours, signal);
    ::posix_spawnattr_setsigdefault(&attributes_, &ours);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> merged_environment(const std::vector<std::string>& ours) {
  std::vector<std::string> merged = ours;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view present = *variable;
    const std::string_view name = present.substr(0, present.find('=') + 1);
    bool is_replaced = false;
    for (const std::string& each : ours)
      is_replaced = is_replaced || each.starts_with(name);
    if (!is_replaced) merged.emplace_back(present);
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

pid_t start(const std::string& command, const std::vector<std::string>& environment) {
  std::vector<std::string> words{"sh", "-c", command};
  std::vector<std::string> variables = merged_environment(environment);
  const SpawnSettings settings;
  pid_t child = -1;
  const int failure = ::posix_spawn(&child, "/bin/sh", settings.actions(), settings.attributes(),
                                    pointers(words).data(), pointers(variables).data());
  if (failure != 0) throw system_error("start", "/bin/sh", failure);
  return child;
}

// Until it is waited for, a dead child keeps its number, and with it the number of its group.
int end_group(pid_t child) {
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

bool has_ended(pid_t child) {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == child;
}

}  // namespace

ShellResult run_shell(const std::string& command, const std::vector<std::string>& environment,
                      Milliseconds patience, Interruption& interruption) {
  const pid_t child = start(command, environment);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!has_ended(child)) {
    const bool is_late = std::chrono::steady_clock::now() >= deadline;
    if (is_late || interruption.signal()) {
      end_group(child);
      return {is_late ? ShellEnd::timed_out : ShellEnd::interrupted, 0};
    }
    std::this_thread::sleep_for(poll_interval);
  }
  const int status = end_group(child);
  if (WIFEXITED(status)) return {ShellEnd::exited, WEXITSTATUS(status)};
  return {ShellEnd::killed, WTERMSIG(status)};
}

}  // namespace relup
