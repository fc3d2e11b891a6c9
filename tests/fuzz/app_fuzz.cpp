// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as the .app file of a small release.

#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relup::fuzz;
  compile_with(FuzzedFile::app, bytes_of(data, size));
  return 0;
}
