// SPDX-License-Identifier: Apache-2.0
#include "differential/shrink.hpp"

namespace relup::differential {
namespace {

class Shrinker {
 public:
  Shrinker(ReleasePair pair, const std::function<bool(const ReleasePair&)>& shows, int attempts)
      : pair_(std::move(pair)), shows_(shows), attempts_(attempts) {}

  ReleasePair run() {
    drop_bases(&Call::up);
    drop_bases(&Call::down);
    std::vector<std::string> paths;
    for (const auto& [path, content] : pair_.files)
      paths.push_back(path);
    for (const std::string& path : paths)
      cut(path);
    return std::move(pair_);
  }

 private:
  bool accept(const ReleasePair& candidate) {
    if (attempts_-- <= 0 || !shows_(candidate)) return false;
    pair_ = candidate;
    return true;
  }

  void drop_bases(std::vector<Base> Call::*bases) {
    for (std::size_t i = 0; i < (pair_.call.*bases).size();) {
      ReleasePair candidate = pair_;
      auto& list = candidate.call.*bases;
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      if (!accept(candidate)) ++i;
    }
  }

  void cut(const std::string& path) {
    for (std::size_t size = pair_.files[path].size() / 2; size > 0; size /= 2) {
      for (std::size_t at = 0; at < pair_.files[path].size();) {
        ReleasePair candidate = pair_;
        candidate.files[path].erase(at, size);
        if (!accept(candidate)) at += size;
      }
    }
  }

  ReleasePair pair_;
  const std::function<bool(const ReleasePair&)>& shows_;
  int attempts_;
};

}  // namespace

ReleasePair shrink(ReleasePair pair, const std::function<bool(const ReleasePair&)>& shows,
                   int attempts) {
  return Shrinker(std::move(pair), shows, attempts).run();
}

}  // namespace relup::differential
