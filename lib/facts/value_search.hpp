// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a function may return and a variable may hold, told from the source without running it. The
// search goes backwards: the last expression of a body is its value, a variable is what it was
// bound to before, a call of a function of the same module is what that function returns, a choice
// is each of its branches. What cannot be seen through, such as an argument or a call of another
// module, is itself the answer.

#include <vector>

#include "beam/source/source_code.hpp"

namespace relup::facts {

class ValueSearch {
 public:
  // Expressions that were evaluated before, oldest first.
  using Scope = std::vector<const beam::Expression*>;

  // An expression and what its variables may be bound by.
  struct Value {
    const beam::Expression* expression;
    Scope scope;
  };

  // `code` must outlive the search and what it finds.
  explicit ValueSearch(const beam::SourceCode& code) : code_(code) {}

  std::vector<Value> results_of(const beam::SourceFunction& function) const;
  std::vector<Value> values_of(const beam::Expression& expression, const Scope& scope) const;

 private:
  void search(const beam::Expression& expression, Scope scope, int depth,
              std::vector<Value>& found) const;
  void search_function(const beam::SourceFunction& function, int depth,
                       std::vector<Value>& found) const;

  const beam::SourceCode& code_;
};

}  // namespace relup::facts
