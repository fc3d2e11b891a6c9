// SPDX-License-Identifier: Apache-2.0
#include "live/supervisors.hpp"

#include "term/printer.hpp"

namespace relup::live {
namespace {

Atom atom_of(const Term& term) {
  return term.as_atom() == nullptr ? Atom("") : *term.as_atom();
}

// {Id, Process | restarting | down, {Module, Function, Arity}, Restart, Type, Modules}
SupervisedChild child_of(const Term::Elements& parts) {
  SupervisedChild child{parts.at(0),
                        "",
                        parts.at(1).is_atom("restarting"),
                        Atom(""),
                        "",
                        atom_of(parts.at(3)),
                        atom_of(parts.at(4)),
                        parts.at(5).atoms()};
  if (parts.at(1).as_atom() == nullptr) child.process = parts.at(1).text().value_or("");
  const Term::Elements& start = *parts.at(2).as_tuple();
  child.starter = atom_of(start.at(0));
  const std::int64_t* arity = start.at(2).as_small_integer();
  child.start = print_function(child.starter.name(), atom_of(start.at(1)).name(),
                               arity == nullptr ? 0 : static_cast<std::size_t>(*arity));
  return child;
}

}  // namespace

std::vector<Supervisor> read_supervisors(const Term& answer) {
  std::vector<Supervisor> supervisors;
  for (const Term& each : *answer.as_list()) {
    const Term::Elements& parts = *each.as_tuple();
    Supervisor supervisor{
        parts.at(0).text().value_or(""), std::nullopt, parts.at(2).is_atom("silent"), {}};
    if (!parts.at(1).is_atom("none")) supervisor.callback = atom_of(parts.at(1));
    if (!supervisor.is_silent) {
      for (const Term& child : *parts.at(2).as_list())
        supervisor.children.push_back(child_of(*child.as_tuple()));
    }
    supervisors.push_back(std::move(supervisor));
  }
  return supervisors;
}

}  // namespace relup::live
