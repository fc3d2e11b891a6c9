// SPDX-License-Identifier: Apache-2.0
#pragma once

// A crowd of workers on a node of tally, of a module that the releases 1.0.0 and 1.1.0 have in
// different shapes. A worker holds the state {old, N} or {new, N}, as the init/1 made it that it
// ran, and code_change/3 makes the one from the other; it answers to `tag` with what it holds, and
// what it should hold when that is something else. Half of what an engine can do wrong is seen by
// counting.

#include <cstdint>
#include <memory>
#include <string>

#include "build_machine.hpp"
#include "node/node_channel.hpp"

namespace relup::live_tests {

// Releases of tally with a crowd in them. `on_change` is Erlang that code_change/3 of 1.1.0 begins
// with, "timer:sleep(1)," for one that waits. Built once per process for each of them.
BuildMachine& crowd_builds(const Tools& tools, const std::string& on_change = "");

// Where the workers stand: below a supervisor of tally, or in no tree at all.
enum class Place { supervised, alone };

class Crowd {
 public:
  // The channel must outlive the object.
  explicit Crowd(node::NodeChannel& node) : node_(node) {}

  void populate(std::int64_t count, Place place);
  // Begins to start workers, one each millisecond.
  void begin_births(std::int64_t count, Place place);
  void wait_for_the_last_birth();
  // Begins to start workers, one each 5 ms, each of which is so long in its init, until that is
  // ended.
  void begin_slow_births(Milliseconds time);
  void end_births();
  // One of them does not take a message for so long.
  void keep_one_busy(Milliseconds time);

  // Another tool on the node looks at processes that begin.
  void trace_births();

  // "{OLD,NEW,ALL}": how many of those who live hold which state, and fit their code.
  std::string shapes();

  // Begins to ask one worker after the other; the longest that one took to answer, in microseconds.
  void begin_questions();
  std::int64_t longest_answer();

 private:
  Term nursery(const char* function, Term::Elements arguments = {});

  node::NodeChannel& node_;
};

}  // namespace relup::live_tests
