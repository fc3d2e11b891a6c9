// SPDX-License-Identifier: Apache-2.0
#include "diff_attention.hpp"

#include "base/words.hpp"
#include "diff/in_words.hpp"
#include "diff/live_data_in_words.hpp"
#include "plan/cold_changes.hpp"
#include "plan/state_check.hpp"
#include "term/printer.hpp"

namespace relup::cmd {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;

// Rows of one kind; the first has the label.
class Group {
 public:
  Group(std::vector<Row>& rows, std::string label) : rows_(rows), label_(std::move(label)) {}

  void add(std::string text) {
    rows_.push_back({label_, std::move(text)});
    label_.clear();
  }

 private:
  std::vector<Row>& rows_;
  std::string label_;
};

std::string ids_of(const std::vector<facts::Child>& children) {
  std::vector<std::string> ids;
  for (const facts::Child& child : children)
    ids.push_back(print(child.id));
  return joined(ids);
}

std::string state_text(const ModuleChange& module) {
  const std::string fault = plan::state_fault(module);
  return diff::name_in_words(module.name) + ": " + facts::reason_of(*module.state_change) +
         (fault.empty() ? "" : ", but " + fault);
}

std::string children_text(const ModuleChange& module) {
  const facts::ChildrenChange& change = *module.children_change;
  std::vector<std::string> parts;
  if (!change.added.empty()) parts.push_back("new " + ids_of(change.added));
  if (!change.removed.empty()) parts.push_back("gone " + ids_of(change.removed));
  std::vector<facts::Child> others;
  for (const facts::ChangedChild& child : change.changed)
    if (child.starts_otherwise) others.push_back(child.after);
  if (!others.empty()) parts.push_back("started otherwise " + ids_of(others));
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? " " : "; ") + part;
  if (!parts.empty()) text += "; an upgrade starts and stops none of them by itself";
  for (const facts::ChangedFlag& flag : change.flags)
    text += (text.empty() ? " " : "; ") + ("other " + flag.name);
  if (change.old_argument)
    text += std::string(text.empty() ? " " : "; ") + "init/1 is called with the old argument";
  if (text.empty()) text = " other settings of children, which the update takes over";
  return diff::name_in_words(module.name) + ":" + text;
}

std::string unread_children_text(const ModuleChange& module) {
  if (module.is_too_large) {
    return diff::name_in_words(module.name) +
           ": what lists its children changed, and is too large to be read";
  }
  return diff::name_in_words(module.name) +
         ": what lists its children changed, and without debug information it cannot be read; "
         "releases keep it by {debug_info, keep} of relx, strip_beams: [keep: [\"Docs\", "
         "\"Dbgi\"]] of Mix";
}

std::string effects_text(const ModuleChange& module) {
  return diff::name_in_words(module.name) + ": init/1 runs again in an upgrade, and calls " +
         joined(module.init_effects);
}

// `each` is called with every module of the diff.
template <typename Each>
void for_modules(const diff::ReleaseDiff& diff, Each each) {
  for (const diff::ApplicationChange& application : diff.applications) {
    for (const ModuleChange& module : application.modules)
      each(module);
  }
}

void add_protocols(const diff::ReleaseDiff& diff, std::vector<Row>& rows) {
  Group group(rows, "protocols");
  const auto add = [&](ModuleStatus status, const char* word) {
    std::vector<std::string> names;
    for (const ModuleChange& protocol : diff.protocols) {
      if (protocol.status == status) names.push_back(diff::name_in_words(protocol.name));
    }
    if (!names.empty()) group.add(word + joined(names));
  };
  add(ModuleStatus::changed, "changed: ");
  add(ModuleStatus::added, "new: ");
  add(ModuleStatus::removed, "gone: ");
}

void add_settings(const diff::ReleaseDiff& diff, std::vector<Row>& rows) {
  Group group(rows, "settings");
  for (const diff::ConfigurationChange& change : diff.configuration)
    group.add("sys.config of " + change.application + ": " + describe(change));
  for (const diff::SettingsChange& change : diff.settings) {
    const bool is_told =
        change.file == diff::SettingsFile::sys_config && !diff.configuration.empty();
    const bool waits = plan::waits_for_next_start(change.file);
    if (!is_told)
      group.add(describe(change) +
                (waits ? "; it counts from the next start of the emulator" : ""));
  }
}

}  // namespace

std::vector<Row> attention_rows(const diff::ReleaseDiff& diff) {
  std::vector<Row> rows;
  Group states(rows, "state");
  for_modules(diff, [&](const ModuleChange& module) {
    if (module.state_change) states.add(state_text(module));
  });
  Group live(rows, "live data");
  for_modules(diff, [&](const ModuleChange& module) {
    for (const diff::LiveDataChange& change : module.live_data) {
      if (change.care == diff::LiveDataChange::Care::none)
        live.add(std::string(to_string(diff::severity_of(change))) + ": " +
                 diff::describe(module, change));
    }
    if (module.has_leftover_code_change)
      live.add(module.name.name() +
               ": its code_change is the same in both releases, left over from an earlier step; "
               "it is not called");
    if (module.is_state_unread)
      live.add(diff::describe(module, {diff::LiveDataChange::Kind::unread_state}));
  });
  Group children(rows, "children");
  for_modules(diff, [&](const ModuleChange& module) {
    if (module.children_change) children.add(children_text(module));
    if (module.may_list_other_children) children.add(unread_children_text(module));
  });
  Group effects(rows, "init/1");
  for_modules(diff, [&](const ModuleChange& module) {
    const bool runs_again = module.changes_code && !module.init_effects.empty();
    if (runs_again) effects.add(effects_text(module));
  });
  Group unread(rows, "unread");
  for (const Diagnostic& finding : diff.findings) {
    if (finding.severity == Severity::note) unread.add(finding.message);
  }
  add_protocols(diff, rows);
  add_settings(diff, rows);
  return rows;
}

}  // namespace relup::cmd
