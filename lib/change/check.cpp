// SPDX-License-Identifier: Apache-2.0
#include "change/check.hpp"

#include "base/words.hpp"
#include "change/live_data_findings.hpp"
#include "change/objections.hpp"
#include "change/purge_warnings.hpp"
#include "change/release_book.hpp"
#include "change/release_handler_check.hpp"
#include "change/right_root.hpp"
#include "generate/kept_paths.hpp"

namespace relup::change {
namespace {

struct NoProgress final : Progress {
  void report(const StepEvent& /*event*/) override {}
};

std::string source_note(const ProposedChange& change) {
  if (change.incoming) {
    return "from " + change.incoming->tarball +
           (change.incoming->has_manifest ? ", checksums are right" : "") +
           (change.incoming->signed_by.empty()
                ? ""
                : ", signed with the key of " + change.incoming->signed_by);
  }
  return change.source == ReleaseSource::known ? "known to the node already" : "unpacked already";
}

// A look at one change, that adds to `result` what it finds.
class Check {
 public:
  Check(FileSystem& files, Clock& clock, const host::Host& host, node::NodeChannel& channel,
        live::Depth depth, CheckResult& result)
      : files_(files),
        clock_(clock),
        host_(host),
        channel_(channel),
        depth_(depth),
        result_(result) {}

  // As an upgrade does it: what one objection makes pointless is not looked at any more.
  void look(const ChangeRequest& request) {
    if (const auto holder = files_.lock_holder(lock_path(host_))) {
      result_.objections = another_relup(host_, *holder);
      return;
    }
    live::AgentVerbs agent(channel_, host_);
    result_.objections = against_place(files_, host_, channel_.node_name(), agent.place());
    if (!result_.objections.empty()) return;
    const auto job = agent.unheard_job();
    result_.objections = unfinished_job(job);
    if (!result_.objections.empty()) return;
    if (job) note(job->text);
    const ReleaseBook book = read_release_book(files_, host_, agent);
    const Releases releases = releases_in(book);
    result_.from = book.running;
    knows_otherwise_ = book.repair.releases || book.has_node_to_learn;
    NoProgress progress;
    Judgement judgement = judge_by_files(request, releases, host_, {files_, clock_, progress});
    result_.objections = std::move(judgement.objections);
    engine_ = request.engine;
    quiesce_ = request.quiesce;
    if (judgement.change) look_at(*judgement.change, agent);
  }

 private:
  void look_at(const ProposedChange& change, live::AgentVerbs& agent) {
    note(source_note(change));
    if (change.made_relup) note("it comes without a relup: one is made from the two releases");
    for (const std::string& warning : change.warnings)
      note(warning);
    look_at_start_files(change);
    for (const std::string& each :
         generate::kept_path_notes(change.old_release, change.new_release))
      note(each);
    if (change.script) {
      result_.script = *change.script;
      look_at_script(*change.script);
    }
    NodeFindings findings;
    ask_node({channel_, agent, clock_, change.script ? &*change.script : nullptr, &change, findings,
              engine_, depth_, &quiesce_});
    if (findings.forecast && change.script) tell(*findings.forecast, *change.script);
    look_at_live_data(change);
    for (const live::MemoryDifference& each : findings.left_alone)
      note("not the code of " + change.from + ": " + each.text);
    for (const std::string& each : findings.notes)
      note(each);
    if (findings.configuration) compare_settings(change, *findings.configuration, agent);
  }

  void ask_node(const NodeView& view) {
    append(result_.objections, objections_of_node(view));
    if (!result_.objections.empty()) return;
    if (knows_otherwise_ && view.change->source == ReleaseSource::known) {
      note(
          "the release handler does not know the releases as they are in this root: an upgrade "
          "mends that first, so its own check was not asked");
      return;
    }
    result_.objections = refused_by_release_handler(view);
  }

  void tell(const live::Forecast& forecast, const host::ScriptSummary& script) {
    result_.words = in_words(forecast, script, engine_);
    for (const std::string& each : result_.words.notes)
      note(each);
    result_.forecast = forecast;
  }

  void compare_settings(const ProposedChange& change, const Term& configuration,
                        live::AgentVerbs& agent) {
    const live::Settings release =
        live::settings_of(change.new_release, live::read_settings(configuration),
                          live::read_settings(agent.command_line()));
    result_.settings = live::compare_settings(live::read_settings(agent.settings()), release);
  }

  void look_at_live_data(const ProposedChange& change) {
    const LiveDataFindings found = live_data_findings(change);
    for (const std::string& each : found.notes)
      note(each);
    std::vector<std::string>& warnings = result_.words.warnings;
    warnings.insert(warnings.end(), found.warnings.begin(), found.warnings.end());
    if (!change.script) return;
    const auto purges = purge_warnings(*change.script, engine_);
    warnings.insert(warnings.end(), purges.begin(), purges.end());
  }

  // What a node reads only when its operating system process starts.
  void look_at_start_files(const ProposedChange& change) {
    const auto text = [](const release::ReleaseTree& tree, const char* name) {
      return tree.reference.files->read_if_exists(tree.own_path(name));
    };
    for (const char* name : {"vm.args", "vm.args.src", "env.sh"}) {
      if (text(change.old_release, name) == text(change.new_release, name)) continue;
      note(std::string(name) + " changes: that takes effect when the node is started again");
    }
  }

  void look_at_script(const host::ScriptSummary& script) {
    if (script.direction == appup::Direction::down) {
      note("going from " + result_.from + " to " + result_.to + " is a downgrade: it is `relup " +
           "downgrade " + result_.to + "` that does it");
    }
    if (!script.purged_brutally.empty()) {
      note("the relup purges brutally: " + names_of(script.purged_brutally) +
           ". An upgrade waits until no process runs old code of them, and while one does it does "
           "not commit, since that would kill the process");
    }
    if (!script.purged_brutally_before.empty()) {
      note("before the load the relup purges brutally: " + names_of(script.purged_brutally_before) +
           ". An upgrade does not begin while a process runs old code of them, since the load "
           "would kill it");
    }
  }

  static std::string names_of(const std::vector<Atom>& modules) {
    std::vector<std::string> names;
    names.reserve(modules.size());
    for (const Atom module : modules)
      names.push_back(module.name());
    return joined(names);
  }

  void note(const std::string& text) { result_.notes.push_back(text); }

  FileSystem& files_;
  Clock& clock_;
  const host::Host& host_;
  node::NodeChannel& channel_;
  live::Depth depth_;
  Engine engine_ = Engine::relup;
  policy::Quiesce quiesce_;
  bool knows_otherwise_ = false;  // the release handler, until an upgrade settles it
  CheckResult& result_;
};

}  // namespace

Verdict verdict_of(const CheckResult& result) {
  if (!result.objections.empty()) return Verdict::is_refused;
  if (!result.words.uncommitted.empty()) return Verdict::is_never_committed;
  if (!result.words.not_seen.empty()) return Verdict::not_all_seen;
  return result.words.warnings.empty() ? Verdict::goes_through : Verdict::with_warnings;
}

CheckResult check_change(FileSystem& files, Clock& clock, const host::Host& host,
                         node::NodeChannel& channel, const ChangeRequest& request,
                         live::Depth depth) {
  CheckResult result;
  result.to = request.version;
  Check(files, clock, host, channel, depth, result).look(request);
  return result;
}

}  // namespace relup::change
