// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a node is there as a process of this host, when it does not answer. A line that broke and
// a node that has died look the same from its end; the process table knows better. Of a node that
// runs elsewhere, or whose process may not be seen, nothing is known. Nothing fails.

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "node/node_process.hpp"

namespace relup::node {

class NodeLife {
 public:
  enum class State {
    unknown,
    lives,      // so it can be waited for
    gone,       // but for so short a time that something may be about to start it again
    restarted,  // another process of the same node is there
    dead,
  };

  // Both must outlive the object; `root` is that of the release.
  NodeLife(FileSystem& files, Clock& clock, std::string root, std::string proc = "/proc")
      : files_(files), clock_(clock), root_(std::move(root)), proc_(std::move(proc)) {}

  // The node that has just answered says that it is process `pid`.
  void follow(const std::string& pid);

  State look();

 private:
  bool has_successor();

  FileSystem& files_;
  Clock& clock_;
  std::string root_;
  std::string proc_;
  std::optional<ProcessIdentity> process_;
  std::string alive_name_;  // of its command line; may be empty
  std::optional<std::chrono::steady_clock::time_point> gone_since_;
};

}  // namespace relup::node
