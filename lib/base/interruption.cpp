// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <unistd.h>

namespace relup {
namespace {

std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a handler may touch nothing else");

void note(int signal) {
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
}

void take_over(int signal, void (*handler)(int)) {
  struct sigaction present {};
  ::sigaction(signal, nullptr, &present);
  if (present.sa_handler == SIG_IGN) return;
  struct sigaction wanted {};
  wanted.sa_handler = handler;
  ::sigaction(signal, &wanted, nullptr);
}

// A pipe tells its writer when the last reader has gone, a terminal when it was hung up, both
// before anything is written. An output that was closed by our starter is nobody's loss.
bool has_lost_reader() {
  std::array outputs{pollfd{STDOUT_FILENO, 0, 0}, pollfd{STDERR_FILENO, 0, 0}};
  if (::poll(outputs.data(), outputs.size(), 0) <= 0) return false;
  for (const pollfd& output : outputs) {
    if ((output.revents & (POLLERR | POLLHUP)) != 0) return true;
  }
  return false;
}

class ProcessInterruption final : public Interruption {
 public:
  ProcessInterruption() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      take_over(signal, note);
    take_over(SIGPIPE, SIG_IGN);
  }
  std::optional<int> signal() override {
    if (first_signal == 0 && has_lost_reader()) note(SIGPIPE);
    const int signal = first_signal;
    if (signal == 0) return std::nullopt;
    return signal;
  }
};

class NoInterruption final : public Interruption {
 public:
  std::optional<int> signal() override { return std::nullopt; }
};

}  // namespace

Interruption& no_interruption() {
  static NoInterruption none;
  return none;
}

Interruption& interruption_of_process() {
  static ProcessInterruption interruption;
  return interruption;
}

std::string interruption_text(int signal) {
  if (signal == SIGPIPE) return "nobody reads the output any more";
  const char* name = ::sigabbrev_np(signal);
  return "interrupted (" +
         (name == nullptr ? "signal " + std::to_string(signal) : "SIG" + std::string(name)) + ")";
}

Interrupted::Interrupted(int signal, const std::string& message)
    : Error(ErrorCode::interrupted, interruption_text(signal) + "; " + message), signal_(signal) {}

}  // namespace relup
