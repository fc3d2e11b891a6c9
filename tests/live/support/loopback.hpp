// SPDX-License-Identifier: Apache-2.0
#pragma once

// TCP on 127.0.0.1, as far as tests of live nodes need it: free ports, connections, and one
// question with one answer. Nothing here leaves the loopback interface. Failures of the operating
// system throw std::system_error; a peer that is silent for too long throws std::runtime_error.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace relup::live_tests {

// Owns a file descriptor and closes it.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return number_; }
  void reset() noexcept;

 private:
  int number_ = -1;
};

// A port that nobody listened on just now. Another process may take it before the caller does.
std::uint16_t free_port();

// A connected socket, closed on exec.
Fd connect_loopback(std::uint16_t port);

// Whether somebody accepts connections on `port`.
bool accepts_connections(std::uint16_t port);

// Of a client that stays. Asks one line at a time and returns the one line that comes back,
// both without their ends.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(connect_loopback(port)) {}

  std::string ask(const std::string& line,
                  std::chrono::milliseconds patience = std::chrono::seconds(5));
  // The two halves of ask().
  void send(const std::string& line);
  std::string receive(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  Fd socket_;
  std::string input_;
};

// One question on a connection of its own.
inline std::string ask(std::uint16_t port, const std::string& line,
                       std::chrono::milliseconds patience = std::chrono::seconds(5)) {
  return Connection(port).ask(line, patience);
}

}  // namespace relup::live_tests
