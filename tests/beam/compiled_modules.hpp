// SPDX-License-Identifier: Apache-2.0
#pragma once

// Modules compiled by the Erlang compiler when a test first asks for them: the variants of
// compile_variants.escript. Needs `escript` on the PATH; without it the test fails.

#include <map>
#include <string>

namespace relup::beam {

// The bytes of VARIANT.beam.
const std::string& compiled(const std::string& variant);

// What `beam_lib:md5/1` says of every variant, in hexadecimal.
const std::map<std::string, std::string>& md5_by_variant();

}  // namespace relup::beam
