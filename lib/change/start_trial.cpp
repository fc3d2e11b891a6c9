// SPDX-License-Identifier: Apache-2.0
#include "change/start_trial.hpp"

#include "release/boot_script.hpp"

namespace relup::change {
namespace {

// The start script of relx makes vm.args from vm.args.src, where there is one.
void read_flags(const release::ReleaseTree& release, live::RehearsalPlan& plan) {
  const release::ReleaseFiles& files = *release.reference.files;
  const auto source = files.read_if_exists(release.own_path("vm.args.src"));
  const auto plain = files.read_if_exists(release.own_path("vm.args"));
  plan.has_variables = source.has_value();
  plan.flags = live::flags_to_try(source ? *source : plain.value_or(""));
}

live::RehearsalPlan plan_of(live::AgentVerbs& agent, const host::Host& host,
                            const release::ReleaseTree& release, const release::ReleaseTree& boots,
                            const std::optional<Term>& settings) {
  live::RehearsalPlan plan{release.release.rel.erts_version,
                           agent.on_node(host.path(release::boot_script_path(boots.version()))),
                           {},
                           false,
                           settings};
  read_flags(release, plan);
  return plan;
}

}  // namespace

live::RunningRehearsal begin_start(live::AgentVerbs& agent, const host::Host& host,
                                   const release::ReleaseTree& release,
                                   const release::ReleaseTree& boots,
                                   const std::optional<Term>& settings) {
  return {agent, agent.on_node(host.root), plan_of(agent, host, release, boots, settings)};
}

live::Rehearsal try_start(live::AgentVerbs& agent, const host::Host& host,
                          const release::ReleaseTree& release, const Term& settings,
                          Interruption& interruption, const live::Rehearsal& earlier) {
  return live::rehearse(agent, agent.on_node(host.root),
                        plan_of(agent, host, release, release, settings), interruption, earlier);
}

std::string failed_start(const std::string& version, const live::Rehearsal& rehearsal) {
  return "a start of release " + version + " fails: " + rehearsal.told;
}

}  // namespace relup::change
