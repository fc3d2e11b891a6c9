// SPDX-License-Identifier: Apache-2.0
//
// A file that is cut off anywhere is linted like any other.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "lint/fix.hpp"
#include "lint/rule_list.hpp"

namespace relup::lint {
namespace {

namespace fs = std::filesystem;

// The appups that stand in testdata/, and those of the pages.
std::map<std::string, std::string> all_appups() {
  std::map<std::string, std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(RELUP_TESTDATA)) {
    if (entry.path().extension() != ".appup") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    texts[entry.path().string()] = text.str();
  }
  for (const Rule* rule : all_rules()) {
    texts[std::string(rule->name) + ": wrong"] = rule->page.wrong;
    texts[std::string(rule->name) + ": right"] = rule->page.right;
  }
  return texts;
}

void lint_piece(const std::string& text) {
  LintRequest request;
  request.appups.push_back({"shop.appup", text});
  request.relups.push_back({"relup", text});
  try {
    fix(request);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input) << error.message() << "\n" << text;
  }
}

TEST(Truncations, OfEveryAppupAreLinted) {
  const auto texts = all_appups();
  ASSERT_GT(texts.size(), 2U);
  for (const auto& [name, text] : texts) {
    SCOPED_TRACE(name);
    for (std::size_t size = 0; size <= text.size(); ++size)
      ASSERT_NO_THROW(lint_piece(text.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace relup::lint
