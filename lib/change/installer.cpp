// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include "base/error.hpp"
#include "change/other_code.hpp"
#include "change/removal.hpp"
#include "change/way_back_trial.hpp"

namespace relup::change {

Installer::Installer(host::Host host, ChangeTools tools)
    : host_(std::move(host)),
      tools_(std::move(tools)),
      session_(host_, tools_),
      worth_it_(tools_, session_),
      preparation_(host_, tools_, session_, worth_it_),
      proof_(host_, tools_, session_),
      failed_(host_, tools_, session_, preparation_, proof_),
      installing_(host_, tools_, session_, wishes_, failed_),
      admission_(host_, tools_, session_, worth_it_, wishes_, proof_, failed_),
      confirmation_(host_, tools_, session_, installing_),
      any_line_(tools_, session_, failed_),
      back_(host_, tools_, session_, installing_, failed_),
      ending_(host_, tools_, session_) {}

std::unique_ptr<FileLock> Installer::lock() {
  const std::string path = lock_path(host_);
  std::unique_ptr<FileLock> lock = tools_.files.try_lock(path, tools_.holder);
  if (lock) return lock;
  throw refusal("the work", another_relup(host_, tools_.files.read_if_exists(path).value_or("")));
}

void Installer::connect() {
  stop_if_interrupted(tools_);
  session_.open();
}

// At the end of the work.
const Outcome& Installer::told() {
  outcome_.node_restart = session_.node_restart();
  return outcome_;
}

Outcome Installer::change(const ChangeRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  wishes_ = {request.engine, request.end.kill, request.quiesce};
  outcome_ = Outcome{"", request.version, false, {}};
  connect();
  host::ScriptSummary script;
  try {
    script = prepare(request);
  } catch (const Error& error) {
    undo_and_tell(request.version, error);
    throw;
  }
  installing_.install(outcome_);
  prove();
  preparation_.keep();
  finish(request, &script);
  return told();
}

// Everything before the install. What it does is undone when it fails.
host::ScriptSummary Installer::prepare(const ChangeRequest& request) {
  const ReleaseBook book = preparation_.settle();
  const Releases releases = releases_in(book);
  outcome_.from = book.running;
  worth_it_.pass();
  ProposedChange change = admission_.accept(request, releases);
  outcome_.notes = change.warnings;
  worth_it_.pass();
  preparation_.make_ready(change);
  worth_it_.pass();
  configuration_ = admission_.check(change, outcome_);
  proof_.look_before(*change.script, outcome_);
  preparation_.boot_what_is_permanent(book);
  if (!request.confirm_within) confirmation_.call_off();
  confirmation_.expect(request.confirm_within, outcome_);
  worth_it_.pass();
  ending_.clear_the_way(*change.script, wishes_.may_kill, outcome_);
  return *change.script;
}

void Installer::undo_and_tell(const std::string& version, const Error& error) {
  const bool is_dead = dynamic_cast<const node::NodeError*>(&error) != nullptr &&
                       session_.fate() == node::NodeLife::State::dead;
  const Left left = preparation_.undo(version);
  if (is_dead) throw node_died_before(tools_.files, host_, session_.node_name(), version, left);
  const auto* interruption = dynamic_cast<const Interrupted*>(&error);
  if (interruption == nullptr || left == Left::nothing) return;
  throw Interrupted(interruption->signal(),
                    "the running release was not touched, but what was prepared for " + version +
                        " could not all be taken back");
}

// The code in memory is that of the files, module by module. If it is not, the node goes back.
void Installer::prove() {
  try {
    any_line_.work("after the install of " + outcome_.to + ", which was being proved", outcome_,
                   [&] { proof_.give(configuration_, outcome_); });
  } catch (const NotProved& failure) {
    back_.go(outcome_, failure);
  }
}

// What happens from here on leaves the new release in the node, unless a probe takes it back.
void Installer::finish(const ChangeRequest& request, const host::ScriptSummary* script) {
  try {
    any_line_.work("after the install of " + outcome_.to + ", before the commit was done", outcome_,
                   [&] { end(request, script); });
  } catch (const ProbeFailed& failure) {
    back_.go(outcome_, failure);
  }
}

void Installer::end(const ChangeRequest& request, const host::ScriptSummary* script) {
  ending_.stop_if_interrupted(outcome_);
  try {
    // The time to confirm the change begins again: the install may have taken long.
    confirmation_.expect(request.confirm_within, outcome_);
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error& error) {
    throw uncommitted(outcome_, error.message());
  }
  Probing probing(tools_, session_, request.probes, outcome_.to);
  probing.ask();
  ending_.stop_if_interrupted(outcome_);
  if (request.commit == CommitWhen::later) return;
  ending_.drain(script, request.end, probing, outcome_);
  probing.ask();
  ending_.stop_if_interrupted(outcome_);
  ending_.make_permanent(outcome_);
}

Outcome Installer::commit(const EndRequest& request) {
  const std::unique_ptr<FileLock> held = lock();
  connect();
  const ReleaseBook book = preparation_.settle();
  if (is_half_committed(book)) return finish_commit(book);
  const Releases releases = releases_in(book);
  Objections objections = against_commit(releases);
  if (objections.empty()) {
    append(objections,
           missing_launcher(tools_.files, host_, live::running_release(releases)->version));
  }
  if (!objections.empty()) throw refusal("the commit", objections);
  const live::KnownRelease* permanent = live::permanent_release(releases);
  outcome_ = {permanent == nullptr ? "" : permanent->version,
              live::running_release(releases)->version,
              false,
              {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  if (script) objections = nothing_to_kill_in(request.kill, *script);
  if (!objections.empty()) throw refusal("the commit", objections);
  wishes_.may_kill = request.kill;
  ChangeRequest rest{outcome_.to};
  rest.end = request;
  finish(rest, script ? &*script : nullptr);
  return told();
}

// A commit that was cut off: the node runs the release that is permanent, and a restart may boot
// another one.
Outcome Installer::finish_commit(const ReleaseBook& book) {
  outcome_ = {book.running, book.running, false, {}};
  const Objections objections = missing_launcher(tools_.files, host_, book.running);
  if (!objections.empty()) throw refusal("the commit", objections);
  ending_.make_permanent(outcome_);
  return told();
}

Outcome Installer::rollback(const std::vector<Atom>& may_kill, const policy::Quiesce& quiesce) {
  const std::unique_ptr<FileLock> held = lock();
  wishes_.may_kill = may_kill;
  wishes_.quiesce = quiesce;
  connect();
  const Releases releases = releases_in(preparation_.settle());
  const Objections objections = against_rollback(releases);
  if (!objections.empty()) throw refusal("the rollback", objections);
  outcome_ = {live::running_release(releases)->version,
              live::permanent_release(releases)->version,
              false,
              {}};
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  prepare_rollback(script ? &*script : nullptr);
  installing_.install(outcome_);
  prove_rollback();
  outcome_.committed = true;
  confirmation_.forget();
  return told();
}

void Installer::prepare_rollback(const host::ScriptSummary* script) {
  const Outcome installed{outcome_.to, outcome_.from, false, {}};
  Objections objections;
  if (script != nullptr) objections = nothing_to_kill_in(wishes_.may_kill, *script);
  NodeFindings findings;
  try {
    append(objections, admission_.ask_node(script, nullptr, findings));
    if (script != nullptr)
      append(objections,
             against_way_back(session_, tools_, host_, *script, outcome_.from, outcome_.to));
    stop_if_interrupted(tools_);
  } catch (const Interrupted& interruption) {
    throw uncommitted(installed, interruption_text(interruption.signal()));
  }
  if (!objections.empty()) throw refusal("the rollback to " + outcome_.to, objections);
  if (script == nullptr) return;
  // Whatever the node runs, it can go back.
  const auto running = host::release_on(tools_.files, host_, outcome_.from);
  const auto differences = live::differences_in_memory(session_.agent(), running);
  proof_.leave_alone(sort_by_script(differences, *script).left_alone, outcome_);
  proof_.look_before(*script, outcome_);
  ending_.clear_the_way(*script, wishes_.may_kill, outcome_);
}

void Installer::prove_rollback() {
  try {
    proof_.give(std::nullopt, outcome_);
  } catch (const NotProved& failure) {
    back_.go(outcome_, failure);
  } catch (const node::NodeError& error) {
    session_.tell_if_died("after the rollback to " + outcome_.to + ", which was being proved");
    throw Error(ErrorCode::uncertain, "the node went back to " + outcome_.to +
                                          ", but the line to it broke before that was proved")
        .with_hint("look with `relup status`")
        .because_of(error);
  }
}

Outcome Installer::remove(const std::string& version) {
  const std::unique_ptr<FileLock> held = lock();
  outcome_ = {version, "", false, {}};
  connect();
  remove_release(host_, tools_, session_, preparation_, version);
  outcome_.committed = true;
  return outcome_;
}

}  // namespace relup::change
