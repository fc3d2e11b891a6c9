// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace relup {
namespace {

constexpr unsigned most_threads = 8;  // more would only wait for the disk

class Pieces {
 public:
  Pieces(std::size_t count, const std::function<void(std::size_t)>& work)
      : count_(count), work_(work) {}

  // Takes pieces until none is left. A failure ends nothing: a piece before it may fail too.
  void run() {
    for (std::size_t index = next_++; index < count_; index = next_++) {
      try {
        work_(index);
      } catch (...) {
        note_failure(index);
      }
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void note_failure(std::size_t index) {
    const std::lock_guard lock(mutex_);
    if (failure_ && failed_index_ < index) return;
    failure_ = std::current_exception();
    failed_index_ = index;
  }

  const std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::size_t failed_index_ = 0;
};

}  // namespace

void for_each_index(std::size_t count, const std::function<void(std::size_t)>& work) {
  Pieces pieces(count, work);
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(cores, count); ++i)
    helpers.emplace_back([&pieces] { pieces.run(); });
  pieces.run();
  helpers.clear();  // joins
  pieces.rethrow();
}

}  // namespace relup
