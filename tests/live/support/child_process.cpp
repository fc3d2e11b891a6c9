// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopback.hpp"

namespace relup::live_tests {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(int code, const std::string& what) {
  throw std::system_error(code, std::generic_category(), what);
}

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

std::vector<std::string> merged_environment(const std::vector<std::string>& ours) {
  std::vector<std::string> merged;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const bool replaced = std::any_of(ours.begin(), ours.end(), [&](const std::string& own) {
      return name_of(own) == name_of(*variable);
    });
    if (!replaced) merged.emplace_back(*variable);
  }
  std::copy_if(ours.begin(), ours.end(), std::back_inserter(merged),
               [](const std::string& own) { return own.find('=') != std::string::npos; });
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// All that the child needs between fork and exec, made before: other threads may hold the heap
// then.
struct Launch {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const char* directory;
  int input;
  int output;
  int errors;
  int report;  // errno goes here when exec fails; exec closes it otherwise
  pid_t parent;
};

[[noreturn]] void become(const Launch& launch) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const bool ready = ::dup2(launch.input, STDIN_FILENO) >= 0 &&
                     ::dup2(launch.output, STDOUT_FILENO) >= 0 &&
                     ::dup2(launch.errors, STDERR_FILENO) >= 0 &&
                     (*launch.directory == '\0' || ::chdir(launch.directory) == 0);
  if (ready) ::execvpe(launch.arguments[0], launch.arguments.data(), launch.environment.data());
  const int code = errno;
  [[maybe_unused]] const ssize_t written = ::write(launch.report, &code, sizeof(code));
  ::_exit(127);
}

Fd open_file(const std::filesystem::path& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (number < 0) fail(errno, path.string());
  return Fd(number);
}

int exit_code(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(command.environment);
  const std::string directory = command.directory.string();
  const Fd input = open_file("/dev/null", O_RDONLY);
  const Fd output = open_file(command.output, O_WRONLY | O_CREAT | O_APPEND);
  const Fd errors = open_file(command.errors.empty() ? command.output : command.errors,
                              O_WRONLY | O_CREAT | O_APPEND);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(errno, "pipe");
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const Launch launch{pointers(arguments), pointers(environment), directory.c_str(), input.get(),
                      output.get(),        errors.get(),          write_end.get(),   ::getpid()};

  pid_ = ::fork();
  if (pid_ < 0) fail(errno, "fork");
  if (pid_ == 0) become(launch);

  write_end.reset();
  int code = 0;
  if (::read(read_end.get(), &code, sizeof(code)) == sizeof(code)) {
    reap();
    fail(code, "cannot start " + arguments.front());
  }
}

ChildProcess::~ChildProcess() {
  if (!ended_) kill();
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!ended_) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (info.si_pid == pid_) {
      reap();
    } else if (Clock::now() >= deadline) {
      return std::nullopt;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return ended_;
}

int ChildProcess::stop(std::chrono::milliseconds grace) {
  if (ended_) return *ended_;
  ::kill(pid_, SIGTERM);
  const auto ended = wait(grace);
  return ended ? *ended : kill();
}

int ChildProcess::kill() {
  if (ended_) return *ended_;
  ::kill(pid_, SIGKILL);
  return reap();
}

// Until it is waited for, a dead child keeps its number, and with it the number of the group:
// whoever is left in there can be killed without hitting a stranger.
int ChildProcess::reap() {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  ::kill(-pid_, SIGKILL);
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED);
  ended_ = exit_code(info);
  return *ended_;
}

void send_signal(pid_t child, int signal) {
  ::kill(child, signal);
  if (signal != SIGSTOP) return;
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child), &info, WSTOPPED | WEXITED | WNOWAIT);
}

void shell(const std::string& script, const std::filesystem::path& directory) {
  const std::filesystem::path log = directory.string() + ".log";
  ChildProcess process({{"sh", "-exc", script}, {}, directory, log});
  if (process.wait(std::chrono::minutes(1)) != 0) throw std::runtime_error(tail(log));
  std::filesystem::remove(log);
}

std::string tail(const std::filesystem::path& file, std::size_t size) {
  std::ifstream input(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(input), {}};
  return text.size() <= size ? text : "..." + text.substr(text.size() - size);
}

}  // namespace relup::live_tests
