// SPDX-License-Identifier: Apache-2.0
#include "base/shell_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"

namespace relup {
namespace {

constexpr Milliseconds poll_interval{10};
constexpr std::size_t longest_line = 2000;  // bytes
constexpr std::size_t most_lines = 1000;

constexpr std::array<std::string_view, 10> passed_on{
    "PATH=", "HOME=", "USER=", "LOGNAME=", "SHELL=", "LANG=", "LANGUAGE=", "TZ=", "TMPDIR=", "LC_"};

// Frees what posix_spawn(3) has of its own.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
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
  void be_silent() {
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions_, output, "/dev/null", O_WRONLY, 0);
  }
  // None of the three is 0 to 2.
  void talk_over(int input, int output) {
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
  }
  // Whatever we have open, also what a library or our own starter has left open.
  void close_the_rest() {
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// A descriptor that closes itself.
class Descriptor {
 public:
  // Above those of a child, wherever we ourselves were started without some of them.
  explicit Descriptor(int value) : value_(value) {
    if (value_ < 0) throw system_error("start", "/bin/sh", errno);
    if (value_ > STDERR_FILENO) return;
    value_ = ::fcntl(value, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(value);
    if (value_ < 0) throw system_error("start", "/bin/sh", errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const { return value_; }
  void close() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }

 private:
  int value_;
};

std::vector<std::string> clean_environment(const std::vector<std::string>& ours) {
  std::vector<std::string> variables = ours;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view present = *variable;
    const std::string_view name = present.substr(0, present.find('=') + 1);
    const auto begins = [&](std::string_view prefix) { return present.starts_with(prefix); };
    const bool is_replaced = std::any_of(
        ours.begin(), ours.end(), [&](const std::string& each) { return each.starts_with(name); });
    if (!is_replaced && std::any_of(passed_on.begin(), passed_on.end(), begins))
      variables.emplace_back(present);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

pid_t start(const std::string& command, const std::vector<std::string>& environment,
            SpawnSettings& settings) {
  std::vector<std::string> words{"sh", "-c", command};
  std::vector<std::string> variables = clean_environment(environment);
  settings.close_the_rest();
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

// Until it has ended; `pause` is called between two looks.
ShellResult wait_for(pid_t child, Milliseconds patience, Interruption& interruption,
                     const std::function<void()>& pause) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!has_ended(child)) {
    const bool is_late = std::chrono::steady_clock::now() >= deadline;
    if (is_late || interruption.signal()) {
      end_group(child);
      return {is_late ? ShellEnd::timed_out : ShellEnd::interrupted, 0};
    }
    pause();
  }
  const int status = end_group(child);
  if (WIFEXITED(status)) return {ShellEnd::exited, WEXITSTATUS(status)};
  return {ShellEnd::killed, WTERMSIG(status)};
}

// What has to be read lies in memory: a pipe would have to be filled while the command runs.
int readable_memory(std::string_view bytes) {
  const int memory = ::memfd_create("input", MFD_CLOEXEC);
  while (memory >= 0 && !bytes.empty()) {
    const ssize_t written = ::write(memory, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) {
      ::close(memory);
      return -1;
    }
  }
  if (memory >= 0) ::lseek(memory, 0, SEEK_SET);
  return memory;
}

// Bytes as they come, told line by line.
class Lines {
 public:
  Lines(int source, const TellLine& tell) : source_(source), tell_(tell) {}

  // Waits a moment for the first of them.
  void read_on() {
    pollfd readable{source_, POLLIN, 0};
    const int ready = ::poll(&readable, 1, static_cast<int>(poll_interval.count()));
    // Who has closed its outputs may run on.
    if (ready > 0 && !read_what_is_there()) std::this_thread::sleep_for(poll_interval);
  }
  void end() {
    read_what_is_there();
    if (!line_.empty()) tell();
  }

 private:
  // False if nothing was. Who prints without end must not keep us from looking at the clock.
  bool read_what_is_there() {
    constexpr int most_at_once = 64;
    std::array<char, 4096> room{};
    bool has_come = false;
    for (int i = 0; i < most_at_once; ++i) {
      const ssize_t count = ::read(source_, room.data(), room.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return has_come;
      has_come = true;
      std::for_each_n(room.begin(), count, [this](char each) { take(each); });
    }
    return true;
  }
  void take(char byte) {
    if (byte == '\n') return tell();
    if (line_.size() < longest_line) line_ += byte;
  }
  void tell() {
    if (++told_ <= most_lines) tell_(line_);
    if (told_ == most_lines + 1) tell_("(more lines came and are not shown)");
    line_.clear();
  }

  int source_;
  const TellLine& tell_;
  std::string line_;
  std::size_t told_ = 0;
};

}  // namespace

ShellResult run_shell(const std::string& command, const std::vector<std::string>& environment,
                      Milliseconds patience, Interruption& interruption) {
  SpawnSettings settings;
  settings.be_silent();
  const pid_t child = start(command, environment, settings);
  return wait_for(child, patience, interruption,
                  [] { std::this_thread::sleep_for(poll_interval); });
}

ShellResult run_shell_aloud(const ShellCall& call, const TellLine& tell,
                            Interruption& interruption) {
  const Descriptor input(readable_memory(call.input));
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("start", "/bin/sh", errno);
  const Descriptor from_child(ends[0]);
  Descriptor of_child(ends[1]);
  ::fcntl(from_child.get(), F_SETFL, O_NONBLOCK);
  SpawnSettings settings;
  settings.talk_over(input.get(), of_child.get());
  const pid_t child = start(call.command, call.environment, settings);
  of_child.close();
  Lines lines(from_child.get(), tell);
  const ShellResult result =
      wait_for(child, call.patience, interruption, [&lines] { lines.read_on(); });
  lines.end();
  return result;
}

}  // namespace relup
