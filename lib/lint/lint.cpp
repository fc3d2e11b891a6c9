// SPDX-License-Identifier: Apache-2.0
//
// Three rounds: every appup alone, every appup against the change of its application, and the
// scripts of the whole way. The compiler runs in the first round for what can be told of one appup,
// in the third for the rest; a fault that both find is reported once. At the end comes what the
// comments of the files allow.

#include "lint/lint.hpp"

#include <algorithm>
#include <deque>

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
    ReadAppup read = read_appup(file.name, file.bytes, request_.otp);
    add_compiler_problems(read.problems);
    if (!read.appup) return;
    const Source& source = read.appup->source;
    allowances_.add(source, read_allowances(*source, read.comments, read.full_stop));
    ParsedAppup& appup = appups_.emplace_back(parse_appup(*read.appup, std::move(read.comments)));
    appup.full_stop = read.full_stop;
    appup.application_version = file.application_version;
    appup.deployed = request_.policy.deployed(appup.application);
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
  }

  void check_upgrade(const ReleasePair& releases) {
    for (const Diagnostic& finding : releases.diff().findings)
      add_compiler_finding(finding);
    LintedAppups source(compared_.new_appups());
    for (const ParsedAppup& appup : appups_) {
      if (change_of(appup, releases) != nullptr) source.add(appup);
    }
    EntryIndex whole;
    for (const ParsedEntry* entry : source.entries(releases))
      whole.add(*entry);
    for (const ParsedAppup& appup : appups_) {
      const diff::ApplicationChange* change = change_of(appup, releases);
      if (change != nullptr) check_application(appup, releases, *change, whole);
    }
    for (const Direction direction : {Direction::up, Direction::down}) {
      if (const auto script = compile(releases, direction, source)) {
        check_script(releases, direction, *script, ScriptView::Origin::appups);
        note_looked_at(releases, direction);
      }
    }
    check_relups(releases);
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
    for (const Rule* rule : all_rules()) {
      Findings findings(*rule, findings_);
      if (rule->check_upgrade != nullptr) rule->check_upgrade(view, findings);
    }
  }

  // What the upgrade does to the application, where the appup is for it; null elsewhere.
  static const diff::ApplicationChange* change_of(const ParsedAppup& appup,
                                                  const ReleasePair& releases) {
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
      if (relup.version != releases.tree(Side::to).version()) continue;
      for (const Direction direction : {Direction::up, Direction::down}) {
        const auto& entries = direction == Direction::up ? relup.up : relup.down;
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
          return each.version == releases.tree(Side::from).version();
        });
        if (entry != entries.end())
          check_script(releases, direction, entry->script, ScriptView::Origin::relup_file);
      }
    }
  }

  void add_compiler_problems(const Problems& problems) {
    for (const Problem& problem : problems)
      add_compiler_finding(problem.diagnostic);
  }

  // Under the name of the rule that it belongs to, where it belongs to one.
  void add_compiler_finding(Diagnostic finding) {
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
    for (Diagnostic& finding : findings_)
      finding.severity = *severity_of(finding);
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
