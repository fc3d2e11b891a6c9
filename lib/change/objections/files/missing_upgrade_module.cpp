// SPDX-License-Identifier: Apache-2.0
//
// Modules that serve only the upgrade come from the new release or, where that has none of the
// name, from the old one.

#include <algorithm>

#include "base/words.hpp"
#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

struct MissingUpgradeModule final : Objection {
  MissingUpgradeModule(const ProposedChange& change, std::vector<std::string> names)
      : from_(change.from), to_(change.to), names_(std::move(names)) {}
  ObjectionKind kind() const override { return ObjectionKind::missing_upgrade_module; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override {
    return "neither release " + to_ + " nor " + from_ +
           " has these upgrade modules, which relup.yaml names: " + joined(names_);
  }
  std::string hint() const override { return "mend `upgrade_modules` in relup.yaml"; }

 private:
  std::string from_;
  std::string to_;
  std::vector<std::string> names_;
};

}  // namespace

Objections missing_upgrade_module(const FilesView& view) {
  std::vector<std::string> missing;
  for (const Atom module : view.request.quiesce.upgrade_modules) {
    if (view.change.new_release.owner_of(module) == nullptr &&
        view.change.old_release.owner_of(module) == nullptr)
      missing.push_back(module.name());
  }
  if (missing.empty()) return {};
  return {object<MissingUpgradeModule>(view.change, std::move(missing))};
}

}  // namespace relup::change::by_files
