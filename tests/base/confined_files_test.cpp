// SPDX-License-Identifier: Apache-2.0
//
// Nothing is written or removed outside of a root, whatever links lie in it; and modes and owners
// of what is made do not depend on who calls. Each test runs with both ways of following a path.
#include "base/confined_files.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replace_file.hpp"
#include "support/temporary_directory.hpp"

namespace relup {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FileSystem& real() {
  return real_file_system();
}

std::string failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.message();
  }
  return "no failure";
}

// For the time of a test.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

class ConfinedFilesTest : public testing::TestWithParam<Walk> {
 protected:
  ConfinedFilesTest() {
    real().make_directories(root());
    real().make_directories(outside());
    files_.emplace(root(), GetParam());
  }

  std::string root() const { return directory_ / "root"; }
  std::string outside() const { return directory_ / "outside"; }
  std::string in_root(const std::string& name) const { return root() + "/" + name; }
  void expect_nothing_outside() { EXPECT_THAT(real().list(outside()), IsEmpty()); }
  unsigned mode_of(const std::string& name) { return real().link_info(in_root(name))->mode; }

  support::TemporaryDirectory directory_;
  std::optional<ConfinedFiles> files_;
};

TEST_P(ConfinedFilesTest, WorksBelowTheRoot) {
  files_->make_directories(in_root("lib/shop-1/ebin"));
  files_->create(in_root("lib/shop-1/ebin/a.beam"), 0644)->append("code");
  files_->make_symlink("shop-1", in_root("lib/shop"));
  files_->append_to(in_root("lib/shop-1/ebin/a.beam"))->append(" and more");
  EXPECT_EQ(files_->read(in_root("lib/shop/ebin/a.beam")), "code and more");
  files_->rename(in_root("lib/shop-1"), in_root("lib/shop-2"));
  files_->make_directories(in_root("lib/shop-2/ebin"));  // as before
  files_->remove_file(in_root("lib/shop"));
  EXPECT_EQ(files_->read(in_root("lib/shop-2/../shop-2/ebin/a.beam")), "code and more");
  files_->remove_all(in_root("lib"));
  files_->remove_all(in_root("lib"));
  EXPECT_THAT(real().list(root()), IsEmpty());
}

// The fall: the file system that is not confined writes where the link leads.
TEST_P(ConfinedFilesTest, WithoutItALinkLeadsOut) {
  directory_.link(outside(), "root/bin");
  real().create(in_root("bin/shop"), 0644)->append("x");
  EXPECT_EQ(real().list(outside()).size(), 1U);
}

TEST_P(ConfinedFilesTest, NothingGoesByWayOfALink) {
  directory_.link(outside(), "root/bin");
  directory_.write("root/shop", "x");
  const std::string in_link = in_root("bin/shop");
  const auto told =
      AllOf(HasSubstr(in_root("bin") + " is a symbolic link to " + outside()), HasSubstr(root()));
  EXPECT_THAT(failure_of([&] { files_->create(in_link, 0644); }), told);
  EXPECT_THAT(failure_of([&] { files_->make_directories(in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->make_symlink("x", in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->rename(in_root("shop"), in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->try_lock(in_link, "me"); }), told);
  EXPECT_THAT(failure_of([&] { replace_file(*files_, in_link, "x"); }), told);
  expect_nothing_outside();
  directory_.write("outside/shop", "x");
  EXPECT_THAT(failure_of([&] { files_->append_to(in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->remove_file(in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->remove_all(in_link); }), told);
  EXPECT_THAT(failure_of([&] { files_->rename(in_link, in_root("taken")); }), told);
  EXPECT_EQ(real().read(outside() + "/shop"), "x");
}

// A link within the root is one all the same: nobody has to guess which of them are followed.
TEST_P(ConfinedFilesTest, NeitherDoesItByALinkThatStaysInside) {
  directory_.write("root/shared/shop", "x");
  directory_.link("shared", "root/lib");
  EXPECT_THAT(failure_of([&] { files_->create(in_root("lib/new"), 0644); }),
              HasSubstr(in_root("lib") + " is a symbolic link to shared"));
  EXPECT_EQ(files_->read(in_root("lib/shop")), "x");
}

TEST_P(ConfinedFilesTest, ALinkAtTheFileItselfIsNotFollowedOut) {
  directory_.write("outside/passwd", "root");
  directory_.link(outside() + "/passwd", "root/start_erl.data");
  EXPECT_THAT(failure_of([&] { replace_file(*files_, in_root("start_erl.data"), "x"); }),
              HasSubstr("in " + outside() + ", which is not below " + root()));
  EXPECT_EQ(real().read(outside() + "/passwd"), "root");
  replace_file(*files_, in_root("start_erl.data"), "x", {.links = Links::replace});
  EXPECT_EQ(real().link_info(in_root("start_erl.data"))->type, FileType::regular);
  EXPECT_EQ(real().read(outside() + "/passwd"), "root");
}

TEST_P(ConfinedFilesTest, ALinkInARemovedFolderGoesAndWhatItLeadsToStays) {
  directory_.write("outside/kept", "x");
  directory_.write("root/lib/shop/file", "x");
  directory_.link(outside(), "root/lib/shop/priv");
  directory_.link(outside() + "/kept", "root/lib/link");
  files_->remove_all(in_root("lib"));
  EXPECT_FALSE(real().link_info(in_root("lib")));
  EXPECT_EQ(real().read(outside() + "/kept"), "x");
}

TEST_P(ConfinedFilesTest, NoPathLeadsOut) {
  for (const std::string& path :
       {outside() + "/x", in_root("../outside/x"), in_root("lib/../../outside/x"),
        root() + "-other/x", std::string("x")}) {
    EXPECT_THAT(failure_of([&] { files_->create(path, 0644); }), HasSubstr("which is not below"))
        << path;
    EXPECT_THAT(failure_of([&] { files_->remove_all(path); }), HasSubstr("which is not below"))
        << path;
  }
  EXPECT_NE(failure_of([&] { files_->remove_all(root()); }), "no failure");
  expect_nothing_outside();
}

TEST_P(ConfinedFilesTest, AFailureNamesWhatIsMissing) {
  EXPECT_THAT(failure_of([&] { files_->create(in_root("lib/no/x"), 0644); }),
              HasSubstr(in_root("lib")));
  directory_.write("root/file", "x");
  EXPECT_THAT(failure_of([&] { files_->make_directories(in_root("file/x")); }),
              HasSubstr(in_root("file")));
}

// A root that is moved away while we work stays the one.
TEST_P(ConfinedFilesTest, ItIsTheRootThatWasOpened) {
  real().rename(root(), directory_ / "moved");
  directory_.link(outside(), "root");
  files_->create(in_root("x"), 0644);
  expect_nothing_outside();
  EXPECT_TRUE(real().is_file(directory_ / "moved/x"));
}

TEST_P(ConfinedFilesTest, ModesDoNotDependOnTheUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{077}}) {
    const Umask umask(mask);
    files_->make_directories(in_root("lib/shop-1"));
    files_->make_directories(in_root(".relup-staging/lib"));
    files_->create(in_root("lib/code"), 0644);
    files_->create(in_root("lib/program"), 0755);
    files_->create(in_root("lib/secret"), 0600);
    const std::vector<unsigned> modes{mode_of("lib"),
                                      mode_of("lib/shop-1"),
                                      mode_of("lib/code"),
                                      mode_of("lib/program"),
                                      mode_of("lib/secret"),
                                      mode_of(".relup-staging"),
                                      mode_of(".relup-staging/lib")};
    EXPECT_THAT(modes, ElementsAre(0755, 0755, 0644, 0755, 0600, 0700, 0755)) << "umask " << mask;
    files_->remove_all(in_root("lib"));
    files_->remove_all(in_root(".relup-staging"));
  }
}

TEST_P(ConfinedFilesTest, WhatRootMakesBelongsToTheOwnerOfItsFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  constexpr uid_t somebody = 65534;
  ASSERT_EQ(::chown(root().c_str(), somebody, somebody), 0);
  files_->make_directories(in_root("lib/shop-1"));
  files_->create(in_root("lib/shop-1/a"), 0640);
  replace_file(*files_, in_root("RELEASES"), "x");
  for (const char* name : {"lib", "lib/shop-1", "lib/shop-1/a", "RELEASES"}) {
    EXPECT_EQ(real().info(in_root(name))->owner, somebody) << name;
    EXPECT_EQ(real().info(in_root(name))->group, somebody) << name;
  }
  EXPECT_EQ(mode_of("lib/shop-1/a"), 0640U);
}

TEST_P(ConfinedFilesTest, WhatIsKeptOpenIsReadWhateverBecomesOfItsName) {
  const std::string path = directory_ / "shop.tar.gz";
  directory_.write("shop.tar.gz", "old");
  files_->keep_open(path);
  files_->keep_open(directory_ / "missing");
  real().remove_all(path);
  EXPECT_EQ(files_->read(path), "old");
  EXPECT_EQ(files_->read(path), "old");
  EXPECT_EQ(files_->info(path)->size, 3U);
  EXPECT_EQ(files_->open(path)->size(), 3U);
  EXPECT_TRUE(files_->is_file(path));
  EXPECT_FALSE(files_->info(directory_ / "missing"));
}

INSTANTIATE_TEST_SUITE_P(Walks, ConfinedFilesTest,
                         testing::Values(Walk::by_kernel, Walk::step_by_step),
                         [](const auto& walk) {
                           return walk.param == Walk::by_kernel ? "ByKernel" : "StepByStep";
                         });

}  // namespace
}  // namespace relup
