// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade has to do with a module, told from its attributes and exports:
//
//   kind          told by                                             upgraded by
//   supervisor    behaviour supervisor, Elixir's Supervisor           {update, M, supervisor}:
//   init/1 runs
//                                                                     again, child specifications
//                                                                     change
//   process       exports code_change (3 or 4) with a behaviour       {update, M, {advanced, []}}:
//   suspend,
//                 of OTP, or system_code_change/4                     load, code_change, resume
//   plain         everything else                                     {load_module, M}
//
// A process module that exports no code_change is plain: code_change would crash it, and the crash
// would restart the node (sys:change_code/4). It takes its new code at its next callback.

#include "diff/module_facts.hpp"

namespace relup::appup {

enum class ModuleKind { supervisor, process, plain };

// `before` and `after` are the two versions of one module. What runs the upgrade's code_change is
// the new code on the way up and the old code on the way down, so both must export it.
ModuleKind module_kind(const diff::ModuleFacts& before, const diff::ModuleFacts& after);

}  // namespace relup::appup
