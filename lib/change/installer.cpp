// SPDX-License-Identifier: Apache-2.0
#include "change/installer.hpp"

#include "base/error.hpp"
#include "change/other_code.hpp"
#include "change/recovery.hpp"
#include "change/removal.hpp"
#include "change/way_back_trial.hpp"
#include "host/kept_files.hpp"

namespace relup::change {

namespace {

// How a work has ended, in one word.
std::string name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_is_no:
      return "refused";
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::bad_input:
      return "bad_input";
    case ErrorCode::rolled_back:
      return "rolled_back";
    case ErrorCode::uncertain:
      return "uncertain";
    case ErrorCode::needs_restart:
      return "needs_restart";
    case ErrorCode::uncommitted:
      return "uncommitted";
    case ErrorCode::interrupted:
      return "interrupted";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::bug:
      break;
  }
  return "bug";
}

// The next relup ends what is left.
Error left_half(const std::string& what) {
  return Error(ErrorCode::uncertain, what)
      .with_hint("`relup recover` ends it, when that is mended");
}

}  // namespace

Installer::Installer(host::Host host, ChangeTools tools)
    : host_(std::move(host)),
      journal_(tools.files, tools.clock, host_.root),
      steps_(tools.progress, journal_),
      tools_{tools.files,  tools.clock,        steps_,          tools.connect,
             tools.holder, tools.interruption, tools.run_shell, tools.actor,
             &journal_,    tools.settings,     tools.run_hook},
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
      ending_(host_, tools_, session_),
      hooks_(host_, tools_, session_) {}

void Installer::recover() {
  if (!needs_recovery(tools_.files, host_.root)) return;
  Step step(tools_.progress, tools_.clock, "recover", "what an earlier relup has left");
  const Recovery recovery =
      recover_locked(host_.root, {tools_.files, tools_.clock, tools_.holder, tools_.actor});
  host_.boot = host::read_boot(tools_.files, host_);
  step.done(recovery.boots + " boots");
}

Outcome Installer::recorded(const std::string& verb, const std::function<void()>& work) {
  const auto held = lock_root(tools_.files, host_, "the work", tools_.holder);
  recover();
  journal_.name(verb, tools_.actor);
  try {
    work();
  } catch (const Error& error) {
    write_end(&error);
    if (error.code() == ErrorCode::bad_input && is_half())
      throw left_half(error.message() + "; what was begun is not ended").because_of(error);
    throw;
  }
  outcome_.node_restart = session_.node_restart();
  try {
    write_end(nullptr);
  } catch (const Error& error) {
    // The record may be there, and only its sync has failed, or the end of the copies.
    const bool is_told = host::read_journal(tools_.files, host_.root).open() == nullptr;
    if (!is_told) {
      throw left_half("`relup " + verb +
                      "` is done, and the journal does not say so: " + error.message());
    }
  }
  return outcome_;
}

bool Installer::is_half() const {
  return journal_.has_begun() &&
         (journal_.operation().decision.has_value() || preparation_.left() == Left::something);
}

// A decision that nobody has taken back, and what could not be taken back, stay for the next relup.
void Installer::write_end(const Error* error) {
  if (!journal_.has_begun()) return;
  if (error != nullptr && error->code() == ErrorCode::rolled_back &&
      journal_.operation().decision) {
    return undo_decision();
  }
  host::OperationEnd end{
      error == nullptr ? (outcome_.committed ? "done" : "uncommitted") : name_of(error->code()),
      error == nullptr ? "" : error->message()};
  if (error != nullptr && is_half()) end.how = "uncertain";
  for (const live::OldCode& each : outcome_.killed)
    end.hurt.push_back(live::describe(each));
  if (session_.node_restart() != NodeRestart::unknown)
    end.node_was_restarted = session_.node_restart() == NodeRestart::yes;
  try {
    journal_.end(end);
  } catch (const Error&) {
    // The disk is full, or fails. It is open then, and the next relup looks at it.
    if (error == nullptr) throw;
  }
}

// The node went back to the old release while it was told to make the new one permanent.
void Installer::undo_decision() {
  try {
    journal_.take_back();
    recover_locked(host_.root, {tools_.files, tools_.clock, tools_.holder, tools_.actor});
  } catch (const Error&) {
    // It stays open, and the next relup looks at it.
  }
}

void Installer::connect() {
  stop_if_interrupted(tools_);
  session_.open();
  journal_.node(session_.os_pid());
}

void Installer::know_way() {
  journal_.way(outcome_.from, outcome_.to);
}

Outcome Installer::change(const ChangeRequest& request) {
  return recorded(request.direction == appup::Direction::down ? "downgrade" : "upgrade",
                  [&] { change_release(request); });
}

void Installer::change_release(const ChangeRequest& request) {
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
  try {
    carry_out(request, script);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::rolled_back) hooks_.went_back(outcome_, error);
    throw;
  }
}

void Installer::carry_out(const ChangeRequest& request, const host::ScriptSummary& script) {
  installing_.install(outcome_);
  with_new_release([&] {
    host::restore_files(tools_.files, host_);  // what the node could not put back
    prove();
    preparation_.keep();
    hooks_.after_install(outcome_);
    finish(request, &script);
  });
}

// The node runs the new release: where the disk fails then, that is what has to be told.
void Installer::with_new_release(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input || journal_.operation().decision) throw;
    throw uncommitted(outcome_, error.message()).because_of(error);
  }
}

// Everything before the install. What it does is undone when it fails.
host::ScriptSummary Installer::prepare(const ChangeRequest& request) {
  const ReleaseBook book = preparation_.settle();
  const Releases releases = releases_in(book);
  outcome_.from = book.running;
  know_way();
  worth_it_.pass();
  ProposedChange change = admission_.accept(request, releases);
  outcome_.notes = change.warnings;
  worth_it_.pass();
  preparation_.make_ready(change);
  worth_it_.pass();
  const NodeFindings findings = admission_.check(change, outcome_);
  configuration_ = findings.configuration;
  ending_.has_tried(findings.tried_start);
  proof_.look_before(*change.script, outcome_);
  preparation_.boot_what_is_permanent(book);
  if (!request.confirm_within) confirmation_.call_off();
  confirmation_.expect(request.confirm_within, outcome_);
  worth_it_.pass();
  hooks_.before_install({request.direction, &*change.script}, outcome_);
  worth_it_.pass();
  ending_.clear_the_way(*change.script, wishes_.may_kill, outcome_);
  return *change.script;
}

void Installer::undo_and_tell(const std::string& version, const Error& error) {
  const bool is_dead = dynamic_cast<const node::NodeError*>(&error) != nullptr &&
                       session_.fate() == node::NodeLife::State::dead;
  const Left left = preparation_.undo(version);
  if (is_dead) throw node_died_before(tools_.files, host_, session_.node_name(), version, left);
  hooks_.went_back(outcome_, error);
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
  hooks_.before_commit(script, outcome_);
  ending_.stop_if_interrupted(outcome_);
  ending_.make_permanent(outcome_);
}

Outcome Installer::commit(const EndRequest& request) {
  return recorded("commit", [&] { commit_release(request); });
}

void Installer::commit_release(const EndRequest& request) {
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
  know_way();
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  if (script) objections = nothing_to_kill_in(request.kill, *script);
  if (!objections.empty()) throw refusal("the commit", objections);
  wishes_.may_kill = request.kill;
  ChangeRequest rest{outcome_.to};
  rest.end = request;
  with_new_release([&] { finish(rest, script ? &*script : nullptr); });
}

// A commit that was cut off: the node runs the release that is permanent, and a restart may boot
// another one.
void Installer::finish_commit(const ReleaseBook& book) {
  outcome_ = {book.running, book.running, false, {}};
  know_way();
  const Objections objections = missing_launcher(tools_.files, host_, book.running);
  if (!objections.empty()) throw refusal("the commit", objections);
  ending_.make_permanent(outcome_);
}

Outcome Installer::rollback(const std::vector<Atom>& may_kill, const policy::Quiesce& quiesce) {
  wishes_.may_kill = may_kill;
  wishes_.quiesce = quiesce;
  return recorded("rollback", [&] { roll_back(); });
}

void Installer::roll_back() {
  connect();
  const Releases releases = releases_in(preparation_.settle());
  const Objections objections = against_rollback(releases);
  if (!objections.empty()) throw refusal("the rollback", objections);
  outcome_ = {live::running_release(releases)->version,
              live::permanent_release(releases)->version,
              false,
              {}};
  know_way();
  const auto script = host::find_script_on(tools_.files, host_, outcome_.from, outcome_.to);
  prepare_rollback(script ? &*script : nullptr);
  installing_.install(outcome_);
  host::restore_files(tools_.files, host_);
  prove_rollback();
  outcome_.committed = true;
  confirmation_.forget();
  hooks_.after_rollback(script ? &*script : nullptr, outcome_);
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
  outcome_ = {version, "", false, {}};
  return recorded("remove", [&] {
    connect();
    know_way();
    remove_release(host_, tools_, session_, preparation_, version);
    outcome_.committed = true;
  });
}

}  // namespace relup::change
