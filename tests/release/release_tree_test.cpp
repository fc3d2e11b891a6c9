// SPDX-License-Identifier: Apache-2.0
#include "release/release_tree.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/external.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

using support::SampleApplication;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReleaseTreeTest : public ::testing::Test {
 protected:
  ReleaseTreeTest() {
    support::write_release(
        files_, "/root",
        {"1.0",
         {{"shop", "1.0", {{"m", "beam m"}, {"Elixir.Shop", "beam s"}}, {"till"}},
          {"till", "2-rc.1", {{"t", "beam t"}}}}});
  }

  ReleaseTree load() { return load_release(resolve_reference(files_, "/root"), {}); }

  std::string message() {
    try {
      load();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_input);
      return error.message();
    }
    return "no error";
  }

  support::MemoryFileSystem files_;
};

TEST_F(ReleaseTreeTest, HasTheApplicationsOfTheRelFile) {
  const ReleaseTree tree = load();
  EXPECT_EQ(tree.name(), "shop");
  EXPECT_EQ(tree.version(), "1.0");
  std::vector<std::string> directories;
  for (const TreeApplication& application : tree.applications)
    directories.push_back(application.directory);
  EXPECT_THAT(directories, ElementsAre("lib/kernel-8.5.3", "lib/stdlib-4.2", "lib/sasl-4.2",
                                       "lib/shop-1.0", "lib/till-2-rc.1"));
  const TreeApplication* shop = tree.find(Atom("shop"));
  ASSERT_NE(shop, nullptr);
  EXPECT_THAT(shop->beam_modules, ElementsAre(Atom("Elixir.Shop"), Atom("m")));
  EXPECT_EQ(ReleaseTree::beam_path(*shop, Atom("m")), "lib/shop-1.0/ebin/m.beam");
  EXPECT_EQ(tree.find(Atom("nobody")), nullptr);
}

// include_erts: false. What such a release takes from the system's OTP stands in its boot script.
TEST_F(ReleaseTreeTest, ApplicationsOfTheSystemAreKnownByTheBootScript) {
  files_.remove_all("/root/lib/stdlib-4.2");
  EXPECT_THAT(message(), HasSubstr("stdlib 4.2 is not in lib/"));
  const Term script = parse_single_term(
      "script",
      "{script,{\"shop\",\"1.0\"},[{path,[\"$ROOT/lib/stdlib-4.2/ebin\"]},"
      "{apply,{application,load,[{application,stdlib,[{description,\"\"},{vsn,\"4.2\"},"
      "{modules,[lists]},{registered,[]},{applications,[kernel]}]}]}}]}.");
  support::write_file(files_, "/root/releases/1.0/start.boot", encode_external(script));
  const ReleaseTree tree = load();
  EXPECT_TRUE(tree.find(Atom("stdlib"))->is_of_system);
  EXPECT_FALSE(tree.find(Atom("kernel"))->is_of_system);
  EXPECT_THAT(tree.release.find(Atom("stdlib"))->file.modules, ElementsAre(Atom("lists")));
  support::write_file(files_, "/root/erts-13.1.5/bin/beam.smp", "");
  EXPECT_THAT(message(), HasSubstr("stdlib 4.2 is not in lib/"));
}

TEST_F(ReleaseTreeTest, StartOrderIsByNeed) {
  std::vector<std::string> order;
  for (const Application& application : load().release.applications)
    order.push_back(application.name().name());
  EXPECT_THAT(order, ElementsAre("kernel", "stdlib", "sasl", "till", "shop"));
}

TEST_F(ReleaseTreeTest, ADirectoryWithoutAVersionWillDo) {
  files_.rename("/root/lib/shop-1.0", "/root/lib/shop");
  EXPECT_EQ(load().find(Atom("shop"))->directory, "lib/shop");
}

TEST_F(ReleaseTreeTest, ModulesAreSortedByTheirNamesNotByThoseOfTheirFiles) {
  support::MemoryFileSystem files;
  for (const char* file : {"a.beam", "a.b.beam", "a_b.beam", "note.txt"})
    files.add_file(std::string("/ebin/") + file, "");
  const std::vector<Atom> modules = modules_in(DirectoryFiles(files, "/"), "ebin");
  ASSERT_EQ(modules.size(), 3U);
  EXPECT_EQ(modules[0].name() + " " + modules[1].name() + " " + modules[2].name(), "a a.b a_b");
}

TEST_F(ReleaseTreeTest, AllThatIsMissingIsSaidAtOnce) {
  files_.remove_all("/root/lib/shop-1.0");
  files_.remove_all("/root/lib/sasl-4.2");
  EXPECT_THAT(message(),
              AllOf(HasSubstr("the release 1.0 cannot be used:\n"),
                    HasSubstr("/root/releases/1.0/shop.rel:2:35: error: sasl 4.2 is not in lib/"),
                    HasSubstr("shop 1.0 is not in lib/"),
                    HasSubstr("a release must hold all of its applications")));
}

TEST_F(ReleaseTreeTest, AnotherVersionThatIsThereIsNamed) {
  support::write_file(files_, "/root/lib/shop-1.0/ebin/shop.app",
                      support::app_file_text({"shop", "0.9"}));
  EXPECT_THAT(message(), HasSubstr("shop 1.0 is not in lib/ of /root (found 0.9)"));
}

TEST_F(ReleaseTreeTest, EveryTruncationOfAnAppFileIsAnErrorThatNamesIt) {
  const std::string path = "/root/lib/shop-1.0/ebin/shop.app";
  const std::string text = files_.read(path);
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    support::write_file(files_, path, text.substr(0, length));
    // Without its last line end the file is whole.
    if (length + 2 == text.size()) break;
    ASSERT_THAT(message(), HasSubstr(path)) << length;
  }
}

TEST_F(ReleaseTreeTest, EveryTruncationOfARelFileIsAnErrorThatNamesIt) {
  const std::string path = "/root/releases/1.0/shop.rel";
  const std::string text = files_.read(path);
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    support::write_file(files_, path, text.substr(0, length));
    ASSERT_THAT(message(), HasSubstr(path)) << length;
  }
}

}  // namespace
}  // namespace relup::release
