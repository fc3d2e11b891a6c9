// SPDX-License-Identifier: Apache-2.0
#include "facts/reached_calls.hpp"

#include <set>

namespace relup::facts {
namespace {

using beam::Expression;

class CallWalk {
 public:
  CallWalk(const beam::SourceCode& code, const std::function<void(const ReachedCall&)>& visit)
      : code_(code), visit_(visit) {}

  void enter(std::string_view name, unsigned arity) {
    const beam::SourceFunction* function = code_.find(name, arity);
    if (function == nullptr || !entered_.emplace(name, arity).second) return;
    for (const beam::Clause& clause : function->clauses)
      walk(clause.body);
  }

 private:
  void walk(const Expression& expression) {
    if (expression.kind == Expression::Kind::call) {
      const auto arity = static_cast<unsigned>(expression.parts.size());
      visit_({expression.module.value_or("erlang"), expression.name, arity});
      if (!expression.module) enter(expression.name, arity);
    }
    for (const Expression& part : expression.parts)
      walk(part);
  }

  const beam::SourceCode& code_;
  const std::function<void(const ReachedCall&)>& visit_;
  std::set<std::pair<std::string, unsigned>> entered_;
};

}  // namespace

std::string ReachedCall::describe() const {
  return module + ":" + function + "/" + std::to_string(arity);
}

void for_each_reached_call(const beam::SourceCode& code, std::string_view function, unsigned arity,
                           const std::function<void(const ReachedCall&)>& visit) {
  CallWalk(code, visit).enter(function, arity);
}

}  // namespace relup::facts
