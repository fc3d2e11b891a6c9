// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.hpp"

#include <random>

#include <gmock/gmock.h>
#include <zlib.h>

#include "base/gzip_places.hpp"
#include "base/gzip_writer.hpp"
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

// Text that packs to many deflate blocks and refers back far.
std::string long_text(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) {
    const std::size_t known = text.size();
    if (known > 100 && random() % 3 != 0) {
      text += text.substr(random() % (known - 50), 50);
    } else {
      text += static_cast<char>(random());
    }
  }
  return text;
}

TEST(Gzip, CanBeginAtEveryPlaceThatWasNoted) {
  const std::string text = long_text(3'000'000);
  const std::string packed = gzip(text.substr(0, 1'700'000)) + gzip(text.substr(1'700'000));
  std::vector<GzipPlace> places;
  std::size_t at = 0;
  // In small pieces, so that places and headers lie across them.
  const auto source = [&] {
    const std::string_view piece = std::string_view(packed).substr(at, 997);
    at += piece.size();
    return piece;
  };
  GzipReader reader("x", source);
  reader.note_places(places, 200'000);
  std::string unpacked;
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next())
    unpacked += piece;
  ASSERT_EQ(unpacked, text);
  ASSERT_GT(places.size(), 5U);
  for (const GzipPlace& place : places) {
    at = place.packed;
    GzipReader again("x", source, place);
    std::string rest;
    for (std::string_view piece = again.next(); !piece.empty(); piece = again.next())
      rest += piece;
    EXPECT_EQ(rest, text.substr(place.unpacked)) << place.unpacked;
  }
  const auto file = file_of_bytes(packed);
  UnpackedView view("x", *file, places);
  for (const std::size_t offset : {2'999'000U, 5U, 1'699'990U, 1'700'500U, 0U, 1'699'999U})
    EXPECT_EQ(view.read(offset, 1000), text.substr(offset, 1000)) << offset;
}

std::string written(const std::string& text, std::size_t piece) {
  std::string packed;
  GzipWriter writer([&packed](std::string_view bytes) { packed += bytes; });
  for (std::size_t at = 0; at < text.size(); at += piece)
    writer.append(std::string_view(text).substr(at, piece));
  writer.finish();
  return packed;
}

std::size_t first_member_size(const std::string& packed) {
  std::string input = packed;
  std::string output(1U << 20U, '\0');
  z_stream stream{};
  inflateInit2(&stream, 16 + MAX_WBITS);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = static_cast<uInt>(output.size());
    result = inflate(&stream, Z_NO_FLUSH);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  inflateEnd(&stream);
  return stream.total_in;
}

TEST(GzipWriter, WritesOneMemberThatUnpacks) {
  constexpr std::size_t block = 1U << 20U;
  const std::string text = long_text(9 * block + 12345);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, block - 1, block, block + 1,
                                 8 * block, 8 * block + 1, text.size()}) {
    const std::string packed = written(text.substr(0, size), block + 7);
    EXPECT_TRUE(gunzip("x", packed, size) == text.substr(0, size)) << size;
    EXPECT_EQ(first_member_size(packed), packed.size()) << size;
  }
}

TEST(GzipWriter, TheBytesDoNotDependOnThePieces) {
  const std::string text = long_text(2'500'000);
  EXPECT_TRUE(written(text, 1000) == written(text, text.size()));
}

TEST(GzipWriter, PacksWhatCannotBePacked) {
  std::mt19937 random(3);
  std::string noise(2'000'000, '\0');
  for (char& byte : noise)
    byte = static_cast<char>(random());
  const std::string packed = written(noise, noise.size());
  EXPECT_TRUE(gunzip("x", packed, noise.size()) == noise);
  EXPECT_LT(packed.size(), noise.size() + 1000);
}

}  // namespace
}  // namespace relup
