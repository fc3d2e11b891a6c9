// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tar archives put together byte by byte, for what no honest program writes.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace relup::release {

struct TarMember {
  std::string name;
  std::string data = "";
  char type = '0';  // POSIX typeflag, or one of GNU's
  unsigned mode = 0644;
  std::string link = "";
  std::string gnu_fields = "";  // put at offset 386 in place of the ustar prefix
};

std::string tar_member(const TarMember& member);

// A pax header for the member that follows.
std::string pax_header(const std::vector<std::pair<std::string, std::string>>& records);

// The two empty blocks.
std::string tar_end();

std::string tar(const std::vector<TarMember>& members);

std::string gzip(std::string_view bytes);

}  // namespace relup::release
