// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/words.hpp"
#include "lint/applied_functions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

constexpr const char* folder = "consolidated";

bool loads_code(std::string_view function) {
  return function == "load_binary" || function == "load_abs" || function == "add_patha" ||
         function == "add_pathsa" || function == "replace_path";
}

// Whether the function may load modules from a folder of its own choice.
bool may_switch(const ScriptView& view, const AppliedFunction& applied) {
  if (applied.module == "code") return loads_code(applied.function.name.name());
  const auto& apply = std::get<appup::Apply>(applied.instruction->action);
  if (print(apply.arguments).find(folder) != std::string::npos) return true;
  if (!applied.side) return false;
  const auto& imports = view.releases.facts(*applied.side, applied.module)->imports;
  return std::any_of(imports.begin(), imports.end(), [](const beam::Import& import) {
    return import.module == "code" && loads_code(import.function.name());
  });
}

// The names of those that a node should load; empty where all were only compiled anew.
std::string changed_protocols(const diff::ReleaseDiff& diff) {
  std::vector<std::string> names;
  for (const diff::ModuleChange& protocol : diff.protocols) {
    const bool differs = protocol.changes_code || protocol.status == diff::ModuleStatus::added;
    if (differs) names.push_back(protocol.name.name());
  }
  return joined(names);
}

// Only relups: the script that `relup generate` makes of appups switches protocols
// (generate/protocol_switch.hpp).
void check(const ScriptView& view, Findings& findings) {
  if (view.origin != ScriptView::Origin::relup_file) return;
  const std::string protocols = changed_protocols(view.releases.diff());
  if (protocols.empty()) return;
  const auto applies = applied_functions(view);
  const auto switches = [&](const AppliedFunction& applied) { return may_switch(view, applied); };
  if (std::any_of(applies.begin(), applies.end(), switches)) return;
  const release::ReleaseTree& tree = view.releases.tree(Side::to);
  Diagnostic& finding =
      findings.add(tree.reference.files->place(tree.own_path(folder)),
                   "consolidated protocols differ, and no step switches them: " + protocols);
  finding.notes.emplace_back(
      "`relup generate` writes a relup that switches them; in one of your own have an {apply, {M, "
      "F, A}} load them behind point_of_no_return, those of the old release on the way down");
}

}  // namespace

extern const Rule unswitched_protocol{
    .code = "RU209",
    .name = "unswitched-protocol",
    .severity = Severity::note,
    .summary = "Elixir's consolidated protocols differ, and nothing switches them",
    .page =
        {.what =
             "A relup between releases whose modules in releases/VSN/consolidated differ, where "
             "no apply of a script looks as if it loaded them. (relup puts that into what it "
             "generates.)",
         .why = "A relup loads modules from lib/APP-VSN/ebin only. A protocol that changed comes "
                "from there unconsolidated, which is slow; one whose application did not change "
                "stays as it was consolidated for the old release, and then knows nothing of a "
                "new implementation: `Protocol.UndefinedError` for a struct that has one "
                "(elixir-lang/elixir#3864, bitwalker/distillery#279).",
         .wrong = R"(%% relup
{"2.0",
 [{"1.0", [], [{load_object_code, {shop, "2.0", [shop]}}, point_of_no_return,
               {load, {shop, soft_purge, soft_purge}}]}],
 [{"1.0", [], [{load_object_code, {shop, "1.0", [shop]}}, point_of_no_return,
               {load, {shop, soft_purge, soft_purge}}]}]}.
)",
         .right = R"(%% relup
{"2.0",
 [{"1.0", [], [{load_object_code, {shop, "2.0", [shop]}}, point_of_no_return,
               {load, {shop, soft_purge, soft_purge}},
               {apply, {shop, load_protocols, ["2.0"]}}]}],
 [{"1.0", [], [{load_object_code, {shop, "1.0", [shop]}}, point_of_no_return,
               {apply, {shop, load_protocols, ["1.0"]}},
               {load, {shop, soft_purge, soft_purge}}]}]}.
)",
         .allow = "Where the protocols are switched by something else than the script."},
    .check_script = check,
};

}  // namespace relup::lint
