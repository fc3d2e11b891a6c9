// SPDX-License-Identifier: Apache-2.0
#include "diff/in_words.hpp"

#include "base/words.hpp"
#include "term/printer.hpp"

namespace relup::diff {

std::string name_in_words(Atom module) {
  constexpr std::string_view prefix = "Elixir.";
  const std::string& name = module.name();
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

std::string describe(const SettingsChange& change) {
  const std::string name(name_of(change.file));
  switch (change.status) {
    case FileStatus::added:
      return name + " is new";
    case FileStatus::removed:
      return name + " is gone";
    case FileStatus::changed:
      break;
  }
  return name + " differs";
}

std::string describe(const NameChanges& changes) {
  std::vector<std::string> parts;
  const auto add = [&parts](const char* word, const std::vector<std::string>& names) {
    if (!names.empty()) parts.push_back(word + joined(names));
  };
  add("new ", changes.added);
  add("gone ", changes.removed);
  add("changed ", changes.changed);
  return joined(parts, "; ");
}

std::string describe(const FixedAtStart& change) {
  if (const auto* library = std::get_if<ChangedLibrary>(&change))
    return "priv/" + library->file + " changed";
  const auto& start = std::get<ChangedStartModule>(change);
  return "its start module changed from " + print(start.old_module) + " to " +
         print(start.new_module);
}

std::string describe(const ApplicationDetail& detail) {
  const bool is_sentence = detail.module.has_value();
  if (is_sentence) return predicate_of(detail);
  return std::string(subject_of(detail)) + ": " + predicate_of(detail);
}

std::string_view subject_of(const ApplicationDetail& detail) {
  using Kind = ApplicationDetail::Kind;
  switch (detail.kind) {
    case Kind::needs:
      return "needs";
    case Kind::includes:
      return "includes";
    case Kind::start:
      return "start";
    case Kind::environment:
      return "environment";
    case Kind::registered_names:
      return "registered names";
    case Kind::private_files:
      return "priv";
    case Kind::missing_module:
    case Kind::unlisted_module:
      break;
  }
  return ".app file";
}

std::string predicate_of(const ApplicationDetail& detail) {
  if (detail.kind == ApplicationDetail::Kind::missing_module)
    return "lists " + detail.module->name() + ", which is not in its ebin";
  if (detail.kind == ApplicationDetail::Kind::unlisted_module)
    return "has " + detail.module->name() + ", which its .app file does not list";
  return describe(detail.names);
}

std::vector<std::string> reasons_of(const ModuleChange& module, StateReason state) {
  std::vector<std::string> reasons;
  if (module.moved_between)
    reasons.push_back((module.new_facts ? "from " : "to ") + module.moved_between->name());
  reasons.insert(reasons.end(), module.code_reasons.begin(), module.code_reasons.end());
  if (module.is_compiled_anew()) reasons.emplace_back("same code, compiled anew");
  if (module.state_change && !module.state_change->is_presumed) {
    reasons.push_back(state == StateReason::in_full ? facts::reason_of(*module.state_change)
                                                    : "state");
  }
  if (module.structure_change)
    reasons.push_back("its struct " + facts::describe(*module.structure_change));
  return reasons;
}

}  // namespace relup::diff
