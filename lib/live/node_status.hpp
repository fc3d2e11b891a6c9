// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a node is, as its agent tells it within a moment (node/agent/relup_agent_status.erl). What
// could not be told in that time is missing, and marked so. An answer of another form is an Error
// (bad_input).

#include <optional>
#include <string>
#include <vector>

#include "live/agent_verbs.hpp"
#include "live/release_handler.hpp"

namespace relup::live {

// Old code of a module, and who was seen to run it.
struct HeldCode {
  Atom module;
  std::int64_t count = 0;          // of processes
  std::vector<std::string> named;  // a few of them: registered names, or as <0.120.0>
};

// "shop_cart: 200 processes (till, <0.120.0>, ...)", "shop_price: not in use"
std::string describe(const HeldCode& code);

struct NodeStatus {
  std::string otp;  // "25"
  BootedRelease booted;
  std::optional<std::vector<KnownRelease>> releases;  // none: the release handler is busy
  std::vector<HeldCode> old_code;
  std::int64_t looked_at = 0;  // of so many processes was seen whether they run old code,
  std::int64_t processes = 0;  // out of so many; both 0 where there is no old code
};

NodeStatus read_node_status(const Term& answer);

}  // namespace relup::live
