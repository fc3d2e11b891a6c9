// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clients of a web server on loopback: WebSockets that stay (RFC 6455, texts of up to 125 bytes),
// and one HTTP request on a connection of its own. A peer that closes, answers something else, or
// is silent for too long throws std::runtime_error.

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "loopback.hpp"

namespace relup::live_tests {

class WebSocket {
 public:
  WebSocket(std::uint16_t port, const std::string& path);

  void send(const std::string& text);
  std::string receive(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  Fd socket_;
  std::string input_;
};

// A GET on a connection of its own, and the body of the answer.
class HttpRequest {
 public:
  HttpRequest(std::uint16_t port, const std::string& path);
  std::string answer(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  Fd socket_;
  std::string input_;
};

// A crowd of WebSockets that ask without a break, round by round: every one of them sends a text of
// its own, and then takes its answer, which must be that text and how many texts this socket has
// sent by now. In each round one visitor more comes over a connection of its own.
class SocketCrowd {
 public:
  SocketCrowd(std::uint16_t port, std::size_t sockets);
  ~SocketCrowd() { stop(); }
  SocketCrowd(const SocketCrowd&) = delete;
  SocketCrowd& operator=(const SocketCrowd&) = delete;

  struct Report {
    std::size_t rounds = 0;
    std::size_t answered = 0;
    std::vector<std::string> lost;      // sockets, each with why
    std::vector<std::string> unserved;  // visitors, the same
    std::chrono::milliseconds longest_round{0};
  };
  // Ends the talk; all that happened.
  Report stop();
  // Returns when another round has begun and ended.
  void go_round();

 private:
  void talk();
  void ask(const std::string& text);
  void receive(std::size_t at, const std::string& right);
  void visit();

  std::uint16_t port_;
  std::vector<std::unique_ptr<WebSocket>> sockets_;  // null when lost
  Report report_;
  std::atomic<std::size_t> rounds_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::thread thread_;
};

}  // namespace relup::live_tests
