// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(
      view, {diff::LiveDataChange::Kind::kept_tuple, diff::LiveDataChange::Kind::kept_structure},
      findings);
}

}  // namespace

extern const Rule kept_data{
    .code = "RU505",
    .name = "kept-data",
    .severity = Severity::warning,
    .summary = "what is kept of a type has another shape than the new code expects",
    .page = {.what = "A record, another tuple with an atom in front, or an Elixir struct "
                     "whose shape differs between the releases, and that the old code keeps: "
                     "inside the state of a process, in an ETS, DETS or Mnesia table, in "
                     "persistent_term, a process dictionary, the environment or an Agent. "
                     "Told from compiled code, so stripped modules tell it too. Not reported "
                     "where the new code still names the old shape, or its code_change may "
                     "turn it over and is called.",
             .why = "The state itself has kept its shape, but what is in it has not: an "
                    "item that was put into a cart before the upgrade is a tuple of the old "
                    "size, and the first function that matches it as a record crashes. Rows "
                    "of a table live even longer (bitwalker/distillery#329).",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Where nothing of it lives through the upgrade, or its readers bear "
                      "both shapes."},
    .check_upgrade = check,
};

}  // namespace relup::lint
