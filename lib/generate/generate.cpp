// SPDX-License-Identifier: Apache-2.0
//
// One appup has an entry for each version of its application that some base has. Two bases with one
// version of the application share the entry, so the scripts are made from the first base that has
// it.

#include "generate/generate.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "appup/appup_name.hpp"
#include "appup/appup_text.hpp"
#include "base/error.hpp"
#include "generate/generated_appups.hpp"
#include "generate/protocol_switch.hpp"
#include "generate/soften.hpp"
#include "merge/merge_appup.hpp"
#include "plan/cold_changes.hpp"
#include "plan/edited_check.hpp"
#include "plan/insertions.hpp"
#include "plan/state_check.hpp"
#include "plan/supervision.hpp"
#include "relup/appup_scripts.hpp"
#include "term/printer.hpp"

namespace relup::generate {
namespace {

using appup::AppupDocument;
using appup::Direction;
using diff::ApplicationChange;
using release::ReleaseTree;
using release::TreeApplication;

class Generator {
 public:
  explicit Generator(const GenerateRequest& request) : request_(request) {}

  Generated generate() {
    for (const ReleaseTree* base : request_.from) {
      diffs_.push_back(diff::compare_releases(*base, *request_.to));
      for (Diagnostic& finding : diffs_.back().findings)
        add_finding(std::move(finding));
    }
    find_edited_appups();
    find_restarts();
    for (const diff::ReleaseDiff& diff : diffs_) {
      plans_.push_back(
          plan::plan_release(diff, request_.to->release, foreign_applications(), request_.policy));
    }
    Bases all;
    for (const plan::ReleasePlan& plan : plans_)
      all.push_back(&plan);
    ties_.emplace(all);
    for (const TreeApplication& application : request_.to->applications)
      add_appup(application);
    find_calls_of_whole_applications();
    if (!has_errors(result_.diagnostics)) make_relup();
    std::stable_partition(result_.diagnostics.begin(), result_.diagnostics.end(),
                          [](const auto& each) { return each.severity == Severity::error; });
    return std::move(result_);
  }

 private:
  // The releases to come from that have one version of an application.
  using Bases = std::vector<const plan::ReleasePlan*>;

  // With the severity that the policy gives it, once.
  void add_finding(Diagnostic finding) {
    const auto severity = request_.policy.severity(finding.rule, finding.severity);
    if (!severity) return;
    finding.severity = *severity;
    for (const Diagnostic& known : result_.diagnostics) {
      if (known.message == finding.message && known.file == finding.file) return;
    }
    result_.diagnostics.push_back(std::move(finding));
  }

  void find_edited_appups() {
    if (!request_.edited_appup) return;
    for (const TreeApplication& application : request_.to->applications) {
      if (!is_upgraded(application.name)) continue;
      auto edited = request_.edited_appup(application);
      if (edited) edited_.emplace(application.name, std::move(*edited));
    }
  }

  bool is_upgraded(Atom application) const {
    const auto upgrades = [application](const ApplicationChange& change) {
      return change.name == application && change.changes_version();
    };
    return std::any_of(diffs_.begin(), diffs_.end(), [&](const diff::ReleaseDiff& diff) {
      return std::any_of(diff.applications.begin(), diff.applications.end(), upgrades);
    });
  }

  // What no script can do while the node runs.
  void find_restarts() {
    std::vector<std::string> emulator;
    bool is_hot = false;
    for (const diff::ReleaseDiff& diff : diffs_) {
      plan::ColdChanges cold = plan::find_cold_changes(diff);
      emulator.insert(emulator.end(), cold.emulator.begin(), cold.emulator.end());
      restarts_.merge(cold.applications);
      is_hot = is_hot || plan::has_hot_changes(diff);
      for (const std::string& setting : cold.next_start) {
        add_finding(finding_of("boot-setting", Severity::note,
                               setting + ": it takes effect when the emulator starts again"));
      }
      if (!is_hot && !cold.next_start.empty()) emulator.push_back(cold.next_start.front());
    }
    if (!emulator.empty()) require_emulator_restart(emulator.front());
    for (const ApplicationChange& change : diffs_.front().applications) {
      if (request_.policy.restarts(change.name)) restarts_[change.name] = {"relup.yaml says so"};
    }
    for (const auto& edited : edited_)
      restarts_.erase(edited.first);  // whose author knows better
    for (const auto& [application, reasons] : restarts_) {
      if (!is_upgraded(application)) continue;
      add_finding(finding_of("restart-application", Severity::warning,
                             application.name() + " is restarted: " + reasons.front()));
    }
  }

  void require_emulator_restart(const std::string& reason) {
    if (request_.policy.emulator_restart() == policy::EmulatorRestart::refuse) {
      throw Error(ErrorCode::needs_restart, "this cannot be done hot: " + reason)
          .with_hint(
              "restart the node with the new release, or write `emulator: restart` into "
              "relup.yaml for a relup that restarts the emulator");
    }
    add_finding(
        finding_of("restart-emulator", Severity::warning, "the emulator is restarted: " + reason));
  }

  static Diagnostic finding_of(const char* rule, Severity severity, std::string message) {
    Diagnostic finding;
    finding.rule = rule;
    finding.severity = severity;
    finding.message = std::move(message);
    return finding;
  }

  // Those whose scripts relup has no say in.
  std::set<Atom> foreign_applications() const {
    std::set<Atom> applications;
    for (const auto& restarted : restarts_)
      applications.insert(restarted.first);
    for (const auto& [name, edited] : edited_) {
      if (edited.use == EditedAppup::Use::as_it_is) applications.insert(name);
    }
    return applications;
  }

  static const ApplicationChange* change_in(const plan::ReleasePlan& plan, Atom application) {
    for (const ApplicationChange& change : plan.diff->applications) {
      if (change.name == application) return &change;
    }
    return nullptr;
  }

  // The bases of each entry that an appup needs, in the order in which the bases were named.
  std::vector<Bases> entries_of(Atom application) const {
    std::vector<Bases> entries;
    std::map<std::string, std::size_t> by_version;
    for (const plan::ReleasePlan& plan : plans_) {
      const ApplicationChange* change = change_in(plan, application);
      if (change == nullptr || !change->changes_version()) continue;
      const auto [found, is_new] = by_version.emplace(change->from, entries.size());
      if (is_new) entries.emplace_back();
      entries[found->second].push_back(&plan);
    }
    return entries;
  }

  void check_states(const TreeApplication& application, const std::vector<Bases>& entries) {
    const std::string ebin = request_.to->reference.files->place(application.directory + "/ebin");
    if (restarts_.contains(application.name)) return;  // no state lives on
    for (const Bases& bases : entries) {
      const ApplicationChange& change = *change_in(*bases.front(), application.name);
      for (Diagnostic& finding : plan::check_states(change, ebin))
        add_finding(std::move(finding));
      for (Diagnostic& finding :
           plan::check_supervision(change, ebin, request_.policy.supervision(application.name)))
        add_finding(std::move(finding));
    }
  }

  AppupDocument make_document(const TreeApplication& application,
                              const std::vector<Bases>& entries) {
    AppupDocument document{application.version, {}, {}};
    for (const Bases& bases : entries) {
      const std::string& from = change_in(*bases.front(), application.name)->from;
      plan::PlannedScripts scripts = scripts_of(application.name, bases);
      for (Diagnostic& note : scripts.notes)
        add_finding(std::move(note));
      result_.entries.push_back(
          {application.name, from, application.version, std::move(scripts.decisions)});
      document.up.push_back({from, std::move(scripts.up)});
      document.down.push_back({from, std::move(scripts.down)});
    }
    return document;
  }

  plan::PlannedScripts scripts_of(Atom application, const Bases& bases) const {
    if (application == "kernel" || application == "stdlib" || application == "sasl") {
      return decided(application, appup::RestartNewEmulator{}, appup::RestartEmulator{},
                     {application.name() + " is under everything else"});
    }
    if (const auto found = restarts_.find(application); found != restarts_.end()) {
      const appup::RestartApplication restart{application};
      return decided(application, restart, restart, found->second);
    }
    return plan::plan_scripts({application, bases, request_.rebuilt, &request_.policy, &*ties_});
  }

  // Scripts of one instruction each.
  static plan::PlannedScripts decided(Atom application, const appup::Action& up,
                                      const appup::Action& down,
                                      const std::vector<std::string>& because) {
    return {
        {up},
        {down},
        {},
        {{Direction::up, application, up, because}, {Direction::down, application, down, because}}};
  }

  // An edited appup as it will be: what relup would write now is merged into it, or nothing is.
  GeneratedAppup take_edited(const EditedAppup& edited, const TreeApplication& application,
                             const std::vector<Bases>& entries) {
    GeneratedAppup appup{application.name, application.version, edited.text, true, false,
                         edited.file};
    if (edited.use == EditedAppup::Use::as_it_is) return appup;
    merge::MergeResult merged = merge::merge_appup(
        edited.file, edited.text, make_document(application, entries), application.name.name());
    for (Diagnostic& finding : merged.diagnostics)
      add_finding(std::move(finding));
    appup.is_merged = merged.text != edited.text;
    appup.text = std::move(merged.text);
    return appup;
  }

  void add_appup(const TreeApplication& application) {
    const std::vector<Bases> entries = entries_of(application.name);
    if (entries.empty()) return;
    GeneratedAppup appup{application.name, application.version, "", false, false, ""};
    const auto edited = edited_.find(application.name);
    if (edited != edited_.end()) {
      appup = take_edited(edited->second, application, entries);
    } else {
      check_states(application, entries);
      appup.text =
          appup::generated_text(application.name.name(), make_document(application, entries));
    }
    const std::string name =
        appup.is_edited ? appup.origin : appup::appup_path(application.directory, application.name);
    source_.add(application.name, name, appup.text, request_.otp, result_.diagnostics);
    if (appup.is_edited) check_edited(application.name, entries);
    result_.appups.push_back(std::move(appup));
  }

  // They have no appup that would say it.
  void find_calls_of_whole_applications() {
    for (const diff::ReleaseDiff& diff : diffs_) {
      for (const ApplicationChange& change : diff.applications) {
        if (!change.from.empty() && !change.to.empty()) continue;
        for (Diagnostic& note : ties_->of(change.name, change.from).exposed)
          add_finding(std::move(note));
      }
    }
  }

  void check_edited(Atom application, const std::vector<Bases>& entries) {
    const appup::Appup* appup = source_.find(application);
    for (const Bases& bases : entries) {
      if (appup == nullptr) return;
      const ApplicationChange& change = *change_in(*bases.front(), application);
      for (Diagnostic& finding : plan::check_edited(*appup, change, request_.policy))
        add_finding(std::move(finding));
    }
  }

  void make_relup() {
    Relup relup{request_.to->version(), {}, {}};
    // The last base comes first, as systools has it.
    for (auto base = request_.from.rbegin(); base != request_.from.rend(); ++base) {
      add_entry(Direction::up, **base, relup.up);
      add_entry(Direction::down, **base, relup.down);
    }
    if (!has_errors(result_.diagnostics)) result_.relup = std::move(relup);
  }

  void add_entry(Direction direction, const ReleaseTree& base, std::vector<RelupEntry>& entries) {
    const bool up = direction == Direction::up;
    const release::ResolvedRelease& top = request_.to->release;
    Problems problems;
    const CollectedScripts collected =
        collect_scripts({direction, top, base.release, false}, source_, problems);
    std::optional<Script> script;
    if (collected.is_complete) {
      script = translate_scripts({direction, up ? top : base.release, up ? base.release : top},
                                 collected.scripts, problems);
    }
    for (const Problem& warning : collected.warnings) {
      Diagnostic diagnostic = warning.diagnostic;
      diagnostic.severity = Severity::warning;
      add_finding(std::move(diagnostic));
    }
    for (const Problem& problem : problems)
      add_finding(problem.diagnostic);
    if (!script) return;
    soften(*script, up ? top : base.release);
    switch_protocols(diff_from(base), up ? *request_.to : base, *script);
    add_release_wishes(direction, base.version(), *script);
    entries.push_back({base.version(), Term(), std::move(*script)});
  }

  const diff::ReleaseDiff& diff_from(const ReleaseTree& base) const {
    const auto place = std::find(request_.from.begin(), request_.from.end(), &base);
    return diffs_[static_cast<std::size_t>(place - request_.from.begin())];
  }

  // Instructions of the policy for the release as a whole: low-level ones, for nobody translates
  // them any more.
  void add_release_wishes(Direction direction, const std::string& base, Script& script) {
    using Place = policy::Insertion::Place;
    const bool up = direction == Direction::up;
    const std::string& from = up ? base : request_.to->version();
    const std::string& to = up ? request_.to->version() : base;
    std::size_t firsts = 0;
    for (const policy::Insertion& insertion : request_.policy.insertions()) {
      const auto actions =
          plan::read_insertion(insertion, direction, from, to, result_.diagnostics);
      const auto front = std::find_if(script.begin(), script.end(), [](const auto& step) {
        return std::holds_alternative<appup::PointOfNoReturn>(step.action);
      });
      auto place = script.end();
      if (insertion.place == Place::check) place = front;
      if (insertion.place == Place::first && front != script.end()) {
        place = front + 1 + static_cast<std::ptrdiff_t>(firsts);
        firsts += actions.size();
      }
      for (const appup::Action& action : actions) {
        place = script.insert(place, {action, insertion.source, insertion.span});
        ++place;
      }
    }
  }

  const GenerateRequest& request_;
  std::vector<diff::ReleaseDiff> diffs_;
  std::vector<plan::ReleasePlan> plans_;   // of the diffs
  std::optional<plan::ReleaseTies> ties_;  // of the plans
  std::map<Atom, EditedAppup> edited_;
  std::map<Atom, std::vector<std::string>> restarts_;  // applications, and why
  GeneratedAppups source_;
  Generated result_;
};

}  // namespace

Generated generate_upgrade(const GenerateRequest& request) {
  return Generator(request).generate();
}

}  // namespace relup::generate
