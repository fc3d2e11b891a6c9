// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "appup/version_match.hpp"
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Direction;

bool may_be_served(const Term& entries, const std::string& version) {
  return !std::holds_alternative<appup::NoEntry>(appup::find_entry(entries, version));
}

// Whether `entries` may serve a version that `regex` serves.
bool may_meet(const Term& entries, const std::string& regex) {
  const auto described = describe_regex(regex);
  if (!described) return true;
  bool serves_any = false;
  for (const std::string& version : described->texts) {
    if (!serves(regex, version)) continue;
    serves_any = true;
    if (may_be_served(entries, version)) return true;
  }
  if (!serves_any) return true;
  return std::any_of(entries.as_list()->begin(), entries.as_list()->end(), [&](const Term& entry) {
    const Term::Elements* pair = entry.as_tuple();
    const auto version = pair == nullptr || pair->empty() ? std::nullopt : pair->front().text();
    return version && serves(regex, *version);
  });
}

bool has_counterpart(const Term& entries, const Term& version) {
  const Term::Elements& others = *entries.as_list();
  const bool has_same = std::any_of(others.begin(), others.end(), [&](const Term& entry) {
    const Term::Elements* pair = entry.as_tuple();
    return pair != nullptr && pair->size() == 2 && pair->front() == version;
  });
  if (has_same) return true;
  if (const auto text = version.text()) return may_be_served(entries, *text);
  const auto regex = regex_of(version);
  return !regex || may_meet(entries, *regex);
}

void report_entry(const ParsedAppup& appup, const ParsedEntry& entry, Findings& findings) {
  const bool up = entry.direction == Direction::up;
  const std::string version = print(entry.version);
  Diagnostic& finding =
      findings.add(appup.source, entry.version.span(),
                   up ? "one can come from " + version + ", but not go back to it"
                      : "one can go back to " + version + ", but not come from it");
  finding.notes.push_back("add an entry for " + version + " to the " + (up ? "second" : "first") +
                          " list");
}

void check_direction(const ParsedAppup& appup, Direction direction, Findings& findings) {
  const bool up = direction == Direction::up;
  const Term& others = list_of(appup, up ? Direction::down : Direction::up);
  const bool has_entries =
      std::any_of(appup.entries.begin(), appup.entries.end(),
                  [&](const ParsedEntry& entry) { return entry.direction == direction; });
  if (!has_entries) return;
  if (others.is_nil()) {
    findings.add(appup.source, others.span(),
                 up ? "there is no way back: the list of versions to go back to is empty"
                    : "there is no way up: the list of versions to come from is empty");
    return;
  }
  for (const ParsedEntry& entry : appup.entries) {
    if (entry.direction == direction && !has_counterpart(others, entry.version))
      report_entry(appup, entry, findings);
  }
}

// A broken entry does not say what it should serve; other rules report it.
bool has_broken_entry(const Term& list) {
  if (!list.is_proper_list()) return true;
  return std::any_of(list.as_list()->begin(), list.as_list()->end(), [](const Term& entry) {
    const Term::Elements* pair = entry.as_tuple();
    if (pair == nullptr || pair->size() != 2 || appup::fault_of_version(pair->front())) return true;
    const auto text = pair->front().text();
    return text ? looks_like_a_regex(*text) : !regex_of(pair->front());
  });
}

void check(const ParsedAppup& appup, Findings& findings) {
  if (has_broken_entry(appup.appup.up) || has_broken_entry(appup.appup.down)) return;
  check_direction(appup, Direction::up, findings);
  check_direction(appup, Direction::down, findings);
}

}  // namespace

extern const Rule one_way_entry{
    .code = "RU104",
    .name = "one-way-entry",
    .severity = Severity::warning,
    .summary = "a version that one can come from, but not go back to, or the other way round",
    .page = {.what = "An entry in the list up whose versions no entry in the list down serves, or "
                     "the other way round.",
             .why = "The way back is what an operator needs when the new version is bad, and then "
                    "it is too late to write it: `relup downgrade` has no script, and what is left "
                    "is a restart.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]},
  {"1.1", [{load_module, shop}]}],
 [{"1.1", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]},
  {"1.1", [{load_module, shop}]}],
 [{<<"1\\.[01]">>, [{load_module, shop}]}]}.
)",
             .allow = "Where there is no way back, for instance since files were converted. A "
                      "restart with the old release is the plan then."},
    .check_appup = check,
};

}  // namespace relup::lint
