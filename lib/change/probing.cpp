// SPDX-License-Identifier: Apache-2.0
#include "change/probing.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds patience{10'000};
constexpr Milliseconds interval{1'000};

std::string how_it_ended(const ShellResult& result) {
  switch (result.end) {
    case ShellEnd::killed:
      return "it was killed by signal " + std::to_string(result.number);
    case ShellEnd::timed_out:
      return "it did not end within " + std::to_string(patience.count() / 1000) + " s";
    default:
      return "it ended with " + std::to_string(result.number);
  }
}

}  // namespace

void Probing::ask() {
  for (const std::string& command : probes_.commands)
    run(command);
  for (const live::ProbeFunction& function : probes_.functions)
    call(function);
  next_ = tools_.clock.steady() + interval;
}

void Probing::ask_now_and_then() {
  if (tools_.clock.steady() >= next_) ask();
}

void Probing::call(const live::ProbeFunction& function) {
  const Term probe = session_.agent().begin_probe(function, patience);
  live::AgentVerbs::ProbeAnswer answer{true, std::nullopt};
  while (answer.is_running && !tools_.interruption.signal())
    answer = session_.agent().probe_answer(probe);
  if (!answer.failure) return;
  throw ProbeFailed(ErrorCode::answer_is_no, "the probe " + function.module.name() + ":" +
                                                 function.function.name() +
                                                 "/0 does not hold: " + *answer.failure);
}

void Probing::run(const std::string& command) {
  const ShellResult result = tools_.run_shell(
      command, {"RELUP_VERSION=" + version_, "RELUP_NODE=" + session_.channel().node_name()},
      patience);
  if (result.end == ShellEnd::interrupted) return;
  if (result.end == ShellEnd::exited && result.number == 0) return;
  throw ProbeFailed(ErrorCode::answer_is_no,
                    "the probe `" + command + "` does not hold: " + how_it_ended(result));
}

}  // namespace relup::change
