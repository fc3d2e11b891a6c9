// SPDX-License-Identifier: Apache-2.0
#include "cmd/program.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace relup::cmd {
namespace {

constexpr std::chrono::seconds patience{30};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// One output of the program: what we read from, and what it writes to.
class Line {
 public:
  explicit Line(std::optional<int> columns) {
    if (columns) {
      open_terminal(*columns);
      return;
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    ours_ = ends[0];
    theirs_ = ends[1];
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    close_theirs();
    ::close(ours_);
  }

  int ours() const { return ours_; }
  int theirs() const { return theirs_; }
  bool is_open() const { return is_open_; }
  const std::string& text() const { return text_; }
  void close_theirs() {
    if (theirs_ >= 0) ::close(theirs_);
    theirs_ = -1;
  }

  // Takes what is there; at the end the line is open no more.
  void take() {
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(ours_, piece.data(), piece.size());
    if (count > 0) {
      text_.append(piece.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno == EIO) {  // a terminal that nobody writes to any more
      is_open_ = false;
    } else if (errno != EINTR) {
      fail("read");
    }
  }

 private:
  void open_terminal(int columns) {
    winsize size{24, static_cast<unsigned short>(columns), 0, 0};
    if (::openpty(&ours_, &theirs_, nullptr, nullptr, &size) != 0) fail("openpty");
    ::fcntl(ours_, F_SETFD, FD_CLOEXEC);
    ::fcntl(theirs_, F_SETFD, FD_CLOEXEC);
    termios settings{};
    if (::tcgetattr(theirs_, &settings) != 0) fail("tcgetattr");
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // a line end stays \n
    if (::tcsetattr(theirs_, TCSANOW, &settings) != 0) fail("tcsetattr");
  }

  int ours_ = -1;
  int theirs_ = -1;
  bool is_open_ = true;
  std::string text_;
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_of(const Call& call) {
  std::vector<std::string> environment{"LANG=C.UTF-8"};
  for (const char* name : {"PATH", "HOME"}) {
    if (const char* value = std::getenv(name)) {
      environment.push_back(std::string(name) + "=" + value);
    }
  }
  environment.insert(environment.end(), call.environment.begin(), call.environment.end());
  return environment;
}

pid_t start(const Call& call, const Line& output, const Line& messages) {
  std::vector<std::string> arguments = call.arguments;
  arguments.insert(arguments.begin(), RELUP_PROGRAM);
  std::vector<std::string> environment = environment_of(call);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child > 0) return child;
  ::setsid();
  const int input = ::open(call.input.c_str(), O_RDONLY);
  const int results = call.output_is_full ? ::open("/dev/full", O_WRONLY) : output.theirs();
  if (input < 0 || ::dup2(input, STDIN_FILENO) < 0 || ::dup2(results, STDOUT_FILENO) < 0 ||
      ::dup2(messages.theirs(), STDERR_FILENO) < 0 || ::chdir(call.directory.c_str()) != 0) {
    ::_exit(126);
  }
  ::execve(RELUP_PROGRAM, argument_pointers.data(), environment_pointers.data());
  ::_exit(127);
}

// False when `deadline` came first.
bool take_all(Line& output, Line& messages, std::chrono::steady_clock::time_point deadline) {
  while (output.is_open() || messages.is_open()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> waiting{{{output.is_open() ? output.ours() : -1, POLLIN, 0},
                                   {messages.is_open() ? messages.ours() : -1, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) < 0) {
      if (errno == EINTR) continue;
      fail("poll");
    }
    if (waiting[0].revents != 0) output.take();
    if (waiting[1].revents != 0) messages.take();
  }
  return true;
}

int exit_status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Answer run_relup(const Call& call) {
  Line output(call.output_columns);
  Line messages(call.message_columns);
  const pid_t child = start(call, output, messages);
  output.close_theirs();
  messages.close_theirs();
  const bool ended = take_all(output, messages, std::chrono::steady_clock::now() + patience);
  if (!ended) ::kill(child, SIGKILL);
  const int status = exit_status_of(child);
  if (!ended) throw std::runtime_error("relup did not end: " + messages.text());
  return {status, output.text(), messages.text()};
}

}  // namespace relup::cmd
