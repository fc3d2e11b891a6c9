// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a test does to a system call, the verbs that it does it to, and which of all these cases it
// tries: RELUP_FAULT_SHARE=N is every Nth, 1 is all.

#include <string>
#include <vector>

#include "faulty_host.hpp"
#include "system_calls.hpp"

namespace relup::live_tests {

struct Fault {
  std::string name;       // "ENOSPC"
  std::string injection;  // "error=ENOSPC", as strace has it
  bool lasts = false;     // for this call and all later ones of its name
};

struct Verb {
  const char* name;
  Begin begin;
  std::vector<std::string> arguments;
  Truth before;
  Truth after;
};

// What changes a running node or its files.
const std::vector<Verb>& verbs();
std::ostream& operator<<(std::ostream& out, const Verb& verb);

// Options of strace: {"-e", "inject=fsync:error=ENOSPC:when=7"}. By path, `-P` is among them.
enum class CountedBy { name, path };
std::vector<std::string> injection(const SystemCall& call, const Fault& fault, CountedBy by);

std::size_t share(std::size_t by_default);

// Whether strace can be used here.
bool may_trace();

}  // namespace relup::live_tests
