// SPDX-License-Identifier: Apache-2.0
#include "lint/rules/declarations.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// The only version that an entry serves; none where there may be several.
std::optional<std::string> only_version(const Term& version) {
  const auto regex = regex_of(version);
  if (!regex) return version.text();
  const auto described = describe_regex(*regex);
  if (!described || !described->is_one_version || !serves(*regex, described->texts.front())) {
    return std::nullopt;
  }
  return described->texts.front();
}

// Whether it is certain that `earlier` serves all that `later` does.
bool catches(const Term& earlier, const Term& later) {
  const auto regex = regex_of(earlier);
  if (earlier == later) return regex || earlier.text();
  const auto version = only_version(later);
  if (regex) return version ? serves(*regex, *version) : regex_of(later) && serves_all(*regex);
  return version && earlier.text() == version;
}

void check_entry(const AppupView& appup, const EntryView& later, Report& report) {
  for (const EntryView& earlier : appup.entries) {
    if (&earlier == &later) return;
    if (earlier.direction != later.direction || !catches(earlier.version, later.version)) continue;
    const std::uint32_t line = appup.source->position(earlier.version.span().begin).line;
    Diagnostic& finding = report.add(appup.source, later.version.span(),
                                     "no version comes to this entry: " + print(earlier.version) +
                                         " in line " + std::to_string(line) + " serves it");
    finding.notes.emplace_back("the first entry that matches counts; put the special one in front");
    return;
  }
}

void check(const AppupView& appup, Report& report) {
  for (const EntryView& entry : appup.entries)
    check_entry(appup, entry, report);
}

}  // namespace

const Rule shadowed_entry{
    .code = "RU101",
    .name = "shadowed-entry",
    .severity = Severity::warning,
    .summary = "an entry that an earlier one always catches",
    .page = {.what = "An entry all of whose versions an earlier entry of the same list serves: the "
                     "same version again, or a version that an earlier regular expression matches.",
             .why = "The first entry that matches counts, strings and regular expressions alike; "
                    "the later one is never looked at. Where it was written for a version that "
                    "needs more than the others, the upgrade runs without that.",
             .wrong = R"({"2.0",
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]},
  {"1.0", [{update, shop, {advanced, []}}]}],
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]},
  {<<"1\\.[0-9]+">>, [{load_module, shop}]}],
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]}]}.
)",
             .allow = "Never: take the entry out, or put it in front."},
    .check_appup = check,
};

}  // namespace relup::lint
