// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node goes back to the old release by itself unless somebody confirms the new one in time, by
// a commit. It can do so when relup is gone and the network as well.

#include "change/installing.hpp"

namespace relup::change {

class Confirmation {
 public:
  // All must outlive the object.
  Confirmation(const host::Host& host, const ChangeTools& tools, NodeSession& session,
               const Installing& installing)
      : host_(host), tools_(tools), session_(session), installing_(installing) {}

  // Makes the node wait for the confirmation of `outcome.to`, `within` from now; nothing to do
  // where it is none. Asked for again, the time begins anew.
  void expect(const std::optional<Milliseconds>& within, const Outcome& outcome);
  // Nothing is waited for any more.
  void call_off() { session_.agent().call_off_confirmation(); }
  // The same when the release that had to be confirmed does not run any more, so that the node
  // would not go back anyway. Nothing fails.
  void forget();

 private:
  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  const Installing& installing_;
};

}  // namespace relup::change
