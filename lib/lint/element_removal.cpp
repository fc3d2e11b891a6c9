// SPDX-License-Identifier: Apache-2.0
#include "lint/element_removal.hpp"

#include <algorithm>

namespace relup::lint {

std::optional<Edit> removal_of(const Term& element, const Term& list, const Source& source) {
  if (!list.is_proper_list()) return std::nullopt;
  const Term::Elements& elements = *list.as_list();
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const Term& each) { return each.span() == element.span(); });
  if (found == elements.end()) return std::nullopt;
  Span gone = element.span();
  Span between;
  if (found + 1 != elements.end()) {
    between = {gone.end, (found + 1)->span().begin};
    gone.end = between.end;
  } else if (found != elements.begin()) {
    between = {(found - 1)->span().end, gone.begin};
    gone.begin = between.begin;
  }
  if (source->text(between).find_first_of("%#") != std::string_view::npos) return std::nullopt;
  return Edit{gone, ""};
}

}  // namespace relup::lint
