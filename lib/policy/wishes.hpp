// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup.yaml says, part by part, as plain data. What a part does not say is absent, so that a
// wish of less weight can fill it in; policy.hpp tells which one counts.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "policy/name_pattern.hpp"
#include "policy/quiesce.hpp"
#include "term/term.hpp"

namespace relup::policy {

enum class PurgeMethod { soft, brutal };
enum class ModuleChangeType { load, update, soft_update, supervisor, leave };
enum class Supervision { report, generate };
enum class EmulatorRestart { refuse, restart };

// Instructions to add. Their terms are templates (version_template.hpp) and know their places in
// `source`, so that who finds a wrong one can point at it.
struct Insertion {
  enum class Place {
    check,   // before the point of no return; runs when the release is checked, too
    first,   // before everything else
    last,    // after everything else
    before,  // before the instruction for `module`
    after,   // after the instruction for `module`
  };
  Place place = Place::last;
  std::optional<Atom> module;  // of before and after
  std::vector<Term> up;
  std::vector<Term> down;
  Source source;
  Span span;
};

struct Wishes {
  std::optional<PurgeMethod> purge_before;
  std::optional<PurgeMethod> purge_after;
  std::optional<Term> suspend_timeout;
  std::optional<Term> extra;
  std::optional<ModuleChangeType> change;
};

// Wishes for the modules whose names match.
struct ModuleEntry {
  NamePattern modules;
  Wishes wishes;
};

// What can be said of a whole release and of an application alike.
struct Scope {
  Wishes wishes;
  std::optional<Supervision> supervision;
  std::vector<NamePattern> leave_alone;
  std::vector<Insertion> insertions;
};

struct ApplicationEntry {
  NamePattern applications;
  Scope scope;
  std::vector<ModuleEntry> modules;
  enum class Change { by_module, restart };
  Change change = Change::by_module;
  std::vector<std::string> deployed = {};  // versions that run somewhere
};

// How severe the findings of a rule are, which is named by its name or its code.
struct FindingWish {
  std::string rule;
  std::optional<Severity> severity;  // none for findings that nobody wants to see
};

struct ReleaseWishes {
  Scope scope;
  EmulatorRestart emulator = EmulatorRestart::refuse;
  std::vector<FindingWish> findings;  // in file order
  Quiesce quiesce;
  std::vector<ApplicationEntry> applications;  // in file order
};

}  // namespace relup::policy
