// SPDX-License-Identifier: Apache-2.0
#include "diff/live/missed_starts.hpp"

#include <algorithm>

#include "diff/live/code_change_care.hpp"
#include "facts/start_effects.hpp"

namespace relup::diff {

using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;
using Care = LiveDataChange::Care;

void compare_start_effects(CodePair& pair) {
  const facts::StartEffects before = facts::start_effects(*pair.old_code);
  facts::StartEffects after = facts::start_effects(*pair.new_code);
  facts::StartEffects done;
  const auto callback = facts::state_callback(*pair.change->new_facts);
  if (callback && working_code_change(pair) != nullptr)
    done = facts::effects_of(*pair.new_code, callback->name, callback->arity);
  for (const facts::StartEffect& effect : after) {
    if (before.contains(effect)) continue;
    const bool is_unclear = effect.subject.empty() &&
                            std::any_of(before.begin(), before.end(),
                                        [&](const auto& each) { return each.kind == effect.kind; });
    if (is_unclear) continue;
    LiveDataChange change{Kind::start_effect, Way::up};
    change.effect = effect;
    change.subject = effect.subject;
    const bool is_done = std::any_of(done.begin(), done.end(), [&](const auto& each) {
      return each.kind == effect.kind && (each.subject == effect.subject || each.subject.empty());
    });
    change.care = is_done ? Care::by_code_change : Care::none;
    pair.change->live_data.push_back(std::move(change));
  }
}

}  // namespace relup::diff
