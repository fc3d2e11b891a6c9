// SPDX-License-Identifier: Apache-2.0
#include "lint/purge_terms.hpp"

namespace relup::lint {
namespace {

// The two terms of an instruction that say how to purge, that for before the load first; none in a
// short form.
Term::Elements purge_terms(const Term& instruction) {
  const Term::Elements* parts = instruction.as_tuple();
  if (parts == nullptr) return {};
  const std::size_t size = parts->size();
  const bool is_load_module = instruction.is_tagged("load_module", 5);
  const bool is_update = size >= 6 && parts->front().is_atom("update");
  if (is_load_module || is_update) return {(*parts)[size - 3], (*parts)[size - 2]};
  const Term::Elements* load = instruction.is_tagged("load", 2) ? (*parts)[1].as_tuple() : nullptr;
  return load != nullptr && load->size() == 3 ? Term::Elements{(*load)[1], (*load)[2]}
                                              : Term::Elements{};
}

// Turns a short form into the full one.
std::optional<Edit> lengthening(const Term::Elements& parts) {
  const std::string purges = "soft_purge, soft_purge, ";
  const std::size_t size = parts.size();
  const Term& last = parts.back();
  const Edit before{{last.span().begin, last.span().begin}, purges};
  const Edit after{{last.span().end, last.span().end}, ", " + purges + "[]"};
  if (parts.front().is_atom("load_module")) {
    if (size == 2) return after;
    return size == 3 ? std::optional(before) : std::nullopt;
  }
  if (!parts.front().is_atom("update")) return std::nullopt;
  if (size == 4) return before;
  if (size == 2) return Edit{after.span, ", soft" + after.text};
  if (size != 3) return std::nullopt;
  if (last.is_atom("supervisor")) {
    return Edit{last.span(), "static, default, {advanced, []}, " + purges + "[]"};
  }
  return last.is_list() ? Edit{before.span, "soft, " + purges} : after;
}

}  // namespace

Span before_span(const Term& instruction) {
  const Term::Elements purges = purge_terms(instruction);
  return purges.empty() ? instruction.span() : purges.front().span();
}

Span after_span(const Term& instruction) {
  const Term::Elements purges = purge_terms(instruction);
  return purges.empty() ? instruction.span() : purges.back().span();
}

std::optional<Fix> soft_purge_fix(const Term& instruction) {
  Fix fix{"write soft_purge for both purges", {}};
  for (const Term& purge : purge_terms(instruction)) {
    if (purge.is_atom("brutal_purge")) fix.edits.push_back({purge.span(), "soft_purge"});
  }
  if (!fix.edits.empty()) return fix;
  const Term::Elements* parts = instruction.as_tuple();
  const auto edit = parts == nullptr ? std::nullopt : lengthening(*parts);
  if (!edit) return std::nullopt;
  fix.edits.push_back(*edit);
  return fix;
}

}  // namespace relup::lint
