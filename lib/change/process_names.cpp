// SPDX-License-Identifier: Apache-2.0
#include "change/process_names.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace relup::change {
namespace {

constexpr std::size_t most = 3;

}  // namespace

std::string names_of(const live::ProcessGroup& group) {
  std::vector<std::string> names;
  for (const live::NodeProcess& process : group.first) {
    if (names.size() == most) break;
    names.push_back(process.shown());
  }
  const std::size_t left = group.count - names.size();
  return joined(names) + (left == 0 ? "" : " and " + std::to_string(left) + " more");
}

std::string names_of(const std::vector<live::NodeProcess>& processes) {
  return names_of(live::ProcessGroup{processes.size(), processes});
}

std::string describe(const live::ProcessGroup& group) {
  std::string count = group.count == 1 ? "1 process" : std::to_string(group.count) + " processes";
  if (group.first.empty()) return count;
  const std::string& above = group.first.front().supervisor;
  const bool is_one_place =
      !above.empty() && std::all_of(group.first.begin(), group.first.end(),
                                    [&](const auto& each) { return each.supervisor == above; });
  const std::string& application = group.first.front().application;
  const bool is_on_top = group.count == 1 && above.empty() && !application.empty();
  return count + " (" + names_of(group) + (is_one_place ? ", below " + above : "") +
         (is_on_top ? ", of application " + application : "") + ")";
}

}  // namespace relup::change
