// SPDX-License-Identifier: Apache-2.0
#include "change/other_code.hpp"

#include "change/draining.hpp"

namespace relup::change {

OtherCode sort_by_script(std::vector<live::MemoryDifference> differences,
                         const host::ScriptSummary& script) {
  OtherCode other;
  for (live::MemoryDifference& each : differences) {
    const bool stays = each.module && !has_module(script.loaded, *each.module);
    (stays ? other.left_alone : other.in_the_way).push_back(std::move(each));
  }
  return other;
}

}  // namespace relup::change
