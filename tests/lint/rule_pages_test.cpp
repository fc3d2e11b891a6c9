// SPDX-License-Identifier: Apache-2.0
//
// docs/rules/ is what the rules say, page by page. RELUP_UPDATE_GOLDEN=1 writes the pages anew, and
// takes those away that no rule has.
#include <cstdlib>
#include <set>

#include <gmock/gmock.h>

#include "base/file_system.hpp"
#include "lint/rule_list.hpp"
#include "lint/rule_page.hpp"
#include "support/golden.hpp"

namespace relup::lint {
namespace {

const std::string directory = RELUP_TESTDATA "/../docs/rules";

TEST(RulePages, AreWhatTheRulesSay) {
  support::expect_golden("../docs/rules/README.md", markdown_index(all_rules()));
  for (const Rule* rule : all_rules())
    support::expect_golden("../docs/rules/" + page_name(*rule), markdown_page(*rule));
}

TEST(RulePages, AreThereForRulesOnly) {
  std::set<std::string> names{"README.md"};
  for (const Rule* rule : all_rules())
    names.insert(page_name(*rule));
  FileSystem& files = real_file_system();
  for (const DirectoryEntry& entry : files.list(directory)) {
    if (names.contains(entry.name)) continue;
    if (std::getenv("RELUP_UPDATE_GOLDEN") != nullptr) {
      files.remove_file(join_path(directory, entry.name));
    } else {
      ADD_FAILURE() << "docs/rules/" << entry.name << " is the page of no rule";
    }
  }
}

}  // namespace
}  // namespace relup::lint
