// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
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

// An entry and what is known of its version; found out once, since that takes long.
struct Candidate {
  const ParsedEntry* entry;
  std::optional<std::string> regex;
  std::optional<std::string> version;
};

// Whether it is certain that `earlier` serves all that `later` does.
bool catches(const Candidate& earlier, const Candidate& later) {
  if (earlier.entry->direction != later.entry->direction) return false;
  if (earlier.regex && later.regex && *earlier.regex == *later.regex) return true;
  if (earlier.regex && serves_all(*earlier.regex)) return later.regex || later.version;
  if (!later.version) return false;
  return earlier.regex ? serves(*earlier.regex, *later.version) : earlier.version == later.version;
}

void report_entry(const ParsedAppup& appup, const ParsedEntry& earlier, const ParsedEntry& later,
                  Findings& findings) {
  const std::uint32_t line = appup.source->position(earlier.version.span().begin).line;
  Diagnostic& finding = findings.add(appup.source, later.version.span(),
                                     "no version comes to this entry: " + print(earlier.version) +
                                         " in line " + std::to_string(line) + " serves it");
  finding.notes.emplace_back("the first entry that matches counts; put the special one in front");
}

void check(const ParsedAppup& appup, Findings& findings) {
  std::vector<Candidate> earlier;
  for (const ParsedEntry& entry : appup.entries) {
    const Candidate later{&entry, regex_of(entry.version), only_version(entry.version)};
    const auto found =
        std::find_if(earlier.begin(), earlier.end(),
                     [&](const Candidate& candidate) { return catches(candidate, later); });
    if (found != earlier.end()) report_entry(appup, *found->entry, entry, findings);
    earlier.push_back(later);
  }
}

}  // namespace

extern const Rule shadowed_entry{
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
             .allow = "Never: take the entry out, or put it in front.",
             .allowed_by = AllowedBy::nothing},
    .check_appup = check,
};

}  // namespace relup::lint
