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
// It is the new module whose code_change runs, on the way up after it was loaded, on the way down
// before it is left (systools_rc, with module type `dynamic`). Where the new module has none, it
// would crash, and the crash would restart the node (sys:change_code/4): such a module is plain,
// and takes its new code at the next callback. That holds for a supervisor which is a process
// besides, too. So is one whose code_change surely changes nothing and whose state has kept its
// shape, as far as that can be seen: suspending it would be for nothing. Two are not, for there a
// code change does more: a special process leaves the loop of its old code by it, and a gen_statem
// asks for its callback_mode/0 again.

#include "diff/release_diff.hpp"

namespace relup::appup {

enum class ModuleKind { supervisor, process, plain };

// Of a module that is in both releases.
ModuleKind module_kind(const diff::ModuleChange& module);

// Why it is of that kind, in words: "gen_server with code_change/3".
std::string reason_of_kind(const diff::ModuleChange& module);
// Whether processes of `module` would crash in the update of a supervisor: it is one, and a process
// without code_change besides.
bool is_supervisor_without_code_change(const diff::ModuleFacts& module);

}  // namespace relup::appup
