// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random instructions of an appup: every form of appup(4), high and low level, over dependency
// graphs of several shapes.

#include "differential/form.hpp"
#include "differential/world.hpp"

namespace relup::differential {

// What a script is about.
struct ScriptSubject {
  std::string app;
  std::string version;  // of the application in the release the script leads to
  Names kept;           // modules that both versions have
  Names added;          // modules that only the release the script leads to has
  Names removed;        // modules that only the release the script comes from has
  Names elsewhere;      // modules of other applications that are upgraded too
};

// A list of instructions. `wrongness` is the chance in percent, per instruction, that something in
// it is wrong.
Form random_script(const ScriptSubject& subject, std::size_t wrongness, Random& random);

// A list of instructions that are right one by one, but not all of them together.
Form spoilt_script(const ScriptSubject& subject, Random& random);

// A list of instructions that are right but for one.
Form script_with_bad_instruction(const ScriptSubject& subject, Random& random);

}  // namespace relup::differential
