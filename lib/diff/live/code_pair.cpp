// SPDX-License-Identifier: Apache-2.0
#include "diff/live/code_pair.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "facts/value_search.hpp"

namespace relup::diff {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::TupleShape;
using beam::ValueFlow;

CodePairs::CodePairs(const std::vector<ModuleChange*>& modules) {
  for (ModuleChange* module : modules) {
    if (!module->changes_code || !module->old_facts || !module->new_facts) continue;
    if (!module->old_facts->module_source || !module->new_facts->module_source) continue;
    by_name_.emplace(module->name, pairs_.size());
    pairs_.push_back({module});
  }
  for_each_index(pairs_.size(), [this](std::size_t index) {
    CodePair& pair = pairs_[index];
    pair.old_code = &pair.change->old_facts->module_source->value_flow();
    pair.new_code = &pair.change->new_facts->module_source->value_flow();
    pair.old_tuples = facts::tuples_in(*pair.old_code);
    pair.new_tuples = facts::tuples_in(*pair.new_code);
  });
}

const CodePair* CodePairs::find(Atom module) const {
  const auto found = by_name_.find(module);
  return found == by_name_.end() ? nullptr : &pairs_[found->second];
}

bool mentions(const FunctionFlow& function, Atom atom) {
  if (function.compared.contains(atom)) return true;
  return std::any_of(function.nodes.begin(), function.nodes.end(), [&](const FlowNode& node) {
    return node.kind == FlowNode::Kind::term && node.value == Term(atom);
  });
}

bool mentions(const ValueFlow& code, Atom atom) {
  return std::any_of(code.functions.begin(), code.functions.end(),
                     [&](const auto& each) { return mentions(each.second, atom); });
}

std::set<std::size_t> sizes_of(Atom tag, const std::set<TupleShape>& tuples) {
  std::set<std::size_t> sizes;
  for (auto each = tuples.lower_bound({tag, 0}); each != tuples.end() && each->tag == tag; ++each)
    sizes.insert(each->size);
  return sizes;
}

std::set<Atom> callback_mode(const ValueFlow& code) {
  std::set<Atom> modes;
  const FunctionFlow* function = code.find("callback_mode", 0);
  if (function == nullptr) return modes;
  for (const FlowNode::Index result : function->results) {
    const Term& value = function->nodes[result].value;
    if (const Atom* mode = value.as_atom()) modes.insert(*mode);
    const auto several = value.atoms();
    if (several) modes.insert(several->begin(), several->end());
    if (value.as_atom() == nullptr && !several) return {};
  }
  return modes;
}

void append_name(std::string& names, const std::string& name) {
  names += (names.empty() ? "" : ", ") + name;
}

}  // namespace relup::diff
