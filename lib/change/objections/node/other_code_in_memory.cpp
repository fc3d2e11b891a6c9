// SPDX-License-Identifier: Apache-2.0
//
// A script changes code and state as they are in the old release. On other code, which the node may
// run after a restart that nobody expected, it does harm. A difference in a module that the script
// leaves alone is a finding.

#include "base/words.hpp"
#include "change/objections.hpp"
#include "change/other_code.hpp"

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

}  // namespace

Objections other_code_in_memory(const NodeView& view) {
  if (view.change == nullptr || view.script == nullptr) return {};
  const ProposedChange& change = *view.change;
  OtherCode other =
      sort_by_script(live::differences_in_memory(view.agent, change.old_release), *view.script);
  view.findings.left_alone = std::move(other.left_alone);
  if (other.in_the_way.empty()) return {};
  std::vector<std::string> texts;
  for (const live::MemoryDifference& each : other.in_the_way)
    texts.push_back(each.text);
  return {object<OtherCodeInMemory>(change.from, std::move(texts))};
}

}  // namespace relup::change::by_node
