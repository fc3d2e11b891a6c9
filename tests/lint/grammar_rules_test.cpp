// SPDX-License-Identifier: Apache-2.0
//
// The borders of the rules about the grammar of appups and about versions: what they find in one
// appup, and where they say nothing.
#include <gmock/gmock.h>

#include "lint/lint.hpp"
#include "policy/read_policy.hpp"

namespace relup::lint {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

struct Case {
  std::string name;
  std::string text;                   // of an appup
  std::vector<std::string> findings;  // "rule line:column"
};

// Versions to come from and to go back to, without instructions.
std::string versions(const std::string& up, const std::string& down) {
  return "{\"2.0\",\n " + up + ",\n " + down + "}.\n";
}
// Both lists the same.
std::string entries(const std::string& list) {
  return versions(list, list);
}
std::string instructions(const std::string& list) {
  return "{\"2.0\", [{\"1.0\",\n " + list + "}], [{\"1.0\", []}]}.\n";
}

const std::vector<Case> cases{
    {"AtomAsVersion",
     versions("[{'1.0', []}, {\"1\", []}]", "[{\"1\", []}]"),
     {"skipped-entry 2:4"}},
    {"ThreeParts",
     versions("[{\"1\", [], []}, {\"1\", []}]", "[{\"1\", []}]"),
     {"skipped-entry 2:3"}},
    {"OddBits", versions("[{<<1:4>>, []}, {\"1\", []}]", "[{\"1\", []}]"), {"skipped-entry 2:4"}},
    {"ListOfNumbers", entries("[{[49, 46, 48], []}]"), {}},
    {"NoListUp", versions("none", "[{\"1.0\", []}]"), {"wrong-frame 2:2"}},
    {"ImproperListDown", versions("[]", "[{\"1.0\", []} | x]"), {"wrong-frame 3:2"}},
    {"NoInstructions", "{\"2.0\", [{\"1.0\",\n x}], [{\"1.0\", []}]}.", {"wrong-frame 2:2"}},
    {"EmptyInnerList", instructions("[{load_module, a}, []]"), {"spliced-list 2:21"}},
    {"ShortFormInside",
     instructions("[[{load_module, a}]]"),
     {"spliced-list 2:3", "bad-instruction 2:4"}},
    {"SuspendInside", instructions("[[{suspend, [a]}], {resume, [a]}]"), {"spliced-list 2:3"}},
    {"ResumedTwice", instructions("[{suspend, [a]}, {resume, [a]}, {resume, [a]}]"), {}},
    {"SuspendedAgain",
     instructions("[{suspend, [a, b]}, {resume, [a, b]}, {suspend, [{b, 7}]}]"),
     {"resume-before-suspend 2:22"}},
    {"NeverResumed", instructions("[{suspend, [a]}]"), {"unbalanced-suspend 2:3"}},
    {"ChangedBehindResume",
     instructions("[{suspend, [a]}, {resume, [a]}, {code_change, up, [{a, []}]}]"),
     {"code-change-unsuspended 2:34"}},
    {"ChangedInTime",
     instructions("[{suspend, [a, b]}, {code_change, [{b, []}, {a, []}]}, {resume, [a, b]}]"),
     {}},
    {"StartedOnly", instructions("[{start, [a]}]"), {"unbalanced-stop 2:3"}},
    {"TwoPoints",
     instructions("[point_of_no_return, point_of_no_return]"),
     {"misplaced-point-of-no-return 2:23"}},
    {"AddedAndDeleted",
     instructions("[{add_module, a}, {delete_module, a}, {delete_module, b}]"),
     {"duplicate-instruction 2:20"}},
    {"DepModsOfAnotherApplication",
     instructions("[{load_module, a, [elsewhere]}]"),
     {"untied-dependency 2:21"}},
    {"OneVersionTwice",
     instructions("[{load_object_code, {a, \"1\", [a]}}, {load_object_code, {b, \"2\", [b]}}]"),
     {}},
    {"CommentsBehind", "{\"2.0\", [], []}. % all\n\n%% of it\n", {}},
    {"GarbageBehind", "{\"2.0\", [], []}. % all\n  }\n", {"text-behind-term 2:3"}},

    {"SameString",
     entries("[{\"1.0\", []}, {\"1.0\", []}]"),
     {"shadowed-entry 2:17", "shadowed-entry 3:17"}},
    {"SameRegex",
     versions("[{<<\"1.*\">>, []}, {<<\"1.*\">>, []}]", "[{<<\"1.*\">>, []}]"),
     {"shadowed-entry 2:21"}},
    {"RegexOfOneVersion",
     versions("[{\"1.0\", []}, {<<\"^1\\\\.0$\">>, []}]", "[{\"1.0\", []}]"),
     {"shadowed-entry 2:17"}},
    {"AllBeforeRegex",
     versions("[{<<\".*\">>, []}, {<<\"1.*\">>, []}]", "[{<<\".*\">>, []}]"),
     {"shadowed-entry 2:20"}},
    {"RegexThatOnlyStartsTheSame", entries("[{<<\"1\\\\.0\">>, []}, {\"1.0.1\", []}]"), {}},
    {"RegexBehindString", entries("[{\"1.0\", []}, {<<\"1\\\\..*\">>, []}]"), {}},

    {"Broken", entries("[{<<\"1(\">>, []}]"), {"unmatchable-regex 2:4", "unmatchable-regex 3:4"}},
    {"Empty",
     versions("[{<<>>, []}]", "[{<<>>, []}]"),
     {"unmatchable-regex 2:4", "unmatchable-regex 3:4"}},
    {"LazyAtTheEnd",
     versions("[{<<\"1\\\\..*?\">>, []}]", "[{<<\"1\\\\..*\">>, []}]"),
     {"unmatchable-regex 2:4"}},
    {"LazyButAnchored", entries("[{<<\"^1\\\\..*?$\">>, []}]"), {}},
    {"AnchorInside",
     versions("[{<<\"1$\\\\.0\">>, []}, {\"1\", []}]", "[{\"1\", []}]"),
     {"unmatchable-regex 2:4"}},
    {"LongerFirst", entries("[{<<\"1\\\\.0\\\\.1|1\\\\.0\">>, []}]"), {}},
    {"NotUnderstood", entries("[{<<\"(?i)1\\\\.0-RC(?=1)1|x\\\\1()\">>, []}]"), {}},
    {"OfOtp", entries("[{<<\"^8\\\\.0\\\\.0(?:\\\\.[0-9]+)+$\">>, []}]"), {}},

    {"Star", versions("[{\"1.*\", []}]", "[{<<\"1.*\">>, []}]"), {"regex-in-string 2:4"}},
    {"BuildAndCandidate", entries("[{\"1.0.4+15-sha\", []}, {\"2.9.6-rc.0\", []}]"), {}},

    {"NoWayBack", versions("[{\"1.0\", []}, {\"1.1\", []}]", "[]"), {"one-way-entry 3:2"}},
    {"NoWayUp", versions("[]", "[{\"1.0\", []}]"), {"one-way-entry 2:2"}},
    {"NoWayAtAll", versions("[]", "[]"), {}},
    {"DownOnly",
     versions("[{\"1.0\", []}]", "[{\"1.0\", []}, {\"0.9\", []}]"),
     {"one-way-entry 3:17"}},
    {"RegexForStrings", versions("[{<<\"1\\\\.[0-9]\">>, []}]", "[{\"1.7\", []}]"), {}},
    {"OtherRegex", versions("[{<<\"1\\\\.[0-9]+\">>, []}]", "[{<<\"1\\\\..*\">>, []}]"), {}},
    {"RegexWithoutWayBack",
     versions("[{<<\"1\\\\.[0-9]+\">>, []}]", "[{\"2.0\", []}]"),
     {"one-way-entry 2:4", "one-way-entry 3:4"}},
};

std::vector<std::string> summary(const Diagnostics& findings) {
  std::vector<std::string> lines;
  for (const Diagnostic& finding : findings) {
    const Position place = finding.source->position(finding.span.begin);
    lines.push_back(finding.rule + " " + std::to_string(place.line) + ":" +
                    std::to_string(place.column));
  }
  return lines;
}

Diagnostics lint_text(const std::string& text, const std::string& policy = "") {
  LintRequest request;
  request.appups.push_back({"ebin/shop.appup.src", text});
  request.policy = policy::read_policy("relup.yaml", policy).policy;
  return lint(request);
}

class GrammarRules : public ::testing::TestWithParam<Case> {};

TEST_P(GrammarRules, FindThis) {
  EXPECT_THAT(summary(lint_text(GetParam().text)), ElementsAreArray(GetParam().findings))
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(All, GrammarRules, ::testing::ValuesIn(cases),
                         [](const auto& test) { return test.param.name; });

TEST(UncoveredVersion, KnowsTheApplicationByTheNameOfTheFile) {
  const std::string text = versions("[{<<\"1\\\\..*\">>, []}]", "[{<<\"1\\\\..*\">>, []}]");
  const auto found = [&](const std::string& application) {
    return summary(lint_text(
        text, "applications: {" + application + ": {deployed: [1.0, \"0.9\", \"2.0\"]}}"));
  };
  EXPECT_THAT(found("shop"), ElementsAreArray({"uncovered-version 2:2"}));
  EXPECT_THAT(found("till"), IsEmpty());
}

// The text after the fixes of all findings.
std::string fixed(std::string text) {
  std::vector<Edit> edits;
  for (const Diagnostic& finding : lint_text(text)) {
    if (finding.fix)
      edits.insert(edits.end(), finding.fix->edits.begin(), finding.fix->edits.end());
  }
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& left, const Edit& right) {
    return left.span.begin > right.span.begin;
  });
  for (const Edit& edit : edits)
    text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
  return text;
}

TEST(Fixes, TakeTheFindingAway) {
  EXPECT_EQ(fixed(instructions("[[{load_module, a}], b]")), instructions("[{load_module, a}, b]"));
  EXPECT_EQ(fixed(entries("[{<<\"1\\\\.0|1\\\\.0\\\\.1\">>, []}]")),
            entries("[{<<\"^(?:1\\\\.0|1\\\\.0\\\\.1)$\">>, []}]"));
  EXPECT_EQ(fixed(entries("[{\"1\\\\.[0-9]+\", []}]")), entries("[{<<\"1\\\\.[0-9]+\">>, []}]"));
}

TEST(Fixes, AreMissingWhereTheyMightChangeMore) {
  for (const std::string& text :
       {entries("[{\".*\", []}, {\"1.0\", []}]"), entries("[{\"1\" \"\\\\.[0-9]+\", []}]"),
        instructions("[[[{load_module, a}]], [\"b\"]]"), instructions("[[], \"b\"]"),
        entries("[{<<\"1\\\\.0|1\\\\.0\", \"\\\\.1\">>, []}]")}) {
    EXPECT_EQ(fixed(text), text);
  }
}

}  // namespace
}  // namespace relup::lint
