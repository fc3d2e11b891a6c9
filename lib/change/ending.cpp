// SPDX-License-Identifier: Apache-2.0
#include "change/ending.hpp"

#include <algorithm>

#include "base/duration.hpp"
#include "base/words.hpp"
#include "change/draining.hpp"
#include "change/guarded.hpp"
#include "change/objections.hpp"
#include "change/start_trial.hpp"
#include "host/boot_repair.hpp"

namespace relup::change {
namespace {

void add(std::vector<Atom>& modules, const std::vector<Atom>& more) {
  for (const Atom module : without(more, modules))
    modules.push_back(module);
}

Error would_kill(const Outcome& outcome, const std::vector<live::OldCode>& victims,
                 Milliseconds waited) {
  return uncommitted(outcome, "after " + duration_text(waited) +
                                  " processes still run old code, and a commit would kill them: " +
                                  census(victims))
      .with_hint("`relup commit` when they are done, `relup commit " + kill_options(victims) +
                 "` to kill them, or `relup rollback`; a restart boots " + outcome.from);
}

}  // namespace

Error uncommitted(const Outcome& outcome, const std::string& why) {
  return Error(ErrorCode::uncommitted,
               "release " + outcome.to + " is installed and runs, but is not committed: " + why)
      .with_hint("`relup commit` or `relup rollback` ends it; a restart boots " + outcome.from);
}

void Ending::stop_if_interrupted(const Outcome& outcome) {
  const auto signal = tools_.interruption.signal();
  if (signal) throw uncommitted(outcome, interruption_text(*signal));
}

void Ending::clear_the_way(const host::ScriptSummary& script, const std::vector<Atom>& may_kill,
                           Outcome& outcome) {
  if (!old_code_in_use(session_.agent(), may_kill).empty()) {
    Step step(tools_.progress, tools_.clock, "kill", "processes in old code");
    kill(step, may_kill, outcome);
    step.done(census(outcome.killed));
  }
  const Objections objections =
      would_be_killed_by_load(session_.agent().purge_softly(script.purged_brutally_before));
  if (!objections.empty()) throw refusal("the change to " + outcome.to, objections);
}

void Ending::kill(Step& step, const std::vector<Atom>& modules, Outcome& outcome) {
  const std::vector<live::OldCode> victims = old_code_in_use(session_.agent(), modules);
  if (victims.empty()) return;
  step.tell("kills " + census(victims));
  const std::vector<live::OldCode> killed = session_.agent().purge_brutally(modules);
  if (killed.empty()) return;
  outcome.notes.push_back("killed, in old code: " + census(killed));
  outcome.killed.insert(outcome.killed.end(), killed.begin(), killed.end());
}

// Those that are still in use in the end.
std::vector<live::OldCode> Ending::wait(Step& step, const std::vector<Atom>& modules,
                                        const EndRequest& request, Probing& probing,
                                        Outcome& outcome) {
  const auto deadline = tools_.clock.steady() + request.drain_timeout;
  for (Milliseconds pause = first_pause;; pause = longer(pause)) {
    std::vector<live::OldCode> in_use = old_code_in_use(session_.agent(), modules);
    stop_if_interrupted(outcome);
    if (in_use.empty() || tools_.clock.steady() >= deadline) return in_use;
    step.tell(census(in_use));
    probing.ask_now_and_then();
    stop_if_interrupted(outcome);
    tools_.clock.sleep(pause);
  }
}

void Ending::drain(const host::ScriptSummary* script, const EndRequest& request, Probing& probing,
                   Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "drain", "until nobody runs old code");
  const auto begin = tools_.clock.steady();
  std::vector<Atom> brutal = session_.agent().purged_by_commit();
  std::vector<Atom> modules = brutal;
  if (script != nullptr) {
    add(brutal, script->purged_brutally);
    add(modules, script->loaded);
  }
  std::vector<live::OldCode> in_use = wait(step, modules, request, probing, outcome);
  // Nobody is killed for a commit that others stand in the way of.
  const auto victims = session_.agent().purge_softly(without(brutal, request.kill));
  if (!victims.empty()) {
    throw would_kill(outcome, victims,
                     std::chrono::duration_cast<Milliseconds>(tools_.clock.steady() - begin));
  }
  kill(step, request.kill, outcome);
  std::erase_if(in_use, [&](const auto& each) { return has_module(request.kill, each.module); });
  for (const live::OldCode& old_code : in_use)
    outcome.notes.push_back("still in old code of " + live::describe(old_code));
  step.done(in_use.empty()
                ? "nobody runs old code"
                : counted(in_use.size(), "module") + " still in use; soft purge lets them finish");
}

// The release handler does not know the launcher.
void Ending::make_files_agree(const std::string& version) {
  FileSystem& files = tools_.files;
  host::BootState state = host::read_boot_state(files, host_.root);
  state.called = session_.agent().on_node(host_.root);
  const auto releases = host::mended_releases(state, version, session_.agent().known_releases());
  host::make_repair(files, state, host::repair_of(files, state, releases));
  const host::BootState now = host::read_boot_state_again(files, state);
  if (now.boots() == version && now.permanent() == version) return;
  throw Error(ErrorCode::uncertain, "a restart boots " + now.boots().value_or("no release") +
                                        " although the node made " + version + " permanent")
      .with_hint("look with `relup status`");
}

// What a restart will do, short of starting applications.
live::Rehearsal Ending::try_to_start(const Outcome& outcome) {
  const release::ReleaseTree tree = host::release_on(tools_.files, host_, outcome.to);
  live::Rehearsal start;
  try {
    const Term settings = session_.agent().environment(outcome.to, {});
    start = try_start(session_.agent(), host_, tree, settings, tools_.interruption, tried_start_);
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error& error) {
    throw uncommitted(outcome, error.message());
  }
  if (start.end == live::Rehearsal::End::fails)
    throw uncommitted(outcome, failed_start(outcome.to, start));
  return start;
}

// From here on a commit that is cut off is finished.
void Ending::decide(const std::string& version) {
  const auto tree = host::release_on(tools_.files, host_, version);
  tools_.journal->decide({version, tree.release.rel.erts_version, "", {}});
}

void Ending::make_permanent(Outcome& outcome) {
  const std::string& version = outcome.to;
  const live::Rehearsal start = try_to_start(outcome);
  Step step(tools_.progress, tools_.clock, "commit", "makes " + version + " permanent");
  decide(version);
  guarded(tools_, host_, [&] {
    for (std::string& note : session_.agent().make_permanent(version))
      outcome.notes.push_back(std::move(note));
  });
  make_files_agree(version);
  outcome.committed = true;
  step.done(start.end == live::Rehearsal::End::holds
                ? "it boots after a restart"
                : "a start of it was not tried: " + start.told);
}

}  // namespace relup::change
