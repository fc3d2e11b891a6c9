// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which values can this expression have? Told from the source of one module without running it, by
// going backwards: the last expression of a body is its value, a variable is what it was bound to
// before, a call of a function of the same module is what that function returns, a choice is each
// of its branches. What cannot be seen through, such as an argument or a call of another module, is
// itself the answer.
//
// All that is asked of one Evaluator shares one budget of steps, and nothing is followed deeper
// than a fixed bound, so no source takes much time, memory or stack. Where the budget does not
// suffice, that answer and all later ones are empty, and is_exhausted() says why: the module is too
// large to be told anything of.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "beam/source/source_code.hpp"

namespace relup::facts {

// What was read out of a module: an answer, or none. `is_too_large` says that the module may well
// tell it, but is too large for us.
template <typename T>
struct Reading {
  std::optional<T> answer;
  bool is_too_large = false;
};

class Evaluator {
 public:
  // What was bound before an expression.
  struct Binding {
    const beam::Expression* match;
    const Binding* before;  // null for nothing
  };

  // An expression, and what its variables may be bound by.
  struct Value {
    const beam::Expression* expression;
    const Binding* scope = nullptr;
    auto operator<=>(const Value&) const = default;
  };

  // `code` must outlive the evaluator, and the evaluator what it finds.
  explicit Evaluator(const beam::SourceCode& code) : code_(code) {}
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;
  ~Evaluator() = default;

  // Each value once, in the order of the source.
  std::vector<Value> results_of(const beam::SourceFunction& function);
  std::vector<Value> values_of(const Value& value);
  // None where there are several.
  std::optional<Value> only_value(const Value& value);
  // The elements of the one list that `list` is: one that is written down, or a sum of such.
  std::optional<std::vector<Value>> elements_of(const Value& list);
  // The term that the value surely is.
  std::optional<Term> constant_of(const Value& value);
  // Whether the value, or something in it, can be an expression of which `is_wanted` is true.
  bool may_hold(const Value& value, const std::function<bool(const beam::Expression&)>& is_wanted);

  bool is_exhausted() const { return steps_left_ == 0; }

 private:
  struct Search;
  class Descent;

  bool spend(std::size_t steps);
  // Goes through all that the values in `search` can be; `take` is called with each once, and may
  // add others.
  void run(Search& search, const std::function<void(const Value&)>& take);
  bool lead_on(const Value& value, Search& search);
  bool lead_to_binding(const Value& variable, Search& search);
  bool lead_into_function(const beam::Expression& call, Search& search) const;
  const Binding* scope_at_end(const Value& sequence);
  bool append_elements(const Value& list, std::vector<Value>& elements);
  bool append_sum(const Value& sum, std::vector<Value>& elements);
  bool append_parts(const Value& list, std::vector<Value>& elements);

  const beam::SourceCode& code_;
  std::size_t steps_left_ = 200'000;
  std::size_t depth_ = 0;
  std::deque<Binding> bindings_;
  std::map<Value, const Binding*> scopes_;  // at the end of sequences
  std::set<Value> open_sums_;               // whose elements are being looked for
};

// Whether the expression is a call of that function of another module.
bool is_call_of(const beam::Expression& expression, std::string_view module, std::string_view name);

}  // namespace relup::facts
