// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "appup/version_match.hpp"
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using Versions = std::vector<std::string>;

// The versions that the appup names.
Versions versions_of(const ParsedAppup& appup) {
  Versions versions;
  const auto add = [&versions](const Term& term) {
    if (const auto text = term.text(); text && !text->empty()) versions.push_back(*text);
  };
  if (appup.form == appup::AppupForm::plain) add(appup.appup.version);  // else a placeholder
  for (const ParsedEntry& entry : appup.entries)
    add(entry.version);
  return versions;
}

bool looks_like_a_version(const std::string& text) {
  const auto is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
  return text.find('.') != std::string::npos && text.find("..") == std::string::npos &&
         is_digit(text.front()) && is_digit(text.back());
}

// A version that `regex` describes and does not serve.
std::optional<std::string> find_unserved(const std::string& regex, const Versions& versions) {
  std::optional<std::string> found;
  for (const std::string& version : versions) {
    if (serves(regex, version) || !describes(regex, version)) continue;
    if (looks_like_a_version(version)) return version;
    if (!found) found = version;
  }
  return found;
}

// In an anchored group the expression serves what it served before, and all else that it describes.
std::optional<Fix> make_anchoring(const SourceText& source, const Term& version,
                                  const std::string& regex) {
  const Span span = version.span();
  const std::string_view text = source.text(span);
  const bool is_plain = text.starts_with("<<\"") && text.ends_with("\">>") &&
                        std::count(text.begin(), text.end(), '"') == 2;
  const bool has_settings =
      regex.find("(?") != std::string::npos && regex.find("(?:") != regex.find("(?");
  if (!is_plain || has_settings || regex.find("(*") != std::string::npos) return std::nullopt;
  return Fix{"anchor the regular expression",
             {{{span.begin + 3, span.begin + 3}, "^(?:"}, {{span.end - 3, span.end - 3}, ")$"}}};
}

void check_regex(const ParsedAppup& appup, const Term& version, const std::string& regex,
                 Findings& findings) {
  const auto described = describe_regex(regex);
  Versions versions = versions_of(appup);
  if (described) versions.insert(versions.end(), described->texts.begin(), described->texts.end());
  std::erase(versions, "");
  if (const auto unserved = find_unserved(regex, versions)) {
    Diagnostic& finding =
        findings.add(appup.source, version.span(),
                     print(version) + " does not serve " + print(Term::string(*unserved)) +
                         ": the first match that is found is not the whole of it");
    finding.severity = Severity::warning;
    finding.notes.emplace_back(
        "put the longer alternative first, make no part lazy, or anchor it: ^(?:...)$");
    finding.fix = make_anchoring(*appup.source, version, regex);
    return;
  }
  const bool serves_none =
      described && std::none_of(versions.begin(), versions.end(),
                                [&](const std::string& one) { return serves(regex, one); });
  if (!serves_none) return;
  Diagnostic& finding =
      findings.add(appup.source, version.span(), print(version) + " can match no version");
  finding.notes.emplace_back("`^` stands first and `$` last, or neither is needed");
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    const auto regex = regex_of(entry.version);
    if (!regex) continue;
    if (const auto fault = appup::fault_of_version(entry.version)) {
      Diagnostic& finding = findings.add(appup.source, fault->span, fault->message);
      finding.notes.push_back("expected " + fault->expected);
    } else {
      check_regex(appup, entry.version, *regex, findings);
    }
  }
}

}  // namespace

extern const Rule unmatchable_regex{
    .code = "RU102",
    .name = "unmatchable-regex",
    .severity = Severity::error,
    .summary = "a regular expression that does not match what it describes",
    .page = {.what = "The version of an entry as a regular expression that does not compile, or "
                     "that can match no version or not all that it describes.",
             .why =
                 "A version is served when the first match that is found is the whole version. "
                 "That is no anchor: `1\\.0|1\\.0\\.1` finds `1.0` in \"1.0.1\", which is not the "
                 "whole, and a lazy `1.*?` finds `1`. The upgrade then ends with `no_relup`. Where "
                 "the expression does not compile, systools crashes, if it comes that far. Regular "
                 "expressions in appups of EMQX were wrong again and again (emqx#7124, emqx#8941).",
             .wrong = R"({"2.0",
 [{<<"1\\.0|1\\.0\\.[1-9]">>, [{load_module, shop}]}],
 [{<<"1\\.0(\\.[1-9])?">>, [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{<<"1\\.0(\\.[1-9])?">>, [{load_module, shop}]}],
 [{<<"1\\.0(\\.[1-9])?">>, [{load_module, shop}]}]}.
)",
             .allow =
                 "Where the version that is named in the finding does not exist and never will."},
    .compiler_rules = {"bad-version-regex"},
    .check_appup = check,
};

}  // namespace relup::lint
