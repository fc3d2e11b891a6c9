// SPDX-License-Identifier: Apache-2.0
#include "appup/short_forms.hpp"

namespace relup::appup {
namespace {

Term brutal() {
  return Term::atom("brutal_purge");
}

Term expand_load_module(const Term::Elements& parts) {
  const Term dep_mods = parts.size() == 3 ? parts[2] : Term();
  return tagged("load_module", parts[1], brutal(), brutal(), dep_mods);
}

bool is_change(const Term& term) {
  return term.as_tuple() != nullptr || term.is_atom("soft");
}

Term full_update(const Term& module, const Term& change, const Term& dep_mods) {
  return tagged("update", module, change, brutal(), brutal(), dep_mods);
}

// What `{update, ...}` of two to four elements stands for; the term itself when it is none of the
// forms.
Term expand_update(const Term& instruction, const Term::Elements& parts) {
  const Term soft = Term::atom("soft");
  if (parts.size() == 2) return full_update(parts[1], soft, Term());
  if (parts.size() == 4) {
    const bool right = is_change(parts[2]) && parts[3].is_list();
    return right ? full_update(parts[1], parts[2], parts[3]) : instruction;
  }
  if (parts[2].is_atom("supervisor")) {
    return tagged("update", parts[1], Term::atom("static"), Term::atom("default"),
                  tagged("advanced", Term()), brutal(), brutal(), Term());
  }
  if (is_change(parts[2])) return full_update(parts[1], parts[2], Term());
  return parts[2].is_list() ? full_update(parts[1], soft, parts[2]) : instruction;
}

}  // namespace

Term expand_short_form(const Term& instruction) {
  const Term::Elements* parts = instruction.as_tuple();
  if (parts == nullptr || parts->empty()) return instruction;
  const Term& name = parts->front();
  const std::size_t size = parts->size();
  const Span span = instruction.span();
  if (name.is_atom("load_module") && (size == 2 || (size == 3 && (*parts)[2].is_list()))) {
    return expand_load_module(*parts).at(span);
  }
  if (name.is_atom("update") && size >= 2 && size <= 4) {
    return expand_update(instruction, *parts).at(span);
  }
  if (name.is_atom("add_application") && size == 2) {
    return tagged("add_application", (*parts)[1], Term::atom("permanent")).at(span);
  }
  return instruction;
}

std::vector<Term> expand_short_forms(const Term::Elements& instructions) {
  std::vector<Term> expanded;
  for (const Term& instruction : instructions) {
    if (instruction.is_list()) {
      for (const Term& inner : *instruction.as_list()) {
        expanded.push_back(inner.span() == Span{} ? inner.at(instruction.span()) : inner);
      }
    } else {
      expanded.push_back(expand_short_form(instruction));
    }
  }
  return expanded;
}

}  // namespace relup::appup
