// SPDX-License-Identifier: Apache-2.0
#pragma once

// When two compiled modules are the same code. The MD5 of `beam_lib:md5/1` and
// `Module:module_info(md5)` leaves out line numbers, debug information and how the file was
// compressed or stripped, but also attributes, which programs may read at run time. The comparison
// of two files looks at those too, but for `vsn`: that one is derived from the code, or is a mark
// of the author's on code that is otherwise the same.

#include "base/digest.hpp"
#include "beam/file/beam_file.hpp"

namespace relup::beam {

// What `beam_lib:md5/1` answers. A file without Code, ExpT, ImpT or StrT has none: Error
// (bad_input).
Md5Digest module_md5(const BeamFile& file);

// What differs of the code of two files.
struct CodeDifference {
  bool instructions = false;  // or names, functions, whatever else goes into the MD5
  bool literals = false;
  // Compared where both files still have them: stripping a module does not change it.
  bool attributes = false;

  bool any() const { return instructions || literals || attributes; }
};

// Looks at the chunks themselves, which is quicker than two digests of them. A damaged file is an
// Error (bad_input).
CodeDifference compare_code(const BeamFile& before, const BeamFile& after);

}  // namespace relup::beam
