// SPDX-License-Identifier: Apache-2.0
#include "release/signature.hpp"

#include <cstdlib>
#include <cstring>

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "release/archive_writer.hpp"
#include "release/tarball.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

namespace relup::release {
namespace {

using support::error_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Keys of openssl, and a tarball that one of them has signed.
class SignatureTest : public ::testing::Test {
 protected:
  SignatureTest() {
    for (const std::string name : {"ours", "other"}) {
      shell("openssl genpkey -algorithm ed25519 -out " + name + ".key && openssl pkey -in " + name +
            ".key -pubout -out " + name + ".pub");
    }
    const SigningKey key(files_, place_ / "ours.key");
    ArchiveEntry entry;
    entry.path = "lib/x";
    entry.content = [] { return file_of_bytes(std::string(3'000'000, 'x')); };
    write_archive(files_, place_ / "shop.tar.gz", {entry}, 0,
                  [&key](const std::string& digest) { return key.trailer(digest); });
    signed_ = files_.read(place_ / "shop.tar.gz");
  }

  void shell(const std::string& command) const {
    const std::string line = "cd " + place_.path().string() + " && " + command + " 2>/dev/null";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }

  TrustedTarball look(const std::string& bytes, const std::vector<std::string>& keys) {
    std::vector<PublicKey> public_keys;
    for (const std::string& key : keys)
      public_keys.push_back(read_public_key(files_, place_ / key));
    return require_signature("shop.tar.gz", *file_of_bytes(bytes), public_keys);
  }

  std::string refusal(const std::string& bytes,
                      const std::vector<std::string>& keys = {"ours.pub"}) {
    return error_of([&] { look(bytes, keys); });
  }

  support::TemporaryDirectory place_;
  FileSystem& files_ = real_file_system();
  std::string signed_;
};

TEST_F(SignatureTest, OneTrustedKeyIsEnough) {
  EXPECT_EQ(look(signed_, {"ours.pub"}).key_file, place_ / "ours.pub");
  EXPECT_EQ(look(signed_, {"other.pub", "ours.pub"}).key_file, place_ / "ours.pub");
  EXPECT_THAT(refusal(signed_, {"other.pub"}), HasSubstr("not with a key that is trusted here"));
}

TEST_F(SignatureTest, TheDigestIsThatOfTheWholeTarball) {
  const TarballFiles files("shop.tar.gz", file_of_bytes(signed_));
  EXPECT_EQ(look(signed_, {"ours.pub"}).digest, files.digest());
  EXPECT_EQ(files.paths().size(), 1U);
}

TEST_F(SignatureTest, EveryByteIsCovered) {
  for (std::size_t at = 0; at < signed_.size(); ++at) {
    std::string changed = signed_;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_THAT(refusal(changed), HasSubstr("signed")) << at;
  }
}

TEST_F(SignatureTest, NothingMayBeAddedOrTakenAway) {
  EXPECT_THAT(refusal(signed_ + "x"), HasSubstr("is not signed"));
  EXPECT_THAT(refusal("x" + signed_), HasSubstr("was changed after it was signed"));
  EXPECT_THAT(refusal(signed_.substr(0, signed_.size() - 1)), HasSubstr("is not signed"));
  EXPECT_THAT(refusal(""), HasSubstr("is not signed"));
  EXPECT_THAT(refusal(signed_ + signed_), HasSubstr("was changed after it was signed"));
}

TEST_F(SignatureTest, TheSameKeySignsTheSameBytesAlike) {
  const SigningKey key(files_, place_ / "ours.key");
  EXPECT_EQ(key.trailer("abc"), key.trailer("abc"));
  EXPECT_NE(key.trailer("abc"), key.trailer("abd"));
}

// As the header of the file tells it.
TEST_F(SignatureTest, OthersCanVerifyIt) {
  shell(
      "printf 'relup tarball %s\\n' $(head -c -98 shop.tar.gz | b2sum | cut -d' ' -f1) >message &&"
      "tail -c 74 shop.tar.gz | head -c 64 >signature &&"
      "openssl pkeyutl -verify -pubin -inkey ours.pub -rawin -in message -sigfile signature");
}

// A file of more than 4 GiB, without the disk for it: zeros, and the signature of them.
class LargeFile final : public ReadableFile {
 public:
  LargeFile(std::uint64_t zeros, std::string end) : zeros_(zeros), end_(std::move(end)) {}
  std::uint64_t size() const override { return zeros_ + end_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> room) const override {
    if (offset >= zeros_) return end_.copy(room.data(), room.size(), offset - zeros_);
    const std::size_t count = std::min<std::uint64_t>(room.size(), zeros_ - offset);
    std::memset(room.data(), 0, count);
    return count;
  }

 private:
  std::uint64_t zeros_;
  std::string end_;
};

TEST_F(SignatureTest, SizesAreOf64Bits) {
  constexpr std::uint64_t four_gib_and_one = (1ULL << 32U) + 1;
  EXPECT_THAT(error_of([&] {
                // The signature of the first byte only, as 32 bits would have it.
                const SigningKey key(files_, place_ / "ours.key");
                Blake2b first;
                first.update(std::string(1, '\0'));
                require_signature("large",
                                  LargeFile(four_gib_and_one, key.trailer(first.finish_hex())),
                                  {read_public_key(files_, place_ / "ours.pub")});
              }),
              HasSubstr("was changed after it was signed"));
}

TEST_F(SignatureTest, OtherFilesAreNoKeysAndAreNotShown) {
  place_.write("none", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  shell("openssl genpkey -algorithm x25519 -out kind.key");
  for (const char* file : {"none", "kind.key", "ours.pub"}) {
    EXPECT_THAT(error_of([&] { SigningKey(files_, place_ / file); }),
                AllOf(HasSubstr("is no signing key"), Not(HasSubstr("c2Vj"))))
        << file;
  }
  for (const char* file : {"none", "ours.key"}) {
    EXPECT_THAT(error_of([&] { read_public_key(files_, place_ / file); }),
                HasSubstr("is no public key"));
  }
}

}  // namespace
}  // namespace relup::release
