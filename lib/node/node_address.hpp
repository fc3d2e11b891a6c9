// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a node is and what it takes to talk to it: plain values, found by node_finder and used by
// ei_channel. Nothing here fails.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace relup::node {

constexpr std::uint16_t default_epmd_port = 4369;

// The secret that nodes share. It has no text of its own, so that it cannot slip into a message;
// code that needs the text says `reveal`.
class Cookie {
 public:
  Cookie() = default;
  explicit Cookie(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  bool operator==(const Cookie&) const = default;

 private:
  std::string value_;
};

struct NodeAddress {
  std::string name;                // "shop@host"
  std::vector<std::string> hosts;  // to try in this order; a local node may be reached by loopback
  Cookie cookie;
  std::uint16_t epmd_port = default_epmd_port;
  std::optional<std::uint16_t> distribution_port;  // fixed: epmd is not asked
  std::string pid = {};  // of its emulator on this machine; empty where none was seen
  // Its emulator is on this machine, in a network of its own, as in a container: perhaps none of
  // its ports can be reached from here.
  bool is_in_other_network = false;

  // Where each came from, for people: "--node", "/opt/shop/releases/1/vm.args, line 3".
  std::string name_origin;
  std::string cookie_origin;
  std::string port_origin;
  std::vector<std::string> warnings;  // e.g. of a cookie file that others may read
};

// "shop" of "shop@host".
inline std::string alive_part(const std::string& name) {
  return name.substr(0, name.find('@'));
}

}  // namespace relup::node
