// SPDX-License-Identifier: Apache-2.0
//
// Three rounds: every appup alone, every appup against the change of its application, and the
// scripts of the whole way. The compiler runs in the first round for what can be told of one appup,
// in the third for the rest; a fault that both find is reported once. At the end comes what the
// comments of the files allow.

#include "lint/lint.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "appup/appup_text.hpp"
#include "appup/elixir_term.hpp"
#include "lint/allowance_tracker.hpp"
#include "lint/compared_releases.hpp"
#include "lint/finding_list.hpp"
#include "lint/linted_appups.hpp"
#include "lint/rule_list.hpp"
#include "relup/appup_reader.hpp"
#include "relup/relup_reader.hpp"
#include "relup/way_script.hpp"

namespace relup::lint {
namespace {

using appup::Direction;

constexpr std::string_view dep_mods_rule = "RU205";

class Linter {
 public:
  Linter(const LintRequest& request, ComparedReleases& compared)
      : request_(request), compared_(compared) {}

  LintResult run() {
    for (const LintFile& file : request_.appups)
      read_appup_file(file);
    for (const LintFile& file : request_.relups)
      read_relup_file(file);
    for (const ParsedAppup& appup : appups_)
      check_alone(appup);
    for (const ReleasePair& releases : compared_.pairs())
      check_upgrade(releases);
    add_compiler_findings(std::move(compiler_findings_), findings_);
    return finish();
  }

 private:
  void read_appup_file(const LintFile& file) {
    files_.push_back(file.name);
    ReadAppup read = read_appup(file.name, file.bytes, request_.otp, new_version_of(file));
    add_compiler_problems(read.problems);
    if (!read.appup || read.form == appup::AppupForm::part) {
      made_elsewhere_.insert(application_of(file));
    }
    if (!read.appup) return;
    const Source& source = read.appup->source;
    allowances_.add(source, read_allowances(*source, read.comments, read.full_stop));
    ParsedAppup& appup = appups_.emplace_back(parse_appup(*read.appup, std::move(read.comments)));
    appup.application = application_of(file);
    appup.full_stop = read.full_stop;
    appup.form = read.form;
    appup.application_version = file.application_version;
    appup.deployed = request_.policy.deployed(appup.application);
  }

  static Atom application_of(const LintFile& file) {
    return file.application.empty() ? appup::application_of(file.name) : Atom(file.application);
  }

  // What a placeholder for the version stands for; none where no releases are named.
  std::optional<std::string> new_version_of(const LintFile& file) const {
    if (request_.to == nullptr) return std::nullopt;
    const release::TreeApplication* application = request_.to->find(application_of(file));
    return application == nullptr ? std::nullopt : std::optional(application->version);
  }

  void read_relup_file(const LintFile& file) {
    files_.push_back(file.name);
    ReadRelup read = read_relup(file.name, file.bytes, request_.otp);
    add_compiler_problems(read.problems);
    if (read.relup) relups_.push_back(std::move(*read.relup));
  }

  void check_alone(const ParsedAppup& appup) {
    for (const ParsedEntry& entry : appup.entries) {
      Problems problems;
      check_single_script({entry.list, appup.source}, problems);
      add_compiler_problems(problems);
    }
    for (const Rule* rule : all_rules()) {
      Findings findings(*rule, findings_);
      if (rule->check_appup != nullptr) rule->check_appup(appup, findings);
    }
    if (request_.to == nullptr) return;
    // The releases tell more of DepMods than the file alone, in every entry that they need.
    std::erase_if(findings_, [](const Diagnostic& finding) {
      return finding.code == dep_mods_rule && finding.severity == Severity::note;
    });
  }

  void check_upgrade(const ReleasePair& releases) {
    for (const Diagnostic& finding : releases.diff().findings)
      add_compiler_finding(finding);
    LintedAppups source(compared_.new_appups());
    for (const ParsedAppup& appup : appups_) {
      if (change_of(appup, releases) != nullptr) source.add(appup);
    }
    EntryIndex whole;
    const std::vector<const ParsedEntry*> entries = source.entries(releases);
    for (const ParsedEntry* entry : entries)
      whole.add(*entry);
    read_call_graphs(releases, entries);
    for (const ParsedAppup& appup : appups_) {
      const diff::ApplicationChange* change = change_of(appup, releases);
      if (change != nullptr) check_application(appup, releases, *change, whole);
    }
    for (const Direction direction : {Direction::up, Direction::down}) {
      const auto script = compile(releases, direction, source);
      // Where the relup of the way is linted, too, that is what will be run.
      if (script && relup_script(releases, direction) == nullptr) {
        check_script(releases, direction, *script, ScriptView::Origin::appups);
        note_looked_at(releases, direction);
      }
    }
    check_relups(releases);
  }

  // Those of the modules whose code the entries replace: several rules ask for each of them, one
  // after the other.
  static void read_call_graphs(const ReleasePair& releases,
                               const std::vector<const ParsedEntry*>& entries) {
    for (const Direction direction : {Direction::up, Direction::down}) {
      const Side side = departing(direction);
      std::set<Atom> modules;
      for (const ParsedEntry* entry : entries) {
        if (entry->direction != direction || entry->restarts()) continue;
        for (const ParsedInstruction& instruction : entry->instructions) {
          const Atom* module = instruction.action ? module_of(*instruction.action) : nullptr;
          const diff::ModuleChange* change =
              module == nullptr ? nullptr : releases.change_of_module(*module);
          if (change != nullptr && change->changes_code &&
              !releases.knows_call_graph(side, *module))
            modules.insert(*module);
        }
      }
      releases.read_call_graphs(side, {modules.begin(), modules.end()});
    }
  }

  void check_application(const ParsedAppup& appup, const ReleasePair& releases,
                         const diff::ApplicationChange& change, const EntryIndex& whole) {
    UpgradeView view{appup,
                     releases,
                     change,
                     appup.find(Direction::up, change.old_version),
                     appup.find(Direction::down, change.old_version),
                     whole,
                     {}};
    for (const ParsedEntry* entry : {view.up, view.down}) {
      if (entry != nullptr) view.own.add(*entry);
    }
    const bool has_author = appup::authorship(appup.source->text()) == appup::Authorship::edited;
    for (const Rule* rule : all_rules()) {
      Findings findings(*rule, findings_);
      if (rule->check_upgrade == nullptr || (rule->is_for_authors && !has_author)) continue;
      rule->check_upgrade(view, findings);
    }
  }

  // What the upgrade does to the application, where the appup is for it; null elsewhere.
  static const diff::ApplicationChange* change_of(const ParsedAppup& appup,
                                                  const ReleasePair& releases) {
    if (appup.form == appup::AppupForm::part) return nullptr;  // the rest is generated
    const diff::ApplicationChange* change = releases.change(appup.application);
    if (change == nullptr || !change->changes_version()) return nullptr;
    const std::string& version = appup.application_version;
    return version.empty() || version == change->new_version ? change : nullptr;
  }

  void note_looked_at(const ReleasePair& releases, Direction direction) {
    for (const ParsedAppup& appup : appups_) {
      const diff::ApplicationChange* change = change_of(appup, releases);
      if (change == nullptr) continue;
      const ParsedEntry* entry = appup.find(direction, change->old_version);
      if (entry != nullptr) allowances_.add_looked_at(appup.source, entry->span);
    }
  }

  std::optional<Script> compile(const ReleasePair& releases, Direction direction,
                                LintedAppups& source) {
    const Way way =
        way_between(releases.tree(Side::from).release, releases.tree(Side::to).release, direction);
    WayScript made = make_script(way, source);
    add_compiler_problems(made.collecting);
    add_compiler_problems(made.translating);
    add_compiler_problems(made.warnings);
    return std::move(made.script);
  }

  void check_script(const ReleasePair& releases, Direction direction, const Script& script,
                    ScriptView::Origin origin) {
    const simulate::Simulation simulation = simulate::simulate(script, direction, releases.diff());
    for (const Rule* rule : all_rules()) {
      Findings findings(*rule, findings_);
      if (rule->check_script == nullptr) continue;
      rule->check_script({direction, script, releases, simulation, origin}, findings);
    }
  }

  // The first entry for a version is the one that the release handler takes.
  void check_relups(const ReleasePair& releases) {
    for (const Relup& relup : relups_) {
      for (const Direction direction : {Direction::up, Direction::down}) {
        if (const Script* script = script_of(relup, releases, direction))
          check_script(releases, direction, *script, ScriptView::Origin::relup_file);
      }
    }
  }

  // Null where the relup is not for that way.
  static const Script* script_of(const Relup& relup, const ReleasePair& releases,
                                 Direction direction) {
    if (relup.version != releases.tree(Side::to).version()) return nullptr;
    const auto& entries = direction == Direction::up ? relup.up : relup.down;
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
      return each.version == releases.tree(Side::from).version();
    });
    return entry == entries.end() ? nullptr : &entry->script;
  }

  const Script* relup_script(const ReleasePair& releases, Direction direction) const {
    for (const Relup& relup : relups_) {
      if (const Script* script = script_of(relup, releases, direction)) return script;
    }
    return nullptr;
  }

  void add_compiler_problems(const Problems& problems) {
    for (const Problem& problem : problems)
      add_compiler_finding(problem.diagnostic);
  }

  // Whether it says what is known: that a build makes the appup of which a template was named here,
  // or that the emulator is restarted, which the policy asks for.
  bool is_known(const Diagnostic& finding) const {
    if (finding.rule == "missing-appup") {
      return made_elsewhere_.contains(appup::application_of(finding.file));
    }
    return finding.rule == "erts-version-changed" &&
           request_.policy.emulator_restart() == policy::EmulatorRestart::restart;
  }

  // Under the name of the rule that it belongs to, where it belongs to one.
  void add_compiler_finding(Diagnostic finding) {
    if (is_known(finding)) return;
    if (const Rule* rule = rule_of_compiler(finding.rule)) {
      finding.rule = rule->name;
      finding.code = rule->code;
      finding.severity = rule->severity;
    }
    compiler_findings_.push_back(std::move(finding));
  }

  LintResult finish() {
    drop_repetitions(findings_);
    const std::size_t allowed = allowances_.take_allowed(findings_);
    allowances_.check(findings_);
    std::erase_if(findings_, [this](const Diagnostic& finding) { return !severity_of(finding); });
    for (Diagnostic& finding : findings_) {
      finding.severity = *severity_of(finding);
      if (finding.fix && appup::form_of(finding.file) == appup::AppupForm::elixir) {
        for (Edit& edit : finding.fix->edits)
          edit.text = appup::to_elixir(edit.text);
      }
    }
    sort_by_place(files_, findings_);
    return {std::move(findings_), files_.size(), allowed};
  }

  std::optional<Severity> severity_of(const Diagnostic& finding) const {
    return request_.policy.severity(finding.rule, finding.severity, finding.code);
  }

  const LintRequest& request_;
  ComparedReleases& compared_;
  std::vector<std::string> files_;
  std::deque<ParsedAppup> appups_;
  std::vector<Relup> relups_;
  std::set<Atom> made_elsewhere_;  // applications whose appup a build makes of what was named
  AllowanceTracker allowances_;
  Diagnostics findings_;
  Diagnostics compiler_findings_;
};

}  // namespace

LintResult run_lint(const LintRequest& request) {
  ComparedReleases releases(request);
  return run_lint(request, releases);
}

LintResult run_lint(const LintRequest& request, ComparedReleases& releases) {
  return Linter(request, releases).run();
}

Diagnostics lint(const LintRequest& request) {
  return run_lint(request).findings;
}

}  // namespace relup::lint
