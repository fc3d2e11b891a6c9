// SPDX-License-Identifier: Apache-2.0
#pragma once

// When two compiled modules are the same code. The MD5 of `beam_lib:md5/1` and
// `Module:module_info(md5)` leaves out line numbers, debug information and how the file was
// compressed or stripped, but also attributes, which programs may read at run time. A CodeIdentity
// adds those, without `vsn`: that one is derived from the code, or is a mark of the author's on
// code that is otherwise the same.

#include "base/digest.hpp"
#include "beam/beam_file.hpp"

namespace relup::beam {

// What `beam_lib:md5/1` answers. A file without Code, ExpT, ImpT or StrT has none: Error
// (bad_input).
Md5Digest module_md5(const BeamFile& file);

struct CodeIdentity {
  Md5Digest md5{};
  // Sorted by name, without `vsn`; none when the file has no Attr chunk, as `beam_lib:strip/1`
  // leaves it.
  std::optional<Attributes> attributes;
};

// Whether both are the same code. Attributes count where both files still have them: stripping a
// module does not change it.
bool same_code(const CodeIdentity& left, const CodeIdentity& right);

CodeIdentity code_identity(const BeamFile& file);

}  // namespace relup::beam
