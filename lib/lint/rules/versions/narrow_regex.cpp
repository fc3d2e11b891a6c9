// SPDX-License-Identifier: Apache-2.0
//
// A slip of the pen in a regular expression leaves one that is right, and says something else.
// Those that people make again and again are known by their look. What was meant is written out as
// an expression of its own; it is a finding only where that serves a version which this one does
// not.

#include <algorithm>

#include "base/regex.hpp"
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

struct Slip {
  std::string meant;  // an expression for versions that it should serve as well
  std::string advice;
};

// "13" of "[11-13]" at `at`: numbers as the ends of a class, of which one has two digits.
std::optional<Slip> slip_of_class(const std::string& regex, std::size_t at) {
  const std::size_t close = regex.find(']', at);
  if (regex[at] != '[' || close == std::string::npos) return std::nullopt;
  const std::string members = regex.substr(at + 1, close - at - 1);
  const std::size_t dash = members.find('-');
  const bool are_numbers =
      dash != std::string::npos && dash > 0 && dash + 1 < members.size() && members.size() > 3 &&
      std::all_of(members.begin(), members.end(),
                  [&](const char& byte) { return is_digit(byte) || &byte == &members[dash]; });
  if (!are_numbers) return std::nullopt;
  const std::string last = members.substr(dash + 1);
  return Slip{regex.substr(0, at) + last + regex.substr(close + 1),
              "[" + members + "] is one character; numbers are written (" +
                  members.substr(0, dash) + "|...|" + last + ")"};
}

// A full stop that repeats at the end, `1\.5\.*`, or a star or an x that is meant to stand for
// something, `1\.5\.\*`.
std::optional<Slip> slip_of_end(const std::string& regex) {
  std::string_view rest = regex;
  if (rest.ends_with('$')) rest.remove_suffix(1);
  for (const std::string_view end : {R"(\.*)", R"(\.+)", R"(\.?)"}) {
    if (rest.ends_with(end) && !rest.ends_with(R"(\\.*)")) {
      rest.remove_suffix(end.size());
      return Slip{std::string(rest) + R"(\.1)",
                  "`" + std::string(end) + "` is any number of full stops; any last part is " +
                      R"(\\.[0-9]+)"};
    }
  }
  for (const std::string_view end : {R"(\.\*)", R"(\.x)", R"(\.X)"}) {
    if (rest.ends_with(end)) {
      rest.remove_suffix(end.size());
      return Slip{std::string(rest) + R"(\.1)", "`" + std::string(end.substr(2)) +
                                                    "` stands for itself; any last part is " +
                                                    R"(\\.[0-9]+)"};
    }
  }
  return std::nullopt;
}

std::optional<Slip> slip_of(const std::string& regex) {
  for (std::size_t at = 0; at < regex.size(); ++at) {
    if (regex[at] == '\\') {
      ++at;
    } else if (auto slip = slip_of_class(regex, at)) {
      return slip;
    }
  }
  return slip_of_end(regex);
}

// A text that both serve, or that only the first serves; the one that looks most like a version.
std::optional<std::string> served_by(const std::string& regex) {
  const auto described = describe_regex(regex);
  if (!described) return std::nullopt;
  std::optional<std::string> found;
  for (const std::string& text : described->texts) {
    if (text.empty() || !serves(regex, text)) continue;
    if (is_digit(text.front()) && is_digit(text.back())) return text;
    if (!found) found = text;
  }
  return found;
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    const auto regex = regex_of(entry.version);
    const auto slip =
        regex && match_regex(*regex, "").fault.empty() ? slip_of(*regex) : std::nullopt;
    if (!slip) continue;
    const auto missed = served_by(slip->meant);
    if (!missed || serves(*regex, *missed)) continue;
    const auto served = served_by(*regex);
    Diagnostic& finding =
        findings.add(appup.source, entry.version.span(),
                     print(entry.version) + " does not serve " + print(Term::string(*missed)) +
                         (served ? ", only such as " + print(Term::string(*served)) : ""));
    finding.notes.push_back(slip->advice);
  }
}

}  // namespace

extern const Rule narrow_regex{
    .code = "RU107",
    .name = "narrow-regex",
    .severity = Severity::warning,
    .summary = "a regular expression that misses the versions it is meant for",
    .page = {.what = "A regular expression with a slip that is made often: a class of numbers with "
                     "two digits (`[11-13]`, which is one character, 1 or 3), a full stop that "
                     "repeats at the end (`1\\.5\\.*`), a star or an x that stands for itself. A "
                     "version that is served and one that is not are shown.",
             .why = "The expression compiles and serves some versions, mostly the one that it was "
                    "tried with. The upgrade from the next one ends with `no_relup`.",
             .wrong = R"({"2.0",
 [{<<"1\\.5\\.*">>, [{load_module, shop}]}],
 [{<<"1\\.5\\.*">>, [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{<<"1\\.5\\.[0-9]+">>, [{load_module, shop}]}],
 [{<<"1\\.5\\.[0-9]+">>, [{load_module, shop}]}]}.
)",
             .allow = "Where the versions that are named do not exist and never will."},
    .check_appup = check,
};

}  // namespace relup::lint
