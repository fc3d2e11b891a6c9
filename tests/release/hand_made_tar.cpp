// SPDX-License-Identifier: Apache-2.0
#include "release/hand_made_tar.hpp"

#include <cstdio>

#include <zlib.h>

namespace relup::release {
namespace {

constexpr std::size_t block = 512;

std::string octal(std::uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
  return text;
}

void put(std::string& header, std::size_t offset, const std::string& text) {
  header.replace(offset, text.size(), text);
}

}  // namespace

std::string tar_member(const TarMember& member) {
  std::string header(block, '\0');
  put(header, 0, member.name.substr(0, 100));
  put(header, 100, octal(member.mode, 7));
  put(header, 108, octal(0, 7));
  put(header, 116, octal(0, 7));
  put(header, 124, octal(member.data.size(), 11));
  put(header, 136, octal(0, 11));
  put(header, 148, std::string(8, ' '));
  header[156] = member.type;
  put(header, 157, member.link.substr(0, 100));
  if (member.gnu_fields.empty()) {
    put(header, 257,
        std::string("ustar\0"
                    "00",
                    8));
  } else {
    put(header, 257, "ustar  ");
    put(header, 386, member.gnu_fields);
  }
  unsigned sum = 0;
  for (const char byte : header)
    sum += static_cast<unsigned char>(byte);
  put(header, 148, octal(sum, 6) + std::string("\0 ", 2));
  std::string bytes = header + member.data;
  bytes.resize((bytes.size() + block - 1) / block * block, '\0');
  return bytes;
}

std::string pax_header(const std::vector<std::pair<std::string, std::string>>& records) {
  std::string data;
  for (const auto& [key, value] : records) {
    const std::string rest = " " + key + "=" + value + "\n";
    std::size_t size = rest.size() + 1;
    while (std::to_string(size).size() + rest.size() != size)
      ++size;
    data += std::to_string(size) + rest;
  }
  return tar_member({.name = "PaxHeaders/x", .data = data, .type = 'x'});
}

std::string tar_end() {
  return std::string(2 * block, '\0');
}

std::string tar(const std::vector<TarMember>& members) {
  std::string bytes;
  for (const TarMember& member : members)
    bytes += tar_member(member);
  return bytes + tar_end();
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace relup::release
