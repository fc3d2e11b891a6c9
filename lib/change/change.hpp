// SPDX-License-Identifier: Apache-2.0
#pragma once

// A change of the release that a node runs: what is asked for, what it is made with, and what came
// of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "change/progress.hpp"
#include "node/node_channel.hpp"

namespace relup::change {

// What a change is made with.
struct ChangeTools {
  FileSystem& files;
  Clock& clock;
  Progress& progress;
  std::function<std::unique_ptr<node::NodeChannel>()> connect;
  std::string holder;  // written into the lock: "pid 123 (relup upgrade 1.1.0), user shop"
};

enum class CommitWhen { now, later };

// Who takes the script through: relup's own engine, or that of OTP's release handler.
enum class Engine { relup, otp };

struct ChangeRequest {
  std::string version;
  // The script to be run; none: the one that the relup has, as a check asks.
  std::optional<appup::Direction> direction = appup::Direction::up;
  std::optional<std::string> tarball = {};
  CommitWhen commit = CommitWhen::now;
  Engine engine = Engine::otp;
};

struct Outcome {
  std::string from;
  std::string to;
  bool committed = false;
  std::vector<std::string> notes;
};

}  // namespace relup::change
