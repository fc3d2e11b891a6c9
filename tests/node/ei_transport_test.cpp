// SPDX-License-Identifier: Apache-2.0
#include "node/ei_transport.hpp"

#include <gtest/gtest.h>

namespace relup::node {
namespace {

// One message of a handshake: its length in two bytes, then itself.
std::string message(const std::string& text) {
  return std::string(1, '\0') + static_cast<char>(text.size()) + text;
}

struct Case {
  const char* what;
  std::string first_bytes;
  bool timed_out;
  NodeFailure failure;
};

TEST(Handshake, DiagnosisFromTheFirstBytes) {
  const std::string challenge = message("N" + std::string(20, 'x'));
  const Case cases[] = {
      {"TLS alert", std::string("\x15\x03\x03\x00\x02\x02\x0a", 7), false,
       NodeFailure::tls_distribution},
      {"hung up after the challenge", message("sok") + challenge, false,
       NodeFailure::refused_cookie},
      {"old challenge", message("sok_simultaneous") + message("nxxxx"), false,
       NodeFailure::refused_cookie},
      {"silent after the challenge", message("sok") + challenge, true, NodeFailure::no_answer},
      {"hung up before the challenge", message("sok"), false, NodeFailure::connection_lost},
      {"name in use", message("salive"), true, NodeFailure::name_in_use},
      {"at the same time", message("snok"), false, NodeFailure::name_in_use},
      {"not allowed", message("snot_allowed"), false, NodeFailure::not_allowed},
      {"silent", "", true, NodeFailure::no_answer},
      {"hung up at once", "", false, NodeFailure::hung_up},
      {"another protocol", "HTTP/1.1 400 Bad Request", false, NodeFailure::not_understood},
      {"half a status", std::string("\0\3so", 4), false, NodeFailure::not_understood},
  };
  for (const Case& one : cases)
    EXPECT_EQ(diagnose_handshake(one.first_bytes, one.timed_out), one.failure) << one.what;
}

}  // namespace
}  // namespace relup::node
