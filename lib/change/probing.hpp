// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether all is well after an install, by commands and functions that the operator has named. A
// probe that does not answer in time does not hold.

#include "change/node_session.hpp"

namespace relup::change {

// A probe does not hold.
class ProbeFailed final : public Error {
 public:
  using Error::Error;
};

class Probing {
 public:
  // All must outlive the object.
  Probing(const ChangeTools& tools, NodeSession& session, const Probes& probes, std::string version)
      : tools_(tools), session_(session), probes_(probes), version_(std::move(version)) {}

  // Asks all of them: ProbeFailed for the first that does not hold. One that is interrupted has no
  // answer.
  void ask();
  // The same, at most once a second.
  void ask_now_and_then();

 private:
  void run(const std::string& command);
  void call(const live::ProbeFunction& function);

  const ChangeTools& tools_;
  NodeSession& session_;
  const Probes& probes_;
  std::string version_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace relup::change
