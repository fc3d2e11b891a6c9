// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"

namespace relup {
namespace {

struct KnownAnswer {
  std::string text;
  const char* digest;
};

// RFC 1321, appendix A.5.
TEST(Md5, KnownAnswers) {
  const std::vector<KnownAnswer> cases = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"},
  };
  for (const KnownAnswer& one : cases)
    EXPECT_EQ(hex(bytes_of(md5(one.text))), one.digest) << one.text;
}

// FIPS 180-2, appendix B, and the digest of nothing.
TEST(Sha256, KnownAnswers) {
  const std::vector<KnownAnswer> cases = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1000000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const KnownAnswer& one : cases)
    EXPECT_EQ(sha256_hex(one.text), one.digest) << one.text.size();
}

// Pieces of every size give the digest of the whole.
TEST(Digest, IsFedPieceByPiece) {
  std::string whole;
  for (int i = 0; i < 300; ++i)
    whole += static_cast<char>(i * 7);
  for (std::size_t size = 1; size < 130; ++size) {
    Md5 short_digest;
    Sha256 long_digest;
    for (std::size_t at = 0; at < whole.size(); at += size) {
      short_digest.update(std::string_view(whole).substr(at, size));
      long_digest.update(std::string_view(whole).substr(at, size));
    }
    EXPECT_EQ(short_digest.finish(), md5(whole)) << size;
    EXPECT_EQ(long_digest.finish_hex(), sha256_hex(whole)) << size;
  }
}

}  // namespace
}  // namespace relup
