// SPDX-License-Identifier: Apache-2.0
#include "lint/live_data_findings.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  add_live_data_findings(view, {diff::LiveDataChange::Kind::kept_fun}, findings);
}

}  // namespace

extern const Rule held_fun{
    .code = "RU406",
    .name = "held-fun",
    .severity = Severity::warning,
    .summary = "what others keep has funs of the code that is replaced",
    .page = {.what = "A changed module that puts funs of its own code (`fun(X) -> ... end`, "
                     "`fun name/1`, and the same of Elixir) into a table, persistent_term, "
                     "the environment, a timer, the logger or telemetry, told from its "
                     "compiled code. Funs in the state of its processes are kept-fun's.",
             .why = "A fun belongs to the version of the module that made it, and no purge "
                    "looks for it. When the old code has gone, whoever calls the fun gets "
                    "badfun: an event handler that telemetry takes away, a filter that the "
                    "logger drops, a timer that fails from then on (erlang/otp#6416, open- "
                    "telemetry/opentelemetry-erlang#25).",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {apply, {shop, attach, []}}]}],
 [{"1.0", [{load_module, shop}, {apply, {shop, attach, []}}]}]}.
)",
             .allow = "Where the funs are put there anew, or are not called any more."},
    .check_upgrade = check,
};

}  // namespace relup::lint
