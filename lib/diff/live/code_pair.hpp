// SPDX-License-Identifier: Apache-2.0
#pragma once

// The compiled code of both versions of the changed modules, as graphs of values, for those who
// look for what lives on of the older one. And what they all ask of such code.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "beam/code/value_flow.hpp"
#include "diff/module_change.hpp"

namespace relup::diff {

struct CodePair {
  ModuleChange* change;
  const beam::ValueFlow* old_code = nullptr;
  const beam::ValueFlow* new_code = nullptr;
  std::set<beam::TupleShape> old_tuples = {};
  std::set<beam::TupleShape> new_tuples = {};
};

class CodePairs {
 public:
  // For each module that is in both releases with other code. `modules` must outlive this. In
  // several threads.
  explicit CodePairs(const std::vector<ModuleChange*>& modules);

  std::vector<CodePair>& all() { return pairs_; }
  const std::vector<CodePair>& all() const { return pairs_; }
  // Null for a module that is not among them.
  const CodePair* find(Atom module) const;

 private:
  std::vector<CodePair> pairs_;
  std::map<Atom, std::size_t> by_name_;
};

// Whether the code names the atom, or looks for it.
bool mentions(const beam::FunctionFlow& function, Atom atom);
bool mentions(const beam::ValueFlow& code, Atom atom);

// How large the tuples with that tag are.
std::set<std::size_t> sizes_of(Atom tag, const std::set<beam::TupleShape>& tuples);

// The atoms that callback_mode/0 may answer; empty where it cannot be told.
std::set<Atom> callback_mode(const beam::ValueFlow& code);

// The names that come in a sentence, "a, b", with one more.
void append_name(std::string& names, const std::string& name);

}  // namespace relup::diff
