// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clients of a tally server, to see what an upgrade does to them. Client K sends `hit cK`,
// awaits the answer, and sends the next when the interval has passed. Its count must grow by
// exactly one each time: an upgrade that loses a hit or counts one twice shows as a wrong answer. A
// client whose connection ends, or who gets no answer for too long, is lost and does not come back.
// All of this is reported, never thrown; only start() throws, std::system_error, when a client
// cannot connect.
//
// One thread serves all clients. The generator itself may be used by several threads.

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace relup::live_tests {

struct LoadOptions {
  std::uint16_t port = 0;
  std::size_t clients = 50;
  std::chrono::milliseconds interval{10};
  std::chrono::milliseconds patience{5000};  // with one answer
  std::chrono::milliseconds limit{300'000};  // the load ends by itself after this time
  std::string names = "c";                   // of what is hit: this and the client's number
};

struct LoadReport {
  std::uint64_t answered = 0;
  std::uint64_t lost_connections = 0;
  std::uint64_t wrong_answers = 0;
  std::chrono::microseconds p50{0};
  std::chrono::microseconds p99{0};
  std::chrono::microseconds longest{0};
  std::vector<std::string> failures;  // the first few of those that were counted, told
};

std::ostream& operator<<(std::ostream& out, const LoadReport& report);

class LoadGenerator {
 public:
  explicit LoadGenerator(LoadOptions options);
  ~LoadGenerator();

  // Connects all clients and begins. Once only.
  void start();

  // Ends the load, after the answers that are still awaited have come or been given up, and reports
  // on all of it.
  LoadReport stop();

  // What happened since start().
  LoadReport snapshot() const;

  // What happened since the last call, or since start(): the report of one phase. An answer that is
  // still awaited counts for `longest` with the time it has taken so far.
  LoadReport end_phase();

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace relup::live_tests
