// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "support/reliability_page.hpp"

namespace relup::live_tests {
namespace {

constexpr int killed = 128 + 9;

std::string in_words(const std::string& what, const RelupResult& result, const Truth& now) {
  std::ostringstream text;
  text << what << ": exit " << result.exit_code << ", and the host " << now << "\n" << result;
  return text.str();
}

}  // namespace

End turn(std::size_t number) {
  if (number % 8 == 3) return End::start;
  return number % 2 == 0 ? End::recover : End::again;
}

bool is_nothing(const RelupResult& recover) {
  return recover.exit_code == 0 && recover.output.find("nothing to recover") != std::string::npos;
}

void Verdict::fault(const std::string& text) {
  if (++found_ <= 20) ADD_FAILURE() << text;
}

void Verdict::judge(const Verb& verb, const RelupResult& result, const Listing& before,
                    const std::string& what) {
  note(result.exit_code);
  is_uncommitted_ = result.exit_code == 7;
  const Truth now = host_.truth();
  const std::string tells = in_words(what, result, now);
  if (std::getenv("RELUP_FAULT_VERBOSE") != nullptr) std::cerr << tells;
  switch (result.exit_code) {
    case killed:
      return;
    case 0:
      if (now != verb.after) fault(tells);
      return;
    case 4:
      if (now != verb.before) fault(tells);
      return;
    case 5:
      if (is_nothing(host_.site().relup({"recover"})))
        fault(tells + "and there was nothing to recover");
      return;
    case 7:
      if (now.runs == now.boots) fault(tells);
      return;
    case 1:
    case 3:
    case 75:
      return expect_as_before(verb, now, before, tells);
    default:
      fault(tells);
  }
}

void Verdict::expect_as_before(const Verb& verb, const Truth& now, const Listing& before,
                               const std::string& tells) {
  if (now != verb.before) return fault(tells);
  for (const std::string& each : differences(before, host_.listing()))
    fault(tells + each);
}

void Verdict::judge_death(const Verb& verb, const RelupResult& result, const std::string& what) {
  note(result.exit_code);
  const Truth now = host_.truth();
  const std::string tells = in_words(what, result, now);
  if (std::getenv("RELUP_FAULT_VERBOSE") != nullptr) std::cerr << tells;
  const bool may_be =
      result.exit_code == 5 || (result.exit_code == 75 && now.boots == verb.before.boots);
  if (!may_be) fault(tells);
}

bool Verdict::boots(const std::string& what) {
  const std::string why = host_.why_it_would_not_boot();
  if (!why.empty()) fault(what + ": " + why);
  return why.empty();
}

void Verdict::start_node(const std::string& what) {
  ++starts_;
  const std::string boots = host_.boots();
  if (host_.start_again() != boots) fault(what + ": " + boots + " does not start");
}

void Verdict::end_it(const Verb& verb, End end, const std::string& what) {
  if (!boots(what)) return;
  if (end == End::start) start_node(what);
  std::ostringstream tells;
  if (end == End::again) {
    const RelupResult again =
        host_.site().relup(is_uncommitted_ ? std::vector<std::string>{"commit"} : verb.arguments);
    const bool is_done = host_.truth() == verb.after &&
                         (again.exit_code == 0 || again.exit_code == 1 || again.exit_code == 2);
    tells << what << ", and once more: " << again;
    if (!is_done) fault(tells.str());
  } else {
    const RelupResult recover = host_.site().relup({"recover"});
    tells << what << ": " << recover;
    if (recover.exit_code != 0) fault(tells.str());
  }
  if (const std::string why = host_.what_is_wrong(); !why.empty()) fault(tells.str() + why);
  const RelupResult nothing = host_.site().relup({"recover"});
  if (!is_nothing(nothing)) fault(what + ": there still was something: " + nothing.output);
}

void Verdict::tell(const std::string& table, const std::string& row, std::size_t calls,
                   std::size_t cases, std::size_t tried) const {
  std::string codes;
  for (const auto& [code, count] : codes_) {
    codes += (codes.empty() ? "" : ", ") + std::to_string(count) + " x " +
             (code == killed ? "killed" : std::to_string(code));
  }
  std::cout << row << ": " << calls << " calls, " << cases << " cases, " << tried << " tried; "
            << codes << "\n";
  support::tell_reliability(table, row,
                            {std::to_string(calls), std::to_string(cases), std::to_string(tried),
                             codes, std::to_string(starts_), std::to_string(found_)});
}

}  // namespace relup::live_tests
