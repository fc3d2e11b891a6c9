// SPDX-License-Identifier: Apache-2.0
//
// Every case in testdata/conformance: what OTP 25 answered to a call of systools:make_relup/4, held
// against ours. A relup must be the same, byte for byte; an error must be the same term, on the
// first diagnostic. Where the order of a dependency group is open, OTP's answer depends on the
// numbers of its atoms: then its order is read from its relup and handed to our compiler as the
// tie-break, and the relups must be equal again, which they can be only if OTP's order respects the
// same dependencies.

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "relup/compile.hpp"
#include "relup/conformance_case.hpp"
#include "support/memory_file_system.hpp"
#include "support/txtar.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup {
namespace {

using appup::Direction;

std::vector<std::string> case_files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RELUP_TESTDATA "/conformance")) {
    if (entry.path().extension() == ".txtar") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The order of modules in one script of OTP: as they are loaded, turned around on the way up.
TieBreak order_in(const Term& entries, Direction direction, const std::string& base) {
  std::vector<Atom> modules;
  for (const Term& entry : *entries.as_list()) {
    if (!((*entry.as_tuple())[0] == Term::string(base))) continue;
    for (const Term& step : *(*entry.as_tuple())[2].as_list()) {
      if (!step.is_tagged("load", 2) && !step.is_tagged("remove", 2)) continue;
      modules.push_back(*(*(*step.as_tuple())[1].as_tuple())[0].as_atom());
    }
    break;
  }
  if (direction == Direction::up) std::reverse(modules.begin(), modules.end());
  TieBreak order;
  for (const Atom module : modules)
    order.emplace(module, order.size());
  return order;
}

Term warnings_of(const CompileResult& result) {
  Term::Elements warnings;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity == Severity::warning) {
      warnings.push_back(parse_single_term("warning", diagnostic.otp + "."));
    }
  }
  return Term::list(std::move(warnings));
}

// A duplicate warning is told once.
Term without_repeats(const Term& list) {
  Term::Elements kept;
  for (const Term& element : *list.as_list()) {
    if (std::find(kept.begin(), kept.end(), element) == kept.end()) kept.push_back(element);
  }
  return Term::list(std::move(kept));
}

class Conformance : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto members = support::read_txtar(real_file_system().read(GetParam()));
    for (const auto& [path, content] : members) {
      files_.add_file(path, content);
    }
    arguments_ = parse_single_term("case.term", members.at("case.term"));
    expected_ = parse_single_term("expected.term", members.at("expected.term"));
    const auto relup = members.find("expected.relup");
    if (relup != members.end()) expected_relup_ = relup->second;
  }

  void expect_relup(const CompileRequest& request, const Term& answer) {
    const CompileResult result = compile(files_, request);
    ASSERT_TRUE(result.relup) << "we refuse: " << result.diagnostics.front().message;
    const Term& relup = (*answer.as_tuple())[1];
    EXPECT_EQ(print(to_term(*result.relup)), print(relup));
    EXPECT_EQ(print(warnings_of(result)), print(without_repeats((*answer.as_tuple())[3])));
    const bool is_plain = print(relup).find("#{") == std::string::npos;
    if (!expected_relup_.empty() && is_plain) {
      EXPECT_EQ(term_file(to_term(*result.relup)), expected_relup_);
    }
  }

  void expect_error(const CompileRequest& request, const Term& answer) {
    const CompileResult result = compile(files_, request);
    ASSERT_FALSE(result.relup) << "OTP answers " << print(answer);
    ASSERT_FALSE(result.diagnostics.empty());
    const std::string& first = result.diagnostics.front().otp;
    const std::string printed = print(answer);
    if (printed.find("'EXIT'") == std::string::npos) {
      EXPECT_EQ(print(parse_single_term("otp", first + ".")), printed);
    } else {
      // A stack trace of OTP: it meant that a string of the .rel file is none.
      EXPECT_TRUE(first.starts_with("{error,systools_make,{illegal_")) << first;
    }
  }

  support::MemoryFileSystem files_;
  Term arguments_;
  Term expected_;
  std::string expected_relup_;
};

TEST_P(Conformance, AnswersAsOtpDoes) {
  CompileRequest request = request_of(arguments_).value();
  const Term answer = value_of(expected_, "result");
  if (answer.is_tagged("ok", 4)) {
    const Term::Elements& relup = *(*answer.as_tuple())[1].as_tuple();
    request.tie_break = [&relup](Direction direction, const std::string& base) {
      return order_in(relup[direction == Direction::up ? 1 : 2], direction, base);
    };
    expect_relup(request, answer);
  } else if (answer.is_tagged("crash", 3)) {
    // OTP crashed. An option that is no string cannot be given to us; everything else is an error.
    const bool is_option = print(answer).find("outdir") != std::string::npos;
    EXPECT_EQ(compile(files_, request).relup.has_value(), is_option);
  } else {
    expect_error(request, answer);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = "case_" + std::filesystem::path(info.param).stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char letter) { return std::isalnum(letter) == 0; },
      '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Otp25, Conformance, testing::ValuesIn(case_files()), test_name);

TEST(ConformanceCases, AreAllThere) {
  EXPECT_EQ(case_files().size(), 250U);
}

}  // namespace
}  // namespace relup
