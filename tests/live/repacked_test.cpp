// SPDX-License-Identifier: Apache-2.0
//
// A tarball that is packed again under the same version, and one that must be signed, on a real
// node.

#include <filesystem>

#include "live/support/listing.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RepackedTest : public LiveTest {
 protected:
  RepackedTest() { start(standard_builds()); }

  // Into the tarball, whose list of checksums is made anew.
  void repack(const std::string& commands) {
    const support::TemporaryDirectory workshop("relup-workshop");
    shell("T=" + site_.tarball().string() + "; tar xzf $T; " + commands +
              "; tar -I 'gzip -1' -cf again.tar.gz *; " + RELUP_PROGRAM +
              " pack again.tar.gz -o $T",
          workshop.path());
  }
};

TEST_F(RepackedTest, AnInstallThatWasTakenBackIsUnpackedAnew) {
  relup({"upgrade", "1.1.0", "--no-commit"});
  relup({"rollback"});
  const std::string marker = site_.root() / "lib/tally-1.1.0/priv/again";
  repack("mkdir -p lib/tally-1.1.0/priv; echo again > lib/tally-1.1.0/priv/again");
  EXPECT_FALSE(fs::exists(marker));
  relup({"upgrade", "1.1.0", "--tarball", site_.tarball()});
  EXPECT_TRUE(fs::exists(marker));
  expect_running("1.1.0", "1.1.0");
}

TEST_F(RepackedTest, ATarballThatIsNamedMustBeThere) {
  relup({"upgrade", "1.1.0", "--no-commit"});
  relup({"rollback"});
  const RelupResult result = relup({"upgrade", "1.1.0", "--tarball", "/nonexistent"}, 2);
  EXPECT_THAT(result.errors, HasSubstr("there is no tarball /nonexistent"));
}

// What relx and mix make with `include_erts: false`.
TEST_F(RepackedTest, WithoutTheLibrariesOfOtpThoseOfTheRootStay) {
  repack("rm -rf erts-* lib/kernel-* lib/stdlib-* lib/sasl-*");
  relup({"upgrade", "1.1.0"});
  expect_running("1.1.0", "1.1.0");
}

TEST_F(RepackedTest, OnlyASignedTarballIsTakenWhereAKeyIsTrusted) {
  const support::TemporaryDirectory keys("relup-keys");
  shell("openssl genpkey -algorithm ed25519 -out key && openssl pkey -in key -pubout -out pub",
        keys.path());
  const Listing before = list_host(site_.root());
  const RelupResult refused = relup({"upgrade", "1.1.0", "--trusted-key", keys / "pub"}, 3);
  EXPECT_THAT(refused.errors, HasSubstr("is not signed"));
  EXPECT_THAT(differences(before, list_host(site_.root())), IsEmpty());
  const std::string packed = site_.tarball().string();
  relup({"pack", packed, "-o", packed, "--sign", keys / "key"});
  const RelupResult check = relup({"check", "1.1.0", "--trusted-key", keys / "pub"});
  EXPECT_THAT(check.output, HasSubstr("signed with the key of"));
  relup({"upgrade", "1.1.0", "--trusted-key", keys / "pub"});
  expect_running("1.1.0", "1.1.0");
}

}  // namespace
}  // namespace relup::live_tests
