// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"
#include "lint/step_cause.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

std::string describe(const simulate::WrongEnd& end, const ScriptView& view) {
  const bool up = view.direction == appup::Direction::up;
  const Side origin = up ? Side::from : Side::to;
  const Side target = up ? Side::to : Side::from;
  const std::string module = print_atom(end.module.name());
  if (end.loaded == simulate::Loaded::nothing) return module + " is not loaded";
  const std::string& version =
      view.releases.tree(end.loaded == simulate::Loaded::origin ? origin : target).version();
  return module + " is that of " + version +
         (view.releases.owner(target, end.module) == nullptr ? ", and should be gone" : "");
}

// A module that no appup names is for missed-module to report.
void check(const ScriptView& view, Findings& findings) {
  for (const simulate::WrongEnd& end : view.simulation.wrong_ends) {
    if (!end.last_step && view.origin == ScriptView::Origin::appups) continue;
    const auto place = cause_of_steps(
        view.script, end.last_step ? std::vector{*end.last_step} : std::vector<std::size_t>{0});
    if (!place) continue;
    findings.add(place->source, place->span,
                 describe_way(view) + ": at the end of the script " + describe(end, view));
  }
}

}  // namespace

extern const Rule wrong_end{
    .code = "RU704",
    .name = "wrong-end",
    .severity = Severity::error,
    .summary = "at its end the script has not come to the modules of the target release",
    .page = {.what =
                 "The script, run on a model of the node, leaves a module in another version than "
                 "the target release has, unloaded, or loaded where it should be gone.",
             .why =
                 "The node runs something that nobody has ever tested, under the name of the new "
                 "release, until it is restarted; then it runs something else.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "1.0", [shop]}}, {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}}, {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: lead the script to its release, or leave the module out of it.",
             .allowed_by = AllowedBy::nothing},
    .check_script = check,
};

}  // namespace relup::lint
