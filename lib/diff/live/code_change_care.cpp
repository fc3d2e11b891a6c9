// SPDX-License-Identifier: Apache-2.0
//
// A code_change that is the same in both releases cannot know what is new in the second: it was
// written for an earlier step, and is not counted on.

#include "diff/live/code_change_care.hpp"

#include <algorithm>

#include "facts/value_search.hpp"

namespace relup::diff {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using Care = LiveDataChange::Care;

bool is_same_function(const ModuleChange& change, std::string_view name, unsigned arity) {
  return change.old_facts->module_source->function_identity(name, arity) ==
         change.new_facts->module_source->function_identity(name, arity);
}

// Whether the state surely has the shape that it had.
bool keeps_shape(const CodePair& pair) {
  const unsigned position = facts::state_position(*pair.change->new_facts);
  const auto before = facts::state_shape(*pair.old_code, position);
  const auto after = facts::state_shape(*pair.new_code, position);
  return (before && before == after) || is_same_function(*pair.change, "init", 1);
}

}  // namespace

bool is_code_change_left_over(const CodePair& pair, const CodePairs& pairs) {
  const ModuleChange& change = *pair.change;
  const auto before = facts::state_callback(*change.old_facts);
  const auto after = facts::state_callback(*change.new_facts);
  if (!before || !after || before->name != "code_change" || before->arity != after->arity)
    return false;
  if (after->name != before->name || change.state_change || change.new_facts->keeps_state)
    return false;
  if (before->arity == 4 && callback_mode(*pair.old_code) != callback_mode(*pair.new_code))
    return false;
  for (const FunctionFlow* function :
       reached_from(*pair.new_code, pair.new_code->find(after->name, after->arity))) {
    for (const FlowNode::Index call : function->calls) {
      const auto& module = function->nodes[call].module;
      if (module && pairs.find(*module) != nullptr) return false;
    }
  }
  return is_same_function(change, after->name, after->arity) && keeps_shape(pair);
}

const FunctionFlow* working_code_change(const CodePair& pair) {
  const ModuleChange& change = *pair.change;
  const auto callback = facts::state_callback(*change.new_facts);
  if (!callback || change.new_facts->keeps_state || change.has_leftover_code_change) return nullptr;
  return pair.new_code->find(callback->name, callback->arity);
}

Care care_for(const CodePair& pair, Atom name) {
  const FunctionFlow* callback = working_code_change(pair);
  if (callback == nullptr) return Care::none;
  const auto reached = reached_from(*pair.new_code, callback);
  const bool may_know = std::any_of(reached.begin(), reached.end(), [&](const auto* function) {
    return mentions(*function, name) || !function->calls.empty() ||
           !sizes_of(name, facts::tuples_in(*function)).empty();
  });
  return may_know ? Care::by_code_change : Care::none;
}

Care care_for_state(const CodePair& pair, Atom name) {
  const FunctionFlow* callback = working_code_change(pair);
  if (callback == nullptr) return Care::none;
  const bool chooses = std::any_of(
      callback->results.begin(), callback->results.end(), [&](const FlowNode::Index result) {
        const FlowNode& answer = callback->nodes[result];
        return answer.kind == FlowNode::Kind::tuple && answer.parts.size() == 3 &&
               callback->nodes[answer.parts[1]].kind == FlowNode::Kind::term;
      });
  return chooses ? Care::by_code_change : care_for(pair, name);
}

}  // namespace relup::diff
