// SPDX-License-Identifier: Apache-2.0
#include "diff/live/changed_on_load.hpp"

#include <algorithm>

#include "term/printer.hpp"

namespace relup::diff {
namespace {

bool is_same_function(const ModuleChange& change, const beam::FunctionFlow& function) {
  const std::string& name = function.name.name();
  return change.old_facts->module_source->function_identity(name, function.arity) ==
         change.new_facts->module_source->function_identity(name, function.arity);
}

}  // namespace

// With the functions of the module that it calls.
void compare_on_load(CodePair& pair) {
  const auto& function = pair.new_code->on_load;
  if (!function) return;
  const auto reached =
      reached_from(*pair.new_code, pair.new_code->find(function->first, function->second));
  const bool is_same = pair.old_code->on_load == function &&
                       std::all_of(reached.begin(), reached.end(), [&](const auto* each) {
                         return is_same_function(*pair.change, *each);
                       });
  if (is_same) return;
  LiveDataChange change{LiveDataChange::Kind::on_load, LiveDataChange::Way::up};
  change.subject = print_atom(function->first.name()) + "/" + std::to_string(function->second);
  pair.change->live_data.push_back(std::move(change));
}

}  // namespace relup::diff
