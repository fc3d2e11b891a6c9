// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>

namespace relup::live_tests {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      {"upgrade",
       Begin::deployed,
       {"upgrade", "1.1.0", "--no-commit"},
       {"1.0.0", "1.0.0"},
       {"1.1.0", "1.0.0"}},
      {"commit", Begin::installed, {"commit"}, {"1.1.0", "1.0.0"}, {"1.1.0", "1.1.0"}},
      {"rollback", Begin::installed, {"rollback"}, {"1.1.0", "1.0.0"}, {"1.0.0", "1.0.0"}},
      {"downgrade",
       Begin::committed,
       {"downgrade", "1.0.0"},
       {"1.1.0", "1.1.0"},
       {"1.0.0", "1.0.0"}},
      {"remove", Begin::committed, {"remove", "1.0.0"}, {"1.1.0", "1.1.0"}, {"1.1.0", "1.1.0"}},
  };
  return all;
}

std::ostream& operator<<(std::ostream& out, const Verb& verb) {
  return out << verb.name;
}

std::vector<std::string> injection(const SystemCall& call, const Fault& fault, CountedBy by) {
  const bool is_by_path = by == CountedBy::path;
  const int ordinal = is_by_path ? call.ordinal_at_path : call.ordinal;
  std::vector<std::string> options = {"-e", "inject=" + call.name + ":" + fault.injection +
                                                ":when=" + std::to_string(ordinal) +
                                                (fault.lasts ? "+" : "")};
  if (is_by_path) options.insert(options.end(), {"-P", call.path});
  return options;
}

std::size_t share(std::size_t by_default) {
  const char* text = std::getenv("RELUP_FAULT_SHARE");
  return text == nullptr ? by_default : static_cast<std::size_t>(std::max(1, std::atoi(text)));
}

bool may_trace() {
  static const bool may = std::system("strace -f -o /dev/null true 2> /dev/null") == 0;
  return may;
}

}  // namespace relup::live_tests
