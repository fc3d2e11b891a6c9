// SPDX-License-Identifier: Apache-2.0
#include "change/proof.hpp"

#include "base/words.hpp"
#include "change/aftermath.hpp"

namespace relup::change {

void Proof::leave_alone(const std::vector<live::MemoryDifference>& modules, Outcome& outcome) {
  std::vector<std::string> names;
  for (const live::MemoryDifference& each : modules) {
    left_alone_.insert(*each.module);
    names.push_back(each.module->name());
  }
  if (names.empty()) return;
  outcome.notes.push_back("not the code of " + outcome.from +
                          " before the change, and left as it is: " + joined(names));
}

void Proof::look_before(const host::ScriptSummary& script, const Outcome& outcome) {
  children_.look_before(session_.agent(), script,
                        host::release_on(tools_.files, host_, outcome.from),
                        host::release_on(tools_.files, host_, outcome.to));
}

std::vector<std::string> Proof::differences_from(const release::ReleaseTree& tree) {
  std::vector<std::string> differences;
  for (live::MemoryDifference& each : live::differences_in_memory(session_.agent(), tree)) {
    if (!each.module || !left_alone_.contains(*each.module))
      differences.push_back(std::move(each.text));
  }
  return differences;
}

void Proof::give(const std::optional<Term>& configuration, Outcome& outcome) {
  const std::string& version = outcome.to;
  Step step(tools_.progress, tools_.clock, "prove", "the code in memory");
  const release::ReleaseTree tree = host::release_on(tools_.files, host_, version);
  const std::vector<std::string> differences = differences_from(tree);
  const live::KnownRelease now = session_.running(session_.releases());
  if (!differences.empty() || now.version != version) {
    throw NotProved(ErrorCode::bad_input, "after the install the node does not run the code of " +
                                              version + ": " + joined(differences));
  }
  step.done("every loaded module is that of " + version +
            (left_alone_.empty() ? "" : ", or as it was before"));
  for (std::string& each : look_around(session_.agent(), tree, configuration))
    outcome.notes.push_back(std::move(each));
  for (std::string& each : children_.differences(session_.agent()))
    outcome.notes.push_back(std::move(each));
}

bool Proof::holds_for(const std::string& version) {
  try {
    return differences_from(host::release_on(tools_.files, host_, version)).empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace relup::change
