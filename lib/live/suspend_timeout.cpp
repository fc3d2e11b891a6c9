// SPDX-License-Identifier: Apache-2.0
#include "live/suspend_timeout.hpp"

namespace relup::live {
namespace {

// `Module`, `{Module, default}`, or a module with its own time.
Term timed(const Term& each, const Term& patience) {
  if (each.as_atom() != nullptr) return Term::tuple({each, patience});
  const Term::Elements* pair = each.as_tuple();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_atom("default")) return each;
  return Term::tuple({(*pair)[0], patience});
}

Term timed_suspend(const Term& instruction, const Term& patience) {
  if (!instruction.is_tagged("suspend", 2)) return instruction;
  const Term::Elements* modules = (*instruction.as_tuple())[1].as_list();
  if (modules == nullptr) return instruction;
  Term::Elements all;
  for (const Term& each : *modules)
    all.push_back(timed(each, patience));
  return tagged("suspend", Term::list(std::move(all)));
}

}  // namespace

Term with_suspend_timeout(const Term& script, std::optional<Milliseconds> patience) {
  const Term::Elements* instructions = script.as_list();
  if (!patience || instructions == nullptr) return script;
  const Term time(std::int64_t{patience->count()});
  Term::Elements all;
  for (const Term& each : *instructions)
    all.push_back(timed_suspend(each, time));
  return Term::list(std::move(all));
}

}  // namespace relup::live
