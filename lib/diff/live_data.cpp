// SPDX-License-Identifier: Apache-2.0
//
// Both versions of every changed module are read as graphs of values, and each subject, a file of
// live/, holds one against the other: in several threads, each of which writes to modules of its
// own.

#include "diff/live_data.hpp"

#include "base/parallel.hpp"
#include "diff/live/changed_on_load.hpp"
#include "diff/live/code_change_care.hpp"
#include "diff/live/gone_callback_modules.hpp"
#include "diff/live/gone_functions.hpp"
#include "diff/live/kept_changes.hpp"
#include "diff/live/lost_requests.hpp"
#include "diff/live/missed_starts.hpp"
#include "diff/live/state_functions.hpp"
#include "diff/release_diff.hpp"

namespace relup::diff {
namespace {

void compare(CodePair& pair, const CodePairs& pairs, const ShapeChanges& shapes,
             const SentRequests& requests) {
  ModuleChange& change = *pair.change;
  change.has_leftover_code_change = is_code_change_left_over(pair, pairs);
  compare_kept(pair, pairs, shapes);
  compare_on_load(pair);
  if (facts::state_position(*change.old_facts) == 0 ||
      facts::state_position(*change.new_facts) == 0)
    return;
  compare_start_effects(pair);
  requests.compare(pair);
  if (change.new_facts->has_behaviour("gen_statem")) compare_state_functions(pair);
}

}  // namespace

void compare_live_data(std::vector<ApplicationChange>& applications) {
  std::vector<ModuleChange*> modules;
  for (ApplicationChange& application : applications) {
    for (ModuleChange& module : application.modules)
      modules.push_back(&module);
  }
  CodePairs pairs(modules);
  const ShapeChanges shapes(pairs);
  const SentRequests requests(pairs);
  for_each_index(pairs.all().size(),
                 [&](std::size_t index) { compare(pairs.all()[index], pairs, shapes, requests); });
  for (ApplicationChange& application : applications) {
    for (ModuleChange& module : application.modules)
      compare_callback_module(application, module);
  }
  compare_named_functions(applications, pairs);
}

}  // namespace relup::diff
