// SPDX-License-Identifier: Apache-2.0
#pragma once

// The verbs of the command line. Each has a file of its own: its arguments, a call into the
// library, and how the answer is shown.

#include "verb.hpp"

namespace relup::cmd {

Verb diff_verb();
Verb generate_verb();
Verb compile_verb();
Verb lint_verb();
Verb fmt_verb();
Verb explain_verb();
Verb rules_verb();
Verb pack_verb();
Verb status_verb();
Verb check_verb();
Verb upgrade_verb();
Verb downgrade_verb();
Verb commit_verb();
Verb rollback_verb();
Verb remove_verb();
Verb recover_verb();
Verb history_verb();
Verb config_verb();

// All of them, in the order of the help text.
inline std::vector<Verb> all_verbs() {
  return {diff_verb(),    generate_verb(),  compile_verb(), lint_verb(),     fmt_verb(),
          explain_verb(), rules_verb(),     pack_verb(),    status_verb(),   check_verb(),
          upgrade_verb(), downgrade_verb(), commit_verb(),  rollback_verb(), remove_verb(),
          recover_verb(), history_verb(),   config_verb()};
}

}  // namespace relup::cmd
