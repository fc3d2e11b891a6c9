// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade has to do with a changed module, told from its attributes and exports:
//
//   kind         told by                                        upgraded by
//   supervisor   behaviour supervisor, or Elixir's Supervisor   {update, M, supervisor}
//                or DynamicSupervisor                           init/1 runs again
//   process      exports code_change (3 or 4) with a            {update, M, {advanced, []}}
//                behaviour of OTP, or system_code_change/4      suspend, load, code_change, resume
//   plain        everything else                                {load_module, M}
//
// In both directions it is the new module whose code_change runs: on the way up after it was
// loaded, on the way down while it is still loaded (systools_rc, module type `dynamic`). Three
// kinds of process module are treated as plain, and take their new code at the next callback:
//   - one without code_change in its new version: calling it would crash, and the crash would
//     restart the node (sys:change_code/4). This holds for a supervisor that is a process, too;
//   - one whose code_change is left over: it is the same in both releases, and the state has kept
//     its shape, so that it was written for an earlier step and would run once more;
//   - one whose code_change surely changes nothing, and whose state has the shape it had, as far as
//     can be seen: to suspend its processes would be for nothing. Not so a special process, which
//     leaves the loop of its old code by the code change, nor a gen_statem, which asks for its
//     callback_mode/0 again.

#include "diff/release_diff.hpp"

namespace relup::plan {

enum class ModuleKind { supervisor, process, plain };

// Of a module that is in both releases.
ModuleKind module_kind(const diff::ModuleChange& module);

// Why it is of that kind, in words: "gen_server with code_change/3".
std::string reason_of_kind(const diff::ModuleChange& module);
// Whether processes of `module` would crash in the update of a supervisor: it is one, and a process
// without code_change besides.
bool is_supervisor_without_code_change(const facts::ModuleFacts& module);

}  // namespace relup::plan
