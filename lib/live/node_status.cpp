// SPDX-License-Identifier: Apache-2.0
#include "live/node_status.hpp"

#include "base/words.hpp"
#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

HeldCode held_code(const Term::Elements& parts) {  // {Module, Count, [Name]}
  HeldCode code{*parts.at(0).as_atom(), number_of(parts.at(1)), {}};
  for (const Term& name : *parts.at(2).as_list())
    code.named.push_back(name.text().value_or("a process"));
  return code;
}

void read_handler(const Term& handler, NodeStatus& status) {
  const Term::Elements* parts = handler.as_tuple();  // {here | {elsewhere, Directory}, Releases}
  if (parts == nullptr || parts->size() != 2) return;
  const Term& place = parts->front();
  if (place.is_tagged("elsewhere", 2)) status.booted.handled_in = place.as_tuple()->at(1).text();
  status.releases = known_releases(parts->back());
}

}  // namespace

std::string describe(const HeldCode& code) {
  if (code.count == 0) return code.module.name() + ": not in use";
  const auto named = static_cast<std::int64_t>(code.named.size());
  if (code.count == named) return code.module.name() + ": " + joined(code.named);
  return code.module.name() + ": " + std::to_string(code.count) + " processes (" +
         joined(code.named) + ", ...)";
}

NodeStatus read_node_status(const Term& answer) {
  const Term::Elements* parts = answer.as_tuple();  // {Otp, Vsn, Handler, OldCode, {Looked, All}}
  if (parts == nullptr || parts->size() != 5)
    throw Error(ErrorCode::bad_input, "the agent tells a status that is none: " + print(answer));
  NodeStatus status{.otp = parts->at(0).text().value_or("unknown"),
                    .booted = {parts->at(1).text().value_or(""), std::nullopt},
                    .releases = std::nullopt,
                    .old_code = {}};
  read_handler(parts->at(2), status);
  for (const Term& each : *parts->at(3).as_list())
    status.old_code.push_back(held_code(*each.as_tuple()));
  const Term::Elements& looked = *parts->at(4).as_tuple();
  status.looked_at = number_of(looked.at(0));
  status.processes = number_of(looked.at(1));
  return status;
}

}  // namespace relup::live
