// SPDX-License-Identifier: Apache-2.0
#include "facts/reached_calls.hpp"

#include <set>

namespace relup::facts {
namespace {

using beam::Expression;

// A stack of expressions in the place of recursion: functions may lead to each other for ever so
// long.
class CallWalk {
 public:
  explicit CallWalk(const beam::SourceCode& code) : code_(code) {}

  void enter(std::string_view name, unsigned arity) {
    const beam::SourceFunction* function = code_.find(name, arity);
    if (function == nullptr || !entered_.insert(function).second) return;
    for (auto clause = function->clauses.rbegin(); clause != function->clauses.rend(); ++clause)
      open_.push_back(&clause->body);
  }

  void walk(const std::function<void(const ReachedCall&)>& visit) {
    while (!open_.empty()) {
      const Expression& expression = *open_.back();
      open_.pop_back();
      for (auto part = expression.parts.rbegin(); part != expression.parts.rend(); ++part)
        open_.push_back(&*part);
      if (expression.kind != Expression::Kind::call) continue;
      const auto arity = static_cast<unsigned>(expression.parts.size());
      visit({expression.module.value_or("erlang"), expression.name, arity});
      if (!expression.module) enter(expression.name, arity);
    }
  }

 private:
  const beam::SourceCode& code_;
  std::vector<const Expression*> open_;  // the next one last
  std::set<const beam::SourceFunction*> entered_;
};

}  // namespace

std::string ReachedCall::describe() const {
  return module + ":" + function + "/" + std::to_string(arity);
}

void for_each_reached_call(const beam::SourceCode& code, std::string_view function, unsigned arity,
                           const std::function<void(const ReachedCall&)>& visit) {
  CallWalk walk(code);
  walk.enter(function, arity);
  walk.walk(visit);
}

}  // namespace relup::facts
