// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/regex.hpp"
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether the entry, as a regular expression, would take a version from a later one.
bool would_catch_others(const ParsedAppup& appup, const ParsedEntry& entry,
                        const std::string& regex) {
  return std::any_of(appup.entries.begin(), appup.entries.end(), [&](const ParsedEntry& other) {
    if (other.direction != entry.direction || other.span.begin <= entry.span.begin) return false;
    const auto version = other.version.text();
    return version ? looks_like_a_regex(*version) || serves(regex, *version)
                   : regex_of(other.version).has_value();
  });
}

std::optional<Fix> make_fix(const ParsedAppup& appup, const ParsedEntry& entry,
                            const std::string& regex) {
  const Span span = entry.version.span();
  const std::string_view text = appup.source->text(span);
  const bool is_plain = text.starts_with('"') && text.ends_with('"') &&
                        std::count(text.begin(), text.end(), '"') == 2 &&
                        std::all_of(text.begin(), text.end(), [](char byte) {
                          return static_cast<unsigned char>(byte) < 0x80U;
                        });
  const bool compiles = match_regex(regex, "").fault.empty();
  if (!is_plain || !compiles || would_catch_others(appup, entry, regex)) return std::nullopt;
  return Fix{"write the regular expression as a binary",
             {{{span.begin, span.begin}, "<<"}, {{span.end, span.end}, ">>"}}};
}

void check(const ParsedAppup& appup, Findings& findings) {
  if (appup.form == appup::AppupForm::part) return;  // what reads it takes strings for patterns
  for (const ParsedEntry& entry : appup.entries) {
    const auto version = entry.version.text();
    if (!version || !looks_like_a_regex(*version)) continue;
    const std::string printed = print(entry.version);
    Diagnostic& finding = findings.add(appup.source, entry.version.span(),
                                       printed +
                                           " is a string, which serves only a version that "
                                           "is called exactly so");
    finding.notes.push_back("a regular expression is a binary: <<" + printed + ">>");
    finding.fix = make_fix(appup, entry, *version);
  }
}

}  // namespace

extern const Rule regex_in_string{
    .code = "RU103",
    .name = "regex-in-string",
    .severity = Severity::warning,
    .summary = "a string that looks like a regular expression",
    .page = {.what = "The version of an entry that is a string and has characters in it that a "
                     "regular expression has and a version does not.",
             .why = "A string is compared with the version character by character, so the entry "
                    "serves no version; only a binary is a regular expression. A well-known rebar3 "
                    "plugin writes `\".*\"` as a string for every version.",
             .wrong = R"({"2.0",
 [{"1\\.[0-9]+", [{load_module, shop}]}],
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]}],
 [{<<"1\\.[0-9]+">>, [{load_module, shop}]}]}.
)",
             .allow = "Where versions really have such characters."},
    .check_appup = check,
};

}  // namespace relup::lint
