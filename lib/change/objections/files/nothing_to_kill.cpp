// SPDX-License-Identifier: Apache-2.0
//
// Who names a module to be killed has a reason. One that the change does not touch is a slip of the
// pen, and the one that was meant would stay in the way.

#include "base/words.hpp"
#include "change/draining.hpp"
#include "change/objections.hpp"

namespace relup::change {

Objections nothing_to_kill_in(const std::vector<Atom>& named, const host::ScriptSummary& script) {
  struct NothingToKill final : Objection {
    explicit NothingToKill(std::string modules) : modules_(std::move(modules)) {}
    ObjectionKind kind() const override { return ObjectionKind::nothing_to_kill; }
    ErrorCode code() const override { return ErrorCode::usage; }
    std::string sentence() const override {
      return "--kill names what the change neither loads nor removes: " + modules_;
    }
    std::string hint() const override { return "`relup check VERSION` lists what it loads"; }

   private:
    std::string modules_;
  };
  std::vector<std::string> strangers;
  for (const Atom module : without(named, script.loaded))
    strangers.push_back(module.name());
  if (strangers.empty()) return {};
  return {object<NothingToKill>(joined(strangers))};
}

namespace by_files {

Objections nothing_to_kill(const FilesView& view) {
  if (!view.change.script) return {};
  return nothing_to_kill_in(view.request.end.kill, *view.change.script);
}

}  // namespace by_files
}  // namespace relup::change
