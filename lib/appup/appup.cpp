// SPDX-License-Identifier: Apache-2.0
#include "appup/appup.hpp"

namespace relup::appup {

std::optional<Appup> read_appup_term(const Term& term, const Source& source) {
  const Term::Elements* parts = term.as_tuple();
  if (parts == nullptr || parts->size() != 3) return std::nullopt;
  return Appup{(*parts)[0], (*parts)[1], (*parts)[2], source, term};
}

Term to_term(const Appup& appup) {
  return Term::tuple({appup.version, appup.up, appup.down});
}

}  // namespace relup::appup
