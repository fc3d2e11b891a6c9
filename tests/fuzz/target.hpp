// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fuzz target is a program with one function that takes any bytes and comes back. libFuzzer calls
// it in a build of the preset `fuzz`; in every other build replay.cpp does, with the kept inputs.

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace relup::fuzz {

inline std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
  // An empty input may come as a null pointer.
  return size == 0 ? std::string_view()
                   : std::string_view(reinterpret_cast<const char*>(data), size);
}

}  // namespace relup::fuzz
