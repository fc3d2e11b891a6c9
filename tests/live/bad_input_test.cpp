// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a tarball or a release tree is found before anything is changed: the exit code
// says whose fault it is, the message names the file and the place in it, the host stays as it was.

#include <filesystem>

#include "live/support/listing.hpp"
#include "live/support/source_variant.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// A way to spoil a tarball, as commands for the shell: $T is the tarball.
struct BadTarball {
  std::string name;
  std::string damage;
  std::string message;  // part of what relup says
};

// To change what is in the tarball, whose list of checksums goes, or it would tell all.
std::string inside(const std::string& commands) {
  return "tar xzf $T; rm releases/1.1.0/SHA256SUMS; " + commands + "; tar -I 'gzip -1' -cf $T *";
}
std::string with_manifest(const std::string& commands) {
  return "tar xzf $T; " + commands + "; tar -I 'gzip -1' -cf $T *";
}

const std::string ebin = "lib/tally-1.1.0/ebin/";
const std::string releases = "releases/1.1.0/";

const std::vector<BadTarball> bad_tarballs = {
    {"empty", ": > $T", ""},
    {"no archive", "echo hello > $T", ""},
    {"truncated at the start", "truncate -s 100 $T", ""},
    {"truncated in the middle", "truncate -s $(($(stat -c %s $T) / 2)) $T", ""},
    {"truncated at the end", "truncate -s -1 $T", ""},
    {"flipped bytes", R"(printf '\125\252\125' | dd of=$T bs=1 seek=300000 conv=notrunc)", ""},
    {"flipped byte in the checksum of gzip",
     R"(printf '\125\252' | dd of=$T bs=1 seek=$(($(stat -c %s $T) - 8)) conv=notrunc)", ""},
    {"a member that climbs out",
     "echo evil > evil; gunzip -c $T > t.tar; "
     "tar -r -P -f t.tar --transform 's,^,../../,' evil; gzip -c t.tar > $T",
     "../../evil"},
    {"an absolute member",
     "echo evil > evil; gunzip -c $T > t.tar; "
     "tar -r -P -f t.tar --transform 's,^,/tmp/,' evil; gzip -c t.tar > $T",
     "/tmp/evil"},
    {"a link that leads out", inside("ln -s /etc lib/tally-1.1.0/priv"), "priv"},
    {"another file than listed", with_manifest("echo >> " + releases + "sys.config"),
     releases + "sys.config"},
    {"a listed file is missing", with_manifest("rm " + ebin + "tally_sup.beam"),
     ebin + "tally_sup.beam"},
    {"a file that is not listed", with_manifest("touch " + ebin + "more.beam"), ebin + "more.beam"},
    {"a broken list", with_manifest("echo hello > " + releases + "SHA256SUMS"),
     releases + "SHA256SUMS"},
    {"truncated .rel", inside("truncate -s 40 " + releases + "*.rel releases/*.rel"),
     "tally.rel:2:13:"},
    {"truncated .app", inside("truncate -s 60 " + ebin + "tally.app"), ebin + "tally.app:2:"},
    {".app of another version", inside("sed -i s/1.1.0/1.2.0/ " + ebin + "tally.app"),
     "tally 1.1.0"},
    {"an application is missing", inside("rm -r lib/tally-1.1.0"), "tally 1.1.0"},
    {"truncated .beam", inside("truncate -s 700 " + ebin + "tally_sup.beam"),
     ebin + "tally_sup.beam"},
    {"empty .beam", inside(": > " + ebin + "tally_sup.beam"), ebin + "tally_sup.beam"},
    {".beam under a wrong name",
     inside("cp " + ebin + "tally_format.beam " + ebin + "tally_sup.beam"),
     ebin + "tally_sup.beam"},
    {"a .beam is missing", inside("rm " + ebin + "tally_stats.beam"), "tally_stats"},
    {"no boot file", inside("rm " + releases + "start.boot"), "start.boot"},
    {"truncated boot file", inside("truncate -s 500 " + releases + "start.boot"), "start.boot"},
    {"truncated relup", inside("truncate -s 200 " + releases + "relup"), releases + "relup:"},
    {"relup is no relup", inside("echo '{\"1.1.0\",[]}.' > " + releases + "relup"),
     releases + "relup"},
    {"relup with an unknown instruction",
     inside("sed -i 's/point_of_no_return/point_of_some_return/' " + releases + "relup"),
     releases + "relup"},
    {"relup from another version", inside("sed -i s/1.0.0/0.9.0/ " + releases + "relup"),
     "no relup leads from 1.0.0"},
    {"broken sys.config", inside("truncate -s 100 " + releases + "sys.config"),
     releases + "sys.config"},
    {"a library with other code",
     inside("cp " + ebin + "tally_sup.beam lib/stdlib-*/ebin/lists.beam"), "lists.beam"},
};

class BadTarballTest : public LiveTest {
 protected:
  BadTarballTest() {
    start(standard_builds());
    before_ = list_host(site_.root());
  }

  // The same host for all of them: it must be as before each time.
  void try_upgrade(const BadTarball& bad) {
    SCOPED_TRACE(bad.name);
    const support::TemporaryDirectory workshop("relup-workshop");
    fs::copy_file(standard_builds().tarball(), site_.tarball(),
                  fs::copy_options::overwrite_existing);
    shell("T=" + site_.tarball().string() + "; " + bad.damage, workshop.path());
    const Listing before = list_host(site_.root());
    const RelupResult check = site_.relup({"check", "1.1.0"});
    EXPECT_NE(check.exit_code, 0) << check;
    EXPECT_THAT(check.output, AllOf(HasSubstr(bad.message), HasSubstr("it would be refused")));
    const RelupResult result = relup({"upgrade", "1.1.0", "--progress", "none"}, 3);
    EXPECT_THAT(result.errors, HasSubstr(bad.message));
    EXPECT_THAT(result.errors, HasSubstr("1.1.0"));
    EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
  }

  Listing before_;
};

TEST_F(BadTarballTest, IsRefusedBeforeAnythingIsChanged) {
  for (const BadTarball& bad : bad_tarballs)
    try_upgrade(bad);
  expect_running("1.0.0", "1.0.0");
  fs::copy_file(standard_builds().tarball(), site_.tarball(), fs::copy_options::overwrite_existing);
  EXPECT_THAT(differences(before_, list_host(site_.root())), IsEmpty());
  relup({"upgrade", "1.1.0"});
  expect_running("1.1.0", "1.1.0");
}

TEST_F(BadTarballTest, OfAnotherVersionSaysWhatItHolds) {
  const std::string old_root = standard_builds().old_root();
  relup({"pack", old_root, "-o", site_.tarball()});
  const Listing before = list_host(site_.root());
  const RelupResult result = relup({"upgrade", "1.1.0"}, 3);
  EXPECT_THAT(result.errors, HasSubstr("does not hold release 1.1.0; it holds 1.0.0"));
  EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
}

TEST_F(BadTarballTest, OfAVersionThatNobodyHasIsAWrongCall) {
  const RelupResult result = relup({"upgrade", "9.9"}, 2);
  EXPECT_THAT(result.errors, HasSubstr("no release 9.9"));
  EXPECT_THAT(result.errors, HasSubstr("tally-9.9.tar.gz"));
  EXPECT_THAT(differences(before_, list_host(site_.root())), IsEmpty());
}

// A way to spoil the tree of 1.1.0 on the build machine, and what `relup generate` says.
struct BadTree {
  std::string name;
  std::string damage;
  std::string message;
};

const std::vector<BadTree> bad_trees = {
    {"truncated .beam", "truncate -s 700 " + ebin + "tally_sup.beam",
     ebin + "tally_sup.beam: not a sound BEAM file: byte 8"},
    {"empty .beam", ": > " + ebin + "tally_sup.beam", ebin + "tally_sup.beam"},
    {"flipped size in a .beam",
     R"(printf '\377' | dd of=)" + ebin + "tally_sup.beam bs=1 seek=17 conv=notrunc",
     ebin + "tally_sup.beam: not a sound BEAM file: chunk AtU8, byte 20"},
    {"truncated .app", "truncate -s 60 " + ebin + "tally.app", ebin + "tally.app:2:"},
    {"empty .app", ": > " + ebin + "tally.app", ebin + "tally.app:1:"},
    {"truncated .rel", "truncate -s 40 " + releases + "*.rel", "tally.rel:2:"},
    {"truncated appup", "echo '{\"1.1.0\", [' > " + ebin + "tally.appup", ebin + "tally.appup:"},
    {"appup with an unknown instruction",
     "echo '{\"1.1.0\", [{\"1.0.0\", [{reload, m}]}], [{\"1.0.0\", []}]}.' > " + ebin +
         "tally.appup",
     ebin + "tally.appup:1:"},
};

class BadTreeTest : public LiveTest {};

TEST_F(BadTreeTest, IsRefusedAndLeftAsItIs) {
  BuildMachine builds(tools());
  builds.build();
  const fs::path healthy = builds.directory() / "healthy";
  fs::rename(builds.new_root(), healthy);
  for (const BadTree& bad : bad_trees) {
    SCOPED_TRACE(bad.name);
    fs::remove_all(builds.new_root());
    fs::copy(healthy, builds.new_root(), fs::copy_options::recursive);
    shell(bad.damage, builds.new_root());
    const Listing before = list_tree(builds.new_root());
    const RelupResult result = builds.generate();
    EXPECT_EQ(result.exit_code, 3) << result;
    EXPECT_THAT(result.errors, HasSubstr(bad.message));
    EXPECT_THAT(differences(before, list_tree(builds.new_root())), IsEmpty());
  }
}

}  // namespace
}  // namespace relup::live_tests
