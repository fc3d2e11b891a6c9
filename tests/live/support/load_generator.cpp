// SPDX-License-Identifier: Apache-2.0
//
// Each client is a small machine: idle until its next request is due, waiting until its answer
// comes or its patience ends, lost for good. The thread polls the sockets of all until the first of
// these times, deals with whoever has something, and writes into the record, the only thing that
// other threads read. Latencies are kept one by one, so that percentiles are exact; a phase is the
// end of that list.
#include "load_generator.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <ostream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "loopback.hpp"

namespace relup::live_tests {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::microseconds;

constexpr std::size_t kFailuresTold = 10;
constexpr auto kNap = std::chrono::milliseconds(50);  // the longest, so that stop() is heard

enum class Phase { idle, waiting, lost };

struct Client {
  Fd socket;
  std::string name;
  Phase phase = Phase::idle;
  Clock::time_point sent{};
  Clock::time_point due{};  // idle: the next request; waiting: the end of patience
  std::uint64_t count = 0;  // as last answered; 0 before the first answer
  std::string input;        // of the answer, as far as it came
};

// What happened, shared with those who ask.
class Record {
 public:
  void answer(Microseconds latency) {
    const std::lock_guard lock(mutex_);
    latencies_.push_back(static_cast<std::uint32_t>(latency.count()));
  }
  void lost(const std::string& what) {
    const std::lock_guard lock(mutex_);
    ++totals_.lost_connections;
    tell(what);
  }
  void wrong(const std::string& what) {
    const std::lock_guard lock(mutex_);
    ++totals_.wrong_answers;
    tell(what);
  }
  // When the oldest answer that is still awaited was asked for.
  void awaiting(Clock::time_point since) {
    const std::lock_guard lock(mutex_);
    awaiting_since_ = since;
  }

  LoadReport all() const {
    const std::lock_guard lock(mutex_);
    return since(LoadReport{});
  }
  LoadReport next_phase() {
    const std::lock_guard lock(mutex_);
    LoadReport report = since(phase_start_);
    if (awaiting_since_ != Clock::time_point::max()) {
      const auto age = std::chrono::duration_cast<Microseconds>(Clock::now() - awaiting_since_);
      report.longest = std::max(report.longest, age);
    }
    phase_start_ = totals_;
    phase_start_.answered = latencies_.size();
    return report;
  }

 private:
  void tell(const std::string& what) {
    if (totals_.failures.size() < kFailuresTold) totals_.failures.push_back(what);
  }
  LoadReport since(const LoadReport& start) const;

  mutable std::mutex mutex_;
  LoadReport totals_;       // of failures; those of answers follow from latencies_
  LoadReport phase_start_;  // the totals then
  std::vector<std::uint32_t> latencies_;
  Clock::time_point awaiting_since_ = Clock::time_point::max();
};

LoadReport Record::since(const LoadReport& start) const {
  LoadReport report;
  report.answered = latencies_.size() - start.answered;
  report.lost_connections = totals_.lost_connections - start.lost_connections;
  report.wrong_answers = totals_.wrong_answers - start.wrong_answers;
  report.failures.assign(
      totals_.failures.begin() + static_cast<std::ptrdiff_t>(start.failures.size()),
      totals_.failures.end());
  std::vector<std::uint32_t> sorted(
      latencies_.begin() + static_cast<std::ptrdiff_t>(start.answered), latencies_.end());
  if (sorted.empty()) return report;
  std::sort(sorted.begin(), sorted.end());
  report.p50 = Microseconds(sorted[sorted.size() / 2]);
  report.p99 = Microseconds(sorted[sorted.size() * 99 / 100]);
  report.longest = Microseconds(sorted.back());
  return report;
}

// The number in "NAME NUMBER", 0 when that is not what `line` says.
std::uint64_t count_in(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || !line.starts_with(name) || line[name.size()] != ' ') return 0;
  line.remove_prefix(name.size() + 1);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), count);
  return error == std::errc{} && end == line.data() + line.size() ? count : 0;
}

}  // namespace

class LoadGenerator::Engine {
 public:
  explicit Engine(LoadOptions options) : options_(std::move(options)) {}
  ~Engine() { join(); }

  void start();
  void join() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Record& record() { return record_; }

 private:
  void run();
  void pass(Clock::time_point now, bool ending);
  void send_request(Client& client);
  void receive(Client& client);
  void take_answer(Client& client, Clock::time_point now);
  void lose(Client& client, const std::string& why);
  Clock::time_point next_due(bool ending) const;
  std::vector<pollfd> sockets() const;
  bool all_quiet() const;

  const LoadOptions options_;
  std::vector<Client> clients_;
  Record record_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void LoadGenerator::Engine::start() {
  const auto begin = Clock::now();
  for (std::size_t k = 0; k < options_.clients; ++k) {
    Client client;
    client.socket = connect_loopback(options_.port);
    client.name = options_.names + std::to_string(k);
    client.due = begin + options_.interval * k / options_.clients;  // not all at the same moment
    clients_.push_back(std::move(client));
  }
  thread_ = std::thread([this] { run(); });
}

void LoadGenerator::Engine::run() {
  const auto end = Clock::now() + options_.limit;
  std::vector<pollfd> waiters;
  for (bool ending = false; !(ending && all_quiet()); ending = stopping_ || Clock::now() >= end) {
    const auto nap =
        std::clamp<Clock::duration>(next_due(ending) - Clock::now(), Clock::duration{0}, kNap);
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(nap).count();
    const timespec timeout{0, static_cast<long>(nanoseconds)};
    waiters = sockets();
    ::ppoll(waiters.data(), waiters.size(), &timeout, nullptr);
    for (std::size_t k = 0; k < clients_.size(); ++k) {
      if (waiters[k].revents != 0) receive(clients_[k]);
    }
    pass(Clock::now(), ending);
  }
}

// Does for each client what is due at `now`. When the load ends, no request follows.
void LoadGenerator::Engine::pass(Clock::time_point now, bool ending) {
  auto oldest = Clock::time_point::max();
  for (Client& client : clients_) {
    if (client.phase == Phase::waiting && now >= client.due) lose(client, "no answer in time");
    if (client.phase == Phase::idle && now >= client.due && !ending) send_request(client);
    if (client.phase == Phase::waiting) oldest = std::min(oldest, client.sent);
  }
  record_.awaiting(oldest);
}

void LoadGenerator::Engine::send_request(Client& client) {
  const std::string request = "hit " + client.name + '\n';
  client.sent = Clock::now();
  client.due = client.sent + options_.patience;
  client.phase = Phase::waiting;
  const ssize_t size =
      ::send(client.socket.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (size != static_cast<ssize_t>(request.size())) lose(client, "request not taken");
}

void LoadGenerator::Engine::receive(Client& client) {
  char buffer[256];
  const ssize_t size = ::recv(client.socket.get(), buffer, sizeof(buffer), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size < 0) return lose(client, std::strerror(errno));
  if (size == 0) return lose(client, "connection closed");
  client.input.append(buffer, static_cast<std::size_t>(size));
  if (client.input.find('\n') != std::string::npos) take_answer(client, Clock::now());
}

void LoadGenerator::Engine::take_answer(Client& client, Clock::time_point now) {
  std::string line = std::exchange(client.input, {});
  line.pop_back();  // its end
  const std::uint64_t count = count_in(line, client.name);
  const bool expected = client.phase == Phase::waiting && count != 0 &&
                        (client.count == 0 || count == client.count + 1);
  if (!expected) {
    record_.wrong(client.name + ": after " + std::to_string(client.count) + " came " + line);
  }
  if (client.phase != Phase::waiting) return;
  record_.answer(std::chrono::duration_cast<Microseconds>(now - client.sent));
  client.count = count;
  client.phase = Phase::idle;
  client.due = std::max(now, client.sent + options_.interval);
}

void LoadGenerator::Engine::lose(Client& client, const std::string& why) {
  client.phase = Phase::lost;
  client.socket.reset();
  record_.lost(client.name + ": " + why);
}

// No later than a nap from now.
Clock::time_point LoadGenerator::Engine::next_due(bool ending) const {
  auto next = Clock::now() + kNap;
  for (const Client& client : clients_) {
    const bool awake = client.phase == Phase::waiting || (client.phase == Phase::idle && !ending);
    if (awake) next = std::min(next, client.due);
  }
  return next;
}

// In the order of the clients; a lost one has descriptor -1, which poll passes over.
std::vector<pollfd> LoadGenerator::Engine::sockets() const {
  std::vector<pollfd> result;
  for (const Client& client : clients_)
    result.push_back({client.socket.get(), POLLIN, 0});
  return result;
}

bool LoadGenerator::Engine::all_quiet() const {
  return std::none_of(clients_.begin(), clients_.end(),
                      [](const Client& client) { return client.phase == Phase::waiting; });
}

LoadGenerator::LoadGenerator(LoadOptions options)
    : engine_(std::make_unique<Engine>(std::move(options))) {}

LoadGenerator::~LoadGenerator() = default;

void LoadGenerator::start() {
  engine_->start();
}

LoadReport LoadGenerator::stop() {
  engine_->join();
  return engine_->record().all();
}

LoadReport LoadGenerator::snapshot() const {
  return engine_->record().all();
}

LoadReport LoadGenerator::end_phase() {
  return engine_->record().next_phase();
}

std::ostream& operator<<(std::ostream& out, const LoadReport& report) {
  const auto milliseconds = [](Microseconds time) {
    return static_cast<double>(time.count()) / 1e3;
  };
  out << report.answered << " answers, " << report.lost_connections << " connections lost, "
      << report.wrong_answers << " wrong answers; p50 " << milliseconds(report.p50) << " ms, p99 "
      << milliseconds(report.p99) << " ms, longest " << milliseconds(report.longest) << " ms";
  for (const std::string& failure : report.failures)
    out << "\n  " << failure;
  return out;
}

}  // namespace relup::live_tests
