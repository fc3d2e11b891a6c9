// SPDX-License-Identifier: Apache-2.0
#include "appup/fingerprint.hpp"

#include <algorithm>
#include <array>

#include "appup/short_forms.hpp"
#include "base/digest.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

constexpr std::size_t digest_digits = 8;

template <std::size_t count>
bool is_one_of(const Atom& name, const std::array<std::string_view, count>& names) {
  return std::find(names.begin(), names.end(), name.name()) != names.end();
}

// {update, M, ...}, or {load, {M, ...}}.
std::optional<Atom> module_of(const Term& instruction) {
  static constexpr auto plain =
      std::to_array<std::string_view>({"update", "load_module", "add_module", "delete_module"});
  static constexpr auto nested = std::to_array<std::string_view>({"load", "remove"});
  const Term::Elements* parts = instruction.as_tuple();
  if (parts == nullptr || parts->size() < 2 || parts->front().as_atom() == nullptr) return {};
  const Atom& name = *parts->front().as_atom();
  const Term* module = is_one_of(name, plain) ? &(*parts)[1] : nullptr;
  if (is_one_of(name, nested)) {
    const Term::Elements* inner = (*parts)[1].as_tuple();
    if (inner != nullptr && !inner->empty()) module = &inner->front();
  }
  if (module == nullptr || module->as_atom() == nullptr) return {};
  return *module->as_atom();
}

}  // namespace

Fingerprint fingerprint(const Term& instruction) {
  const Term full = expand_short_form(instruction);
  const auto read = read_instruction(full);
  const Action* action = std::get_if<Action>(&read);
  const std::string text = print(action == nullptr ? full : to_term(*action));
  return {module_of(instruction), sha256_hex(text).substr(0, digest_digits)};
}

Fingerprints fingerprints(const Term::Elements& instructions) {
  Fingerprints all;
  for (const Term& instruction : instructions)
    all.push_back(fingerprint(instruction));
  return all;
}

}  // namespace relup::appup
