// SPDX-License-Identifier: Apache-2.0
#include "live/quiesce.hpp"

#include "base/words.hpp"
#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

constexpr std::size_t names_at_most = 10;

Term pair(std::string_view key, Term value) {
  return Term::tuple({Term::atom(key), std::move(value)});
}

// The first of them: a site may have thousands of connections.
std::string names_of(const Term& list) {
  std::vector<std::string> names;
  if (!list.is_proper_list()) return "";
  for (const Term& each : *list.as_list()) {
    if (names.size() == names_at_most) {
      const std::size_t more = list.as_list()->size() - names_at_most;
      return joined(names) + " and " + std::to_string(more) + " more";
    }
    names.push_back(text_of(each));
  }
  return joined(names);
}

// [{Listener, [Name]}]: "http: <0.120.0>, <0.121.0>; {shop,ws}: <0.133.0>"
std::string by_listener(const Term& list) {
  std::vector<std::string> texts;
  for (const Term& each : *list.as_list()) {
    const Term::Elements& parts = *each.as_tuple();
    texts.push_back(text_of(parts.at(0)) + ": " + names_of(parts.at(1)));
  }
  return joined(texts, "; ");
}

std::size_t count_of(const Term& term) {
  const std::int64_t* number = term.as_small_integer();
  return number == nullptr ? 0 : static_cast<std::size_t>(*number);
}

std::string unknown_listener(const Term& name, const Term& known) {
  const std::string others = names_of(known);
  return "ranch has no listener " + text_of(name) + ", which relup.yaml names; " +
         (others.empty() ? "it has none at all" : "it has " + others);
}

}  // namespace

Term quiesce_term(const policy::Quiesce& quiesce) {
  if (!quiesce.is_wished()) return Term();
  const bool suspends = quiesce.connections == policy::Quiesce::Connections::suspend;
  Term::Elements modules;
  for (const Atom module : quiesce.upgrade_modules)
    modules.emplace_back(module);
  return Term::list({pair("listeners", Term::list(quiesce.listeners)),
                     pair("connections", Term::atom(suspends ? "suspend" : "leave")),
                     pair("connection_timeout", Term(quiesce.connection_timeout.count())),
                     pair("drain_requests", Term(quiesce.drain_requests.count())),
                     pair("upgrade_modules", Term::list(std::move(modules)))});
}

std::vector<ListenerUse> read_listener_uses(const Term& answer) {
  std::vector<ListenerUse> uses;
  if (!answer.is_proper_list()) return uses;
  for (const Term& each : *answer.as_list()) {
    const Term::Elements& parts = *each.as_tuple();
    uses.push_back({text_of(parts.at(0)), count_of(parts.at(1)), count_of(parts.at(2)),
                    count_of(parts.at(3))});
  }
  return uses;
}

std::optional<std::string> quiesce_failure(const Term& reason) {
  const auto argument = [&](std::size_t at) { return (*reason.as_tuple())[at]; };
  if (reason.is_atom("no_ranch"))
    return "relup.yaml names listeners, but ranch does not run on the node";
  if (reason.is_tagged("no_listener", 3)) return unknown_listener(argument(1), argument(2));
  if (reason.is_tagged("ranch_does_not_answer", 2))
    return "ranch does not say who is connected to listener " + text_of(argument(1));
  if (reason.is_tagged("requests_under_way", 2))
    return "requests did not end in time, so nobody was changed: " + by_listener(argument(1));
  if (reason.is_tagged("connections_not_suspended", 2)) {
    return "connections did not let themselves be suspended in time, so nobody was changed: " +
           by_listener(argument(1));
  }
  if (reason.is_atom("guard_has_gone"))
    return "the process that makes clients wait has ended, so they go on";
  if (reason.is_tagged("no_upgrade_module", 2)) {
    return "neither of the two releases has the upgrade module " + print(argument(1)) +
           ", which relup.yaml names";
  }
  return std::nullopt;
}

}  // namespace relup::live
