// SPDX-License-Identifier: Apache-2.0
#pragma once

// The wishes of the user (relup.yaml) as answers: what holds for this module, this application,
// this release. Of two wishes the more special one counts, of two equally special ones the one that
// stands later in the file: first those of the release, then of every application that matches,
// then of every module that matches. Without wishes everything is as careful as it can be.

#include <optional>
#include <string_view>
#include <vector>

#include "policy/wishes.hpp"

namespace relup::policy {

struct PurgePair {
  PurgeMethod before = PurgeMethod::soft;  // the load of the new code (PrePurge)
  PurgeMethod after = PurgeMethod::soft;   // PostPurge
  bool operator==(const PurgePair&) const = default;
};

// What holds for one module.
struct ModuleWish {
  PurgePair purge;
  Term suspend_timeout = Term::atom("default");  // default, infinity, or milliseconds
  std::optional<Term> extra;                     // of {advanced, Extra}; a template
  std::optional<ModuleChangeType> change;
};

class Policy {
 public:
  Policy() = default;  // no wishes
  explicit Policy(ReleaseWishes wishes) : wishes_(std::move(wishes)) {}

  // All that the file says, for who looks through it.
  const ReleaseWishes& wishes() const { return wishes_; }

  ModuleWish module(Atom application, Atom name) const;
  Supervision supervision(Atom application) const;
  // Whether the whole application is to be restarted instead of its modules being changed.
  bool restarts(Atom application) const;
  // The versions of an application that run somewhere, each once; in file order.
  std::vector<std::string> deployed(Atom application) const;
  EmulatorRestart emulator_restart() const { return wishes_.emulator; }
  // What becomes of clients while an install goes on.
  const Quiesce& quiesce() const { return wishes_.quiesce; }

  // Instructions for the relup, and those for the appup of an application; in file order.
  const std::vector<Insertion>& insertions() const { return wishes_.scope.insertions; }
  std::vector<Insertion> insertions(Atom application) const;

  // How severe a finding of a rule is: as wished for its name or its code, else `otherwise`; none
  // when it is to be dropped.
  std::optional<Severity> severity(std::string_view rule, Severity otherwise,
                                   std::string_view code = {}) const;

 private:
  ReleaseWishes wishes_;
};

}  // namespace relup::policy
