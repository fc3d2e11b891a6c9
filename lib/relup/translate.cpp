// SPDX-License-Identifier: Apache-2.0
//
// The order of a finished script:
//   [restart_new_emulator], load_object_code of every library, applies, point_of_no_return,
//   the steps, [restart_emulator].
// A group stands where its first member stood in the merged script; what stood between its members
// comes after it.

#include "relup/translate.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "relup/lower.hpp"
#include "relup/merge_scripts.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using appup::Direction;
using appup::Instruction;
using appup::LoadObjectCode;

// Lowers all groups, each at the place of its first member. Object code goes to `before`.
Script lower_groups(const Script& script, const Way& way, const TieBreak& tie_break, Script& before,
                    Problems& problems) {
  const auto groups = dependency_groups(script, tie_break, problems);
  if (!groups) return {};
  constexpr std::size_t copied = static_cast<std::size_t>(-1);
  constexpr std::size_t dropped = static_cast<std::size_t>(-2);
  std::vector<std::size_t> group_at(script.size(), copied);
  for (std::size_t g = 0; g < groups->size(); ++g) {
    for (const std::size_t member : (*groups)[g])
      group_at[member] = dropped;
    group_at[*std::min_element((*groups)[g].begin(), (*groups)[g].end())] = g;
  }
  const ModuleIndex modules(way.to);
  Script after;
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (group_at[i] == dropped) continue;
    if (group_at[i] == copied) {
      after.push_back(script[i]);
      continue;
    }
    LoweredGroup lowered =
        lower_group(script, (*groups)[group_at[i]], way.direction, modules, problems);
    std::move(lowered.object_code.begin(), lowered.object_code.end(), std::back_inserter(before));
    std::move(lowered.steps.begin(), lowered.steps.end(), std::back_inserter(after));
  }
  return after;
}

// All load_object_code of one library.
struct Library {
  const Instruction* first;
  std::vector<const Instruction*> all;
};

const LoadObjectCode& object_code(const Instruction& instruction) {
  return std::get<LoadObjectCode>(instruction.action);
}

void check_versions(const Library& library, Problems& problems) {
  const LoadObjectCode& first = object_code(*library.first);
  // OTP looks from the rear, so the last other version is the one it names.
  for (auto each = library.all.rbegin(); each != library.all.rend(); ++each) {
    const LoadObjectCode& other = object_code(**each);
    if (other.version == first.version) continue;
    problems.push_back(instruction_problem(
        "conflicting-versions", **each,
        "object code of " + first.library.name() + " in version " + print(other.version) +
            ", elsewhere " + print(first.version),
        tagged("conflicting_versions", Term(first.library), first.version, other.version)));
  }
}

// Of a module that several instructions name the last mention stays.
Instruction merge_library(const Library& library) {
  LoadObjectCode merged = object_code(*library.first);
  std::vector<std::vector<Atom>> parts;
  std::unordered_set<Atom> later;
  for (auto each = library.all.rbegin(); each != library.all.rend(); ++each) {
    std::vector<Atom> kept;
    for (const Atom module : object_code(**each).modules) {
      if (!later.contains(module)) kept.push_back(module);
    }
    later.insert(kept.begin(), kept.end());
    parts.push_back(std::move(kept));
  }
  merged.modules.clear();
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    merged.modules.insert(merged.modules.end(), part->begin(), part->end());
  }
  return {std::move(merged), library.first->source, library.first->span};
}

// One load_object_code per library in order of first appearance, then the applies.
Script merge_object_code(const Script& before, Problems& problems) {
  std::vector<Library> libraries;
  std::unordered_map<Atom, std::size_t> index;
  Script applies;
  for (const Instruction& instruction : before) {
    const auto* code = std::get_if<LoadObjectCode>(&instruction.action);
    if (code == nullptr) {
      applies.push_back(instruction);
      continue;
    }
    const auto [found, is_new] = index.emplace(code->library, libraries.size());
    if (is_new) libraries.push_back({&instruction, {}});
    libraries[found->second].all.push_back(&instruction);
  }
  Script merged;
  for (const Library& library : libraries) {
    check_versions(library, problems);
    merged.push_back(merge_library(library));
  }
  merged.insert(merged.end(), applies.begin(), applies.end());
  return merged;
}

template <typename Kind>
std::optional<Instruction> take_all(Script& script) {
  std::optional<Instruction> first;
  std::erase_if(script, [&](const Instruction& instruction) {
    const bool is_kind = std::holds_alternative<Kind>(instruction.action);
    if (is_kind && !first) first = instruction;
    return is_kind;
  });
  return first;
}

// A new emulator is started first on the way up; on the way down it is a restart at the end.
void place_restarts(Direction direction, Script& before, Script& after) {
  const std::optional<Instruction> new_emulator = take_all<appup::RestartNewEmulator>(after);
  if (new_emulator && direction == Direction::up) before.insert(before.begin(), *new_emulator);
  if (new_emulator && direction == Direction::down) {
    after.push_back({appup::RestartEmulator(), new_emulator->source, new_emulator->span});
  }
  const std::optional<Instruction> restart = take_all<appup::RestartEmulator>(after);
  if (restart) after.push_back(*restart);
}

}  // namespace

std::optional<Script> translate_scripts(const Way& way, const std::vector<AppupScript>& scripts,
                                        Problems& problems, const TieBreak& tie_break) {
  const std::size_t faults = problems.size();
  MergedScript merged = merge_scripts(scripts, problems);
  if (problems.size() != faults) return std::nullopt;
  check_merged_script(merged, problems);
  const Script modules = lower_applications(std::move(merged.after), way, problems);
  Script before = std::move(merged.before);
  Script after = lower_groups(modules, way, tie_break, before, problems);
  before = merge_object_code(before, problems);
  if (problems.size() != faults) return std::nullopt;
  place_restarts(way.direction, before, after);
  Script script = std::move(before);
  script.reserve(script.size() + 1 + after.size());
  script.push_back({appup::PointOfNoReturn(), nullptr, {}});
  std::move(after.begin(), after.end(), std::back_inserter(script));
  return script;
}

void check_script_syntax(const std::vector<AppupScript>& scripts, Problems& problems) {
  merge_scripts(scripts, problems);
}

void check_single_script(const AppupScript& script, Problems& problems) {
  const std::size_t faults = problems.size();
  MergedScript merged = merge_scripts({script}, problems);
  if (problems.size() != faults) return;
  check_merged_script(merged, problems);
  check_defined_once(lower_add_modules(std::move(merged.after)), problems);
  merge_object_code(merged.before, problems);
}

}  // namespace relup
