// SPDX-License-Identifier: Apache-2.0
#include "change/draining.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds poll_interval{250};

struct CommitWouldKill final : Objection {
  CommitWouldKill(std::string version, std::vector<live::OldCode> victims)
      : version_(std::move(version)), victims_(std::move(victims)) {}
  ObjectionKind kind() const override { return ObjectionKind::commit_would_kill; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    std::string text =
        "release " + version_ + " is installed but not committed, since that would kill processes:";
    for (const live::OldCode& victim : victims_)
      text += "\n  " + live::describe(victim);
    return text;
  }
  std::string hint() const override {
    return "`relup commit` when they are done, or `relup rollback`";
  }

 private:
  std::string version_;
  std::vector<live::OldCode> victims_;
};

bool has_module(const std::vector<live::OldCode>& list, Atom module) {
  return std::any_of(list.begin(), list.end(),
                     [&](const live::OldCode& each) { return each.module == module; });
}

}  // namespace

OldCodeUse wait_for_old_code(live::AgentVerbs& agent, Clock& clock,
                             const std::vector<Atom>& modules, Milliseconds patience) {
  const auto look = [&] {
    std::vector<live::OldCode> in_use = agent.old_code(modules);
    std::erase_if(in_use, [](const live::OldCode& each) { return each.processes.empty(); });
    return in_use;
  };
  const auto deadline = clock.steady() + patience;
  OldCodeUse use;
  use.left = use.still = look();
  while (!use.still.empty() && clock.steady() < deadline) {
    clock.sleep(poll_interval);
    use.still = look();
  }
  std::erase_if(use.left,
                [&](const live::OldCode& each) { return has_module(use.still, each.module); });
  return use;
}

std::string describe_all(const std::vector<live::OldCode>& old_code) {
  std::vector<std::string> texts;
  texts.reserve(old_code.size());
  for (const live::OldCode& each : old_code)
    texts.push_back(live::describe(each));
  return joined(texts, "; ");
}

Objections commit_would_kill(const std::string& version, const std::vector<live::OldCode>& in_use,
                             const host::ScriptSummary& script) {
  const std::vector<Atom>& brutal = script.purged_brutally;
  std::vector<live::OldCode> victims;
  std::copy_if(in_use.begin(), in_use.end(), std::back_inserter(victims), [&](const auto& each) {
    return std::find(brutal.begin(), brutal.end(), each.module) != brutal.end();
  });
  if (victims.empty()) return {};
  return {object<CommitWouldKill>(version, std::move(victims))};
}

}  // namespace relup::change
