// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"

namespace relup::bench {
namespace {

Milliseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

pid_t start_child() {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw system_error("start", "a child process", errno);
  return child;
}

// The alarm outlives exec, and a program that does not know of it is ended by it.
[[noreturn]] void become(const std::vector<char*>& arguments, std::chrono::seconds limit) {
  const int nowhere = ::open("/dev/null", O_RDWR);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
  }
  ::alarm(static_cast<unsigned>(limit.count()));
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

rusage wait_for(pid_t child, const std::string& what) {
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) throw system_error("wait for", what, errno);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return usage;
  throw Error(ErrorCode::unavailable,
              WIFSIGNALED(status)
                  ? what + " was ended by signal " + std::to_string(WTERMSIG(status))
                  : what + " ended with " + std::to_string(WEXITSTATUS(status)));
}

}  // namespace

Measurement run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  std::vector<std::string> copies = arguments;
  std::vector<char*> pointers;
  for (std::string& argument : copies)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = start_child();
  if (child == 0) become(pointers, limit);
  const rusage usage = wait_for(child, arguments.front());
  Measurement measured;
  measured.wall = std::chrono::steady_clock::now() - begin;
  measured.processor = duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
  measured.peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return measured;
}

std::string first_line_of(const std::string& shell_command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(shell_command.c_str(), "r"), ::pclose);
  std::array<char, 4096> line{};
  if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "";
  const std::string text(line.data());
  return text.substr(0, text.find('\n'));
}

void in_child_process(const std::function<void()>& work) {
  const pid_t child = start_child();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception& fault) {
      std::fprintf(stderr, "relup_bench: %s\n", fault.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  wait_for(child, "making the input");
}

}  // namespace relup::bench
