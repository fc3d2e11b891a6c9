// SPDX-License-Identifier: Apache-2.0
#pragma once

// How relup recognises an instruction after somebody has edited the file: by the module that it is
// about, and by a digest of what it says. A short form, and one that leaves out defaults, has the
// digest of the full form that it stands for.

#include <optional>
#include <string>
#include <vector>

#include "appup/instruction.hpp"

namespace relup::appup {

struct Fingerprint {
  std::optional<Atom> module;  // none when it is about no module, or about several
  std::string digest;          // 8 hexadecimal digits

  bool operator==(const Fingerprint&) const = default;
  // Whether one can be the other after an edit. Without a module, only what is equal is the same.
  bool is_about_the_same(const Fingerprint& other) const {
    return module ? module == other.module : *this == other;
  }
};

using Fingerprints = std::vector<Fingerprint>;

// `instruction` may be wrong, and may be in short form.
Fingerprint fingerprint(const Term& instruction);

Fingerprints fingerprints(const Term::Elements& instructions);

}  // namespace relup::appup
