// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an install that came to nothing has left behind: the node is looked at, what can be taken
// back is, and the end of the work is thrown. It is a FailedChange, whose code is rolled_back where
// the old release is verified to be running, else uncertain.

#include "change/node_session.hpp"
#include "change/preparation.hpp"
#include "change/proof.hpp"

namespace relup::change {

class FailedInstall {
 public:
  // All must outlive the object.
  FailedInstall(const host::Host& host, const ChangeTools& tools, NodeSession& session,
                Preparation& preparation, Proof& proof)
      : host_(host), tools_(tools), session_(session), preparation_(preparation), proof_(proof) {}

  // Waits for the node first, which may restart.
  [[noreturn]] void explain(const std::string& from, const std::string& version,
                            const Error& cause);
  // The engine says that it has begun with nothing, and put back what the release handler had
  // changed.
  [[noreturn]] void explain_not_begun(const std::string& from, const std::string& version,
                                      const Error& cause);

 private:
  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  Preparation& preparation_;
  Proof& proof_;
};

}  // namespace relup::change
