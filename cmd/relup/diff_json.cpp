// SPDX-License-Identifier: Apache-2.0
#include "diff_json.hpp"

#include <algorithm>

#include "base/diagnostic_json.hpp"
#include "diff/in_words.hpp"
#include "diff/live_data_in_words.hpp"
#include "plan/cold_changes.hpp"
#include "plan/state_check.hpp"
#include "term/printer.hpp"

namespace relup::cmd {
namespace {

using diff::ApplicationChange;
using diff::ModuleChange;
using facts::ModuleFacts;

Json identity_json(const diff::ReleaseIdentity& identity) {
  return {{"name", identity.name}, {"version", identity.version}, {"erts", identity.erts}};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json behaviours_json(const ModuleChange& module) {
  Json names = Json::array();
  const auto& facts = module.new_facts ? module.new_facts : module.old_facts;
  if (!facts) return names;
  for (const Atom behaviour : facts->behaviours)
    names.push_back(behaviour.name());
  return names;
}

// What `some` exports and `others` do not.
Json exports_json(const ModuleFacts& some, const ModuleFacts& others) {
  Json functions = Json::array();
  for (const facts::FunctionName& function : some.exports) {
    if (std::binary_search(others.exports.begin(), others.exports.end(), function)) continue;
    functions.push_back({{"name", function.name.name()}, {"arity", function.arity}});
  }
  return functions;
}

Json exports_json(const ModuleChange& module) {
  if (!module.old_facts || !module.new_facts) return {};
  return {{"added", exports_json(*module.new_facts, *module.old_facts)},
          {"removed", exports_json(*module.old_facts, *module.new_facts)}};
}

std::string_view kind_name(facts::StateShape::Kind kind) {
  switch (kind) {
    case facts::StateShape::Kind::record:
      return "record";
    case facts::StateShape::Kind::structure:
      return "struct";
    case facts::StateShape::Kind::tuple:
      return "tuple";
    case facts::StateShape::Kind::map:
      break;
  }
  return "map";
}

Json shape_json(const facts::StateShape& shape) {
  return {{"kind", kind_name(shape.kind)},
          {"name", text_or_null(shape.name)},
          {"fields", shape.fields}};
}

Json state_json(const ModuleChange& module) {
  if (!module.state_change) return {};
  return {{"before", shape_json(module.state_change->before)},
          {"after", shape_json(module.state_change->after)},
          {"added", module.state_change->added},
          {"removed", module.state_change->removed},
          {"fault", text_or_null(plan::state_fault(module))}};
}

Json live_data_json(const ModuleChange& module) {
  Json found = Json::array();
  for (const diff::LiveDataChange& change : module.live_data) {
    if (change.care != diff::LiveDataChange::Care::none) continue;
    found.push_back({{"rule", diff::rule_of(change.kind)},
                     {"severity", to_string(diff::severity_of(change))},
                     {"message", diff::describe(module, change)}});
  }
  return found;
}

Json ids_json(const std::vector<facts::Child>& children) {
  Json ids = Json::array();
  for (const facts::Child& child : children)
    ids.push_back(print(child.id));
  return ids;
}

Json changed_children_json(const facts::ChildrenChange& change) {
  Json children = Json::array();
  for (const facts::ChangedChild& child : change.changed) {
    children.push_back({{"id", print(child.before.id)},
                        {"starts_otherwise", child.starts_otherwise},
                        {"settings", child.settings}});
  }
  return children;
}

Json flags_json(const facts::ChildrenChange& change) {
  Json flags = Json::array();
  for (const facts::ChangedFlag& flag : change.flags) {
    flags.push_back(
        {{"name", flag.name}, {"before", print(flag.before)}, {"after", print(flag.after)}});
  }
  return flags;
}

Json children_json(const ModuleChange& module) {
  if (!module.children_change) return {};
  const facts::ChildrenChange& change = *module.children_change;
  const bool is_by_init = change.source == facts::Children::Source::init;
  return {{"supervisor", change.supervisor ? Json(print(*change.supervisor)) : Json()},
          {"source", is_by_init ? "init" : "application_start"},
          {"added", ids_json(change.added)},
          {"removed", ids_json(change.removed)},
          {"changed", changed_children_json(change)},
          {"flags", flags_json(change)},
          {"old_argument", change.old_argument ? Json(print(*change.old_argument)) : Json()}};
}

Json modules_json(const std::vector<ModuleChange>& modules) {
  Json list = Json::array();
  for (const ModuleChange& module : modules) {
    list.push_back({{"name", module.name.name()},
                    {"status", diff::to_string(module.status)},
                    {"reasons", diff::reasons_of(module)},
                    {"behaviours", behaviours_json(module)},
                    {"exports", exports_json(module)},
                    {"state_change", state_json(module)},
                    {"children", children_json(module)},
                    {"may_list_other_children", module.may_list_other_children},
                    {"init_effects", module.init_effects},
                    {"live_data", live_data_json(module)}});
  }
  return list;
}

template <typename Fact>
Json words_of(const std::vector<Fact>& facts) {
  Json words = Json::array();
  for (const Fact& fact : facts)
    words.push_back(diff::describe(fact));
  return words;
}

Json application_json(const ApplicationChange& application) {
  return {{"name", application.name.name()},
          {"status", diff::to_string(application.status)},
          {"from", text_or_null(application.old_version)},
          {"to", text_or_null(application.new_version)},
          {"modules", modules_json(application.modules)},
          {"details", words_of(application.details)},
          {"fixed_at_start", words_of(application.fixed_at_start)}};
}

Json configuration_json(const diff::ReleaseDiff& diff) {
  Json list = Json::array();
  for (const diff::ConfigurationChange& change : diff.configuration) {
    list.push_back({{"application", change.application},
                    {"added", change.added},
                    {"removed", change.removed},
                    {"changed", change.changed}});
  }
  return list;
}

Json restart_json(const diff::ReleaseDiff& diff) {
  const plan::ColdChanges cold = plan::find_cold_changes(diff);
  Json applications = Json::array();
  for (const auto& [name, reasons] : cold.applications)
    applications.push_back({{"name", name.name()}, {"reasons", reasons}});
  return {{"emulator", cold.emulator},
          {"applications", std::move(applications)},
          {"next_start", words_of(cold.next_start)}};
}

}  // namespace

Json diff_json(const diff::ReleaseDiff& diff) {
  Json document;
  document["schema_version"] = 1;
  document["from"] = identity_json(diff.old_release);
  document["to"] = identity_json(diff.new_release);
  document["applications"] = Json::array();
  for (const ApplicationChange& application : diff.applications)
    document["applications"].push_back(application_json(application));
  document["protocols"] = modules_json(diff.protocols);
  document["settings"] = words_of(diff.settings);
  document["configuration"] = configuration_json(diff);
  document["restart"] = restart_json(diff);
  document["diagnostics"] = to_json(diff.findings);
  return document;
}

}  // namespace relup::cmd
