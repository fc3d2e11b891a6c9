// SPDX-License-Identifier: Apache-2.0
#pragma once

// The external term format (ERTS User's Guide, "External Term Format"): what `term_to_binary/1`
// writes, what .beam chunks hold and what nodes send each other. Decoding is bounded in depth, in
// number of terms and in unpacked size, so that hostile bytes cost little; what does not decode is
// an Error (bad_input) that names the offset.

#include <cstddef>
#include <string>
#include <string_view>

#include "term/term.hpp"

namespace relup {

struct ExternalLimits {
  std::size_t depth = 256;                   // nested compound terms
  std::size_t terms = 16U << 20U;            // terms in all
  std::size_t unpacked_bytes = 256U << 20U;  // of a compressed term
};

// Decodes `bytes`, which begin with the version number 131 and hold one term and nothing else.
Term decode_external(std::string_view bytes, const ExternalLimits& limits = {});

// Decodes the term at the front of `bytes` and takes it off; for messages that hold several.
Term take_external(std::string_view& bytes, const ExternalLimits& limits = {});

std::string encode_external(const Term& term);

// The term that `bytes` hold as bytes for an ExternalCursor: unpacked, and without its version
// number. Only the first `most` bytes of it when it has more.
std::string unpack_external(std::string_view bytes, std::size_t most);

}  // namespace relup
