// SPDX-License-Identifier: Apache-2.0
#pragma once

// A change that failed on the node: an Error whose first sentence says what the node runs and
// whether it was started again, which is what an operator has to know first.

#include "change/change.hpp"
#include "host/host.hpp"

namespace relup::change {

class FailedChange : public Error {
 public:
  FailedChange(ErrorCode code, const std::string& message, NodeRestart restart)
      : Error(code, message), node_restart_(restart) {}
  NodeRestart node_restart() const { return node_restart_; }

 private:
  NodeRestart node_restart_;
};

// ", and the node was restarted: all connections and state were lost", as far as it is known.
std::string restart_in_words(NodeRestart restart);

// The engine refused before any code was loaded. The node runs `from`, which is proved.
FailedChange was_not_begun(const std::string& from, const std::string& to, NodeRestart restart);
// The node runs `from` again, which is proved.
FailedChange went_back(const std::string& from, const std::string& to, NodeRestart restart);
// It cannot be said what it runs.
FailedChange went_astray(FileSystem& files, const host::Host& host, const std::string& to,
                         NodeRestart restart);

// The node has died. `under_way` is what was: "in the install of 1.1.0".
enum class StartedAgain { no, yes };
FailedChange node_died(FileSystem& files, const host::Host& host, const std::string& node,
                       const std::string& under_way, StartedAgain again);
// Before anything of its release was changed. Of what was prepared `left` is none, or not.
enum class Left { nothing, something };
FailedChange node_died_before(FileSystem& files, const host::Host& host, const std::string& node,
                              const std::string& version, Left left);

}  // namespace relup::change
