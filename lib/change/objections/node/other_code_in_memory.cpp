// SPDX-License-Identifier: Apache-2.0
//
// A script changes code and state as they are in the old release. On other code, which the node may
// run after a restart that nobody expected, it does harm. A difference in a module that the script
// leaves alone is only told.

#include <algorithm>

#include "base/words.hpp"
#include "change/objections.hpp"
#include "live/loaded_code.hpp"

namespace relup::change::by_node {
namespace {

struct OtherCodeInMemory final : Objection {
  OtherCodeInMemory(std::string version, std::vector<std::string> differences)
      : version_(std::move(version)), differences_(std::move(differences)) {}
  ObjectionKind kind() const override { return ObjectionKind::other_code_in_memory; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "the node does not run the code of " + version_ +
           ", which its release handler takes it to run: " + joined(differences_);
  }
  std::string hint() const override {
    return "restart the node, so that both agree, then try again";
  }

 private:
  std::string version_;
  std::vector<std::string> differences_;
};

bool is_changed(const live::MemoryDifference& difference, const host::ScriptSummary& script) {
  const auto& loaded = script.loaded;
  return !difference.module ||
         std::find(loaded.begin(), loaded.end(), *difference.module) != loaded.end();
}

}  // namespace

Objections other_code_in_memory(const NodeView& view) {
  if (view.change == nullptr || view.script == nullptr) return {};
  const ProposedChange& change = *view.change;
  std::vector<std::string> in_the_way;
  for (const auto& each : live::differences_in_memory(view.agent, change.old_release)) {
    if (is_changed(each, *view.script)) {
      in_the_way.push_back(each.text);
    } else {
      view.findings.notes.push_back("not the code of " + change.from + ": " + each.text);
    }
  }
  if (in_the_way.empty()) return {};
  return {object<OtherCodeInMemory>(change.from, std::move(in_the_way))};
}

}  // namespace relup::change::by_node
