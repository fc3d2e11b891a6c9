// SPDX-License-Identifier: Apache-2.0
#include "host/journal.hpp"

#include <algorithm>
#include <cerrno>

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "support/memory_file_system.hpp"

namespace relup::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string root = "/opt/shop";
const std::string boot_file = root + "/releases/start_erl.data";

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() { files_.add_file(boot_file, "13.1.5 1.0.0"); }

  Journal journal(const std::string& verb = "upgrade") {
    Journal journal(files_, real_clock(), root);
    journal.name(verb, {"shop", 4711, "0.1.0"});
    journal.way("1.0.0", "1.1.0");
    return journal;
  }

  JournalContent read() { return read_journal(files_, root); }

  // All records that there are.
  void upgrade() {
    Journal writer = journal();
    writer.node("12");
    writer.step({"verify", Milliseconds{3}, false});
    writer.about_to_publish({"lib/shop-1.1.0", "releases/1.1.0"});
    writer.keep("releases/start_erl.data");
    writer.about_to_install();
    writer.step({"install", Milliseconds{40}, true});
    writer.decide({"1.1.0", "13.1.5", "", {}});
    writer.end({"done", "upgraded", WallTime{7}, {"shop_price: <0.1.0>"}, false});
  }

  support::MemoryFileSystem files_;
};

TEST_F(JournalTest, WhatIsWrittenIsRead) {
  upgrade();
  const JournalContent content = read();
  ASSERT_EQ(content.operations.size(), 1U);
  EXPECT_EQ(content.damaged_lines, 0U);
  EXPECT_EQ(content.open(), nullptr);
  const Operation& operation = content.operations[0];
  EXPECT_EQ(operation.number, 1);
  EXPECT_EQ(operation.verb, "upgrade");
  EXPECT_EQ(operation.from, "1.0.0");
  EXPECT_EQ(operation.to, "1.1.0");
  EXPECT_EQ(operation.actor.user, "shop");
  EXPECT_EQ(operation.actor.pid, 4711);
  EXPECT_EQ(operation.actor.relup, "0.1.0");
  EXPECT_EQ(operation.node_pid, "12");
  EXPECT_GT(operation.begun.count(), 0);
  ASSERT_EQ(operation.steps.size(), 2U);
  EXPECT_EQ(operation.steps[0].step, "verify");
  EXPECT_EQ(operation.steps[1].took.count(), 40);
  EXPECT_TRUE(operation.steps[1].has_failed);
  EXPECT_THAT(operation.published, ElementsAre("lib/shop-1.1.0", "releases/1.1.0"));
  EXPECT_TRUE(operation.is_install_asked);
  EXPECT_EQ(operation.decision->boots, "1.1.0");
  EXPECT_EQ(operation.end->how, "done");
  EXPECT_EQ(operation.end->at.count(), 7);
  EXPECT_THAT(operation.end->hurt, ElementsAre("shop_price: <0.1.0>"));
  EXPECT_EQ(operation.end->node_was_restarted, false);
}

TEST_F(JournalTest, AnOperationThatChangesNothingLeavesNoTrace) {
  Journal writer = journal();
  writer.step({"verify", Milliseconds{3}, true});
  writer.end({"bad_input", "no"});
  EXPECT_FALSE(files_.info(own_directory(root)));
}

TEST_F(JournalTest, OperationsAreNumbered) {
  upgrade();
  journal("commit").decide({"1.1.0", "13.1.5", "", {}});
  const JournalContent content = read();
  ASSERT_NE(content.open(), nullptr);
  EXPECT_EQ(content.open()->verb, "commit");
  EXPECT_EQ(content.open()->number, 2);
}

TEST_F(JournalTest, AnotherRelupCanEndIt) {
  journal().about_to_install();
  Journal(files_, real_clock(), root).end(1, {"undone", "1.0.0 boots"});
  EXPECT_EQ(read().open(), nullptr);
  EXPECT_EQ(read().operations[0].end->how, "undone");
}

TEST_F(JournalTest, AnUncertainEndIsNone) {
  Journal writer = journal();
  writer.about_to_install();
  writer.end({"uncertain", "who knows"});
  ASSERT_NE(read().open(), nullptr);
  EXPECT_EQ(read().open()->end->how, "uncertain");
}

// Whatever the last write left, what came before it is read, and what comes after it, too.
TEST_F(JournalTest, EveryTruncationIsReadAsFarAsItGoes) {
  upgrade();
  const std::string whole = files_.read(journal_path(root));
  const std::size_t lines = static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\n'));
  ASSERT_EQ(lines, 8U);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    files_.add_file(journal_path(root), cut);
    const JournalContent content = read();
    const bool ends_a_line = cut.empty() || cut.back() == '\n' || whole[size] == '\n';
    EXPECT_EQ(content.damaged_lines, ends_a_line ? 0U : 1U) << size;
    EXPECT_EQ(content.operations.size(), size < whole.find('\n') ? 0U : 1U) << size;
    EXPECT_EQ(content.open() != nullptr, !content.operations.empty() && size + 1 < whole.size());
    journal("commit").about_to_install();
    ASSERT_EQ(read().operations.size(), content.operations.size() + 1) << size;
    EXPECT_TRUE(read().operations.back().is_install_asked) << size;
  }
}

TEST_F(JournalTest, ALineWithAFlippedBitIsSkipped) {
  upgrade();
  const std::string whole = files_.read(journal_path(root));
  const std::size_t before = parse_journal(whole).operations[0].steps.size();
  const std::size_t line = whole.find("\"step\"");
  for (std::size_t at = line; at < line + 30; ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    const JournalContent content = parse_journal(flipped);
    EXPECT_EQ(content.damaged_lines, 1U);
    EXPECT_EQ(content.operations[0].steps.size(), before - 1);
    EXPECT_EQ(content.open(), nullptr);
  }
}

std::string line(const std::string& json) {
  return sha256_hex(json).substr(0, 16) + " " + json + "\n";
}

// A journal of the first format, as it lay on a disk: it is to be read for ever.
TEST_F(JournalTest, TheFirstFormatIsRead) {
  const std::string path = std::string(RELUP_TESTDATA) + "/journal/format-1.journal";
  const JournalContent content = parse_journal(real_file_system().read(path));
  EXPECT_EQ(content.damaged_lines, 0U);
  ASSERT_EQ(content.operations.size(), 2U);
  EXPECT_EQ(content.operations[0].end->how, "done");
  EXPECT_EQ(content.operations[0].kept.at(0).file, "releases/start_erl.data");
  EXPECT_EQ(content.operations[0].actor.user, "shop");
  EXPECT_EQ(content.open()->verb, "remove");
  EXPECT_EQ(content.open()->decision->removed, "1.0.0");
  EXPECT_THAT(content.open()->decision->deleted, ElementsAre("releases/1.0.0", "lib/shop-1.0.0"));
}

TEST_F(JournalTest, WhatALaterVersionAddsIsSkipped) {
  const JournalContent content = parse_journal(
      line(R"({"kind":"begin","journal":1,"n":4,"verb":"upgrade","to":"2","mood":[1,{"a":1.5}]})") +
      line(R"({"kind":"song","n":4,"text":"la"})") + line(R"({"kind":"install","n":4,"at":null})") +
      line(R"({"kind":"install","n":3})") + line(R"(["no object"])"));
  EXPECT_EQ(content.damaged_lines, 0U);
  ASSERT_EQ(content.operations.size(), 1U);
  EXPECT_EQ(content.operations[0].to, "2");
  EXPECT_TRUE(content.operations[0].is_install_asked);
}

TEST_F(JournalTest, AFormatOfALaterVersionIsSeen) {
  const JournalContent content =
      parse_journal(line(R"({"kind":"begin","journal":2,"n":1,"verb":"graft"})"));
  EXPECT_EQ(content.open()->format, 2);
}

TEST_F(JournalTest, DeepNestingIsNoRecord) {
  const std::string deep = std::string(100'000, '[');
  EXPECT_EQ(parse_journal(line(deep)).damaged_lines, 1U);
  EXPECT_EQ(parse_journal(line(deep + std::string(100'000, ']'))).damaged_lines, 1U);
}

TEST_F(JournalTest, KeepsAFileAsItWas) {
  Journal writer = journal();
  writer.keep("releases/start_erl.data");
  files_.add_file(boot_file, "");
  const Operation operation = read().operations.at(0);
  ASSERT_EQ(operation.kept.size(), 1U);
  EXPECT_EQ(kept_content(files_, root, operation, operation.kept[0]), "13.1.5 1.0.0");
  writer.keep("releases/RELEASES");
  EXPECT_FALSE(read().operations[0].kept.at(1).copy);
  writer.end({"undone", ""});
  EXPECT_THAT(files_.files_below(own_directory(root)), ElementsAre(journal_path(root)));
}

TEST_F(JournalTest, ASecondCopyIsMadeWhereTheFileHasChanged) {
  Journal writer = journal();
  writer.keep("releases/start_erl.data");
  writer.keep("releases/start_erl.data");
  EXPECT_EQ(read().operations[0].kept.size(), 1U);
  files_.add_file(boot_file, "13.1.5 1.1.0");
  writer.keep("releases/start_erl.data");
  const Operation operation = read().operations[0];
  ASSERT_EQ(operation.kept.size(), 2U);
  EXPECT_EQ(kept_content(files_, root, operation, operation.kept[0]), "13.1.5 1.0.0");
  EXPECT_EQ(kept_content(files_, root, operation, operation.kept[1]), "13.1.5 1.1.0");
}

TEST_F(JournalTest, ADamagedCopyIsNone) {
  Journal writer = journal();
  writer.keep("releases/start_erl.data");
  files_.add_file(own_directory(root) + "/kept/1/1-start_erl.data", "13.1.5 1.0");
  const Operation operation = read().operations[0];
  EXPECT_FALSE(kept_content(files_, root, operation, operation.kept[0]));
}

// A record is on the disk when the call that writes it has returned, and so is what was kept.
TEST_F(JournalTest, SurvivesAPowerCut) {
  Journal writer = journal();
  writer.keep("releases/start_erl.data");
  files_.crash();
  const Operation operation = read().operations.at(0);
  EXPECT_EQ(kept_content(files_, root, operation, operation.kept.at(0)), "13.1.5 1.0.0");
  writer.about_to_install();
  files_.crash();
  EXPECT_TRUE(read().operations[0].is_install_asked);
}

TEST_F(JournalTest, AFullDiskIsTold) {
  files_.set_byte_budget(20);
  Journal writer = journal();
  try {
    writer.about_to_install();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.error_number(), ENOSPC);
  }
  EXPECT_FALSE(writer.has_begun());
  EXPECT_THAT(read().operations, IsEmpty());
}

}  // namespace
}  // namespace relup::host
