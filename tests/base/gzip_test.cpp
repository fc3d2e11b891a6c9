// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include "support/error_of.hpp"

namespace relup {
namespace {

using support::error_of;
using ::testing::HasSubstr;

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(Gzip, UnpacksTextsOfAnySize) {
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 1000000U}) {
    std::string text(size, 'a');
    for (std::size_t i = 0; i < size; i += 7)
      text[i] = static_cast<char>(i * i);
    EXPECT_EQ(gunzip("x", gzip(text), size), text) << size;
  }
}

TEST(Gzip, MembersBehindOneAnotherAreOneStream) {
  EXPECT_EQ(gunzip("x", gzip("one ") + gzip("") + gzip("two"), 100), "one two");
}

TEST(Gzip, UnpacksNoMoreThanAllowed) {
  const std::string packed = gzip(std::string(5000000, '\0'));
  EXPECT_EQ(error_of([&] { gunzip("x", packed, 4999999); }),
            "x: unpacks to more than 4999999 bytes");
}

TEST(Gzip, EveryPrefixIsAnError) {
  const std::string packed = gzip("a text that is long enough to be of some use");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_THAT(error_of([&] { gunzip("x", packed.substr(0, size), 1000); }), HasSubstr("cut off"))
        << size;
  }
}

TEST(Gzip, ChecksumAndLengthAreVerified) {
  const std::string packed = gzip("some text");
  for (std::size_t from_end = 1; from_end <= 8; ++from_end) {
    std::string damaged = packed;
    damaged[damaged.size() - from_end] ^= 1;
    EXPECT_THAT(error_of([&] { gunzip("x", damaged, 1000); }), HasSubstr("damaged")) << from_end;
  }
}

TEST(Gzip, OtherBytesBehindItAreAnError) {
  const std::string packed = gzip("some text");
  EXPECT_THAT(error_of([&] { gunzip("x", packed + "tail", 1000); }),
              HasSubstr("bytes that are not gzip follow"));
}

}  // namespace
}  // namespace relup
