// SPDX-License-Identifier: Apache-2.0
//
// Three rounds: every appup by itself, every appup against the change of its application, and the
// scripts of the whole way. The compiler is asked in the first round for what can be told of one
// appup, in the third for the rest; a fault that both find is reported once. At the end comes what
// the comments of the files allow.

#include "lint/lint.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

#include "lint/allowance_book.hpp"
#include "lint/linted_appups.hpp"
#include "lint/rule_list.hpp"
#include "relup/appup_reader.hpp"
#include "relup/relup_reader.hpp"
#include "relup/way_script.hpp"

namespace relup::lint {
namespace {

using appup::Direction;
using release::ReleaseTree;

class Linter {
 public:
  explicit Linter(const LintRequest& request) : request_(request) {}

  LintResult run() {
    for (const LintFile& file : request_.appups)
      read_appup_file(file);
    for (const LintFile& file : request_.relups)
      read_relup_file(file);
    for (const AppupView& appup : appups_)
      check_alone(appup);
    for (const ReleaseTree* base : request_.from)
      check_upgrade(ReleasePair(*base, *request_.to, request_.policy));
    add_compiled();
    return finish();
  }

 private:
  void read_appup_file(const LintFile& file) {
    order_.push_back(file.name);
    ReadAppup read = read_appup(file.name, file.bytes, request_.otp);
    take(read.problems);
    if (!read.appup) return;
    const Source& source = read.appup->source;
    allowances_.add(source, read_allowances(*source, read.comments, read.full_stop));
    AppupView& view = appups_.emplace_back(view_appup(*read.appup, std::move(read.comments)));
    view.full_stop = read.full_stop;
    view.application_version = file.application_version;
    view.deployed = request_.policy.deployed(view.application);
  }

  void read_relup_file(const LintFile& file) {
    order_.push_back(file.name);
    ReadRelup read = read_relup(file.name, file.bytes, request_.otp);
    take(read.problems);
    if (read.relup) relups_.push_back(std::move(*read.relup));
  }

  void check_alone(const AppupView& appup) {
    for (const EntryView& entry : appup.entries) {
      Problems problems;
      check_single_script({entry.list, appup.source}, problems);
      take(problems);
    }
    for (const Rule* rule : all_rules()) {
      Findings findings(*rule, findings_);
      if (rule->check_appup != nullptr) rule->check_appup(appup, findings);
    }
  }

  void check_upgrade(const ReleasePair& releases) {
    for (const Diagnostic& finding : releases.diff().findings)
      take(finding);
    LintedAppups source(releases.tree(Side::to), request_.otp);
    for (const AppupView& appup : appups_) {
      if (change_of(appup, releases) != nullptr) source.add(appup);
    }
    const std::vector<const EntryView*> entries = source.entries(releases);
    for (const AppupView& appup : appups_) {
      const diff::ApplicationChange* change = change_of(appup, releases);
      if (change == nullptr) continue;
      UpgradeView view{appup,
                       releases,
                       *change,
                       appup.find(Direction::up, change->old_version),
                       appup.find(Direction::down, change->old_version),
                       entries};
      // Where two files are given for one application, the compiler takes the last.
      for (const EntryView* own : {view.up, view.down}) {
        if (own != nullptr) view.entries.push_back(own);
      }
      for (const Rule* rule : all_rules()) {
        Findings findings(*rule, findings_);
        if (rule->check_upgrade != nullptr) rule->check_upgrade(view, findings);
      }
    }
    for (const Direction direction : {Direction::up, Direction::down}) {
      if (const auto script = compile(releases, direction, source)) {
        check_script(releases, direction, *script, ScriptView::Origin::appups);
        note_looked_at(releases, direction);
      }
    }
    check_relups(releases);
  }

  // What the upgrade does to the application, where the appup is for it; null elsewhere.
  static const diff::ApplicationChange* change_of(const AppupView& appup,
                                                  const ReleasePair& releases) {
    const diff::ApplicationChange* change = releases.change(appup.application);
    if (change == nullptr || !change->changes_version()) return nullptr;
    const std::string& version = appup.application_version;
    return version.empty() || version == change->new_version ? change : nullptr;
  }

  void note_looked_at(const ReleasePair& releases, Direction direction) {
    for (const AppupView& appup : appups_) {
      const diff::ApplicationChange* change = change_of(appup, releases);
      if (change == nullptr) continue;
      const EntryView* entry = appup.find(direction, change->old_version);
      if (entry != nullptr) allowances_.add_looked_at(appup.source, entry->span);
    }
  }

  std::optional<Script> compile(const ReleasePair& releases, Direction direction,
                                LintedAppups& source) {
    const Way way =
        way_between(releases.tree(Side::from).release, releases.tree(Side::to).release, direction);
    WayScript made = make_script(way, source);
    take(made.collecting);
    take(made.translating);
    take(made.warnings);
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

  void take(const Problems& problems) {
    for (const Problem& problem : problems)
      take(problem.diagnostic);
  }

  // A finding of the compiler, under the name of the rule that it belongs to.
  void take(Diagnostic finding) {
    if (const Rule* rule = rule_of_compiler(finding.rule)) {
      finding.rule = rule->name;
      finding.code = rule->code;
      finding.severity = rule->severity;
    }
    compiled_.push_back(std::move(finding));
  }

  // Those of the compiler are left out where the rule itself has said the same of a part of that
  // place, and better.
  void add_compiled() {
    const auto is_said = [this](const Diagnostic& finding) {
      return std::any_of(findings_.begin(), findings_.end(), [&finding](const Diagnostic& other) {
        return !finding.code.empty() && other.code == finding.code && other.source != nullptr &&
               other.source == finding.source && finding.span.begin <= other.span.begin &&
               other.span.end <= finding.span.end;
      });
    };
    std::erase_if(compiled_, is_said);
    findings_.insert(findings_.end(), compiled_.begin(), compiled_.end());
  }

  LintResult finish() {
    drop_duplicates();
    const std::size_t allowed = allowances_.take_allowed(findings_);
    allowances_.report(findings_);
    std::erase_if(findings_, [this](const Diagnostic& finding) { return !severity_of(finding); });
    for (Diagnostic& finding : findings_)
      finding.severity = *severity_of(finding);
    sort_findings();
    return {std::move(findings_), order_.size(), allowed};
  }

  void drop_duplicates() {
    std::set<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string>> known;
    std::erase_if(findings_, [&known](const Diagnostic& finding) {
      return !known
                  .emplace(finding.file + finding.rule, finding.span.begin, finding.span.end,
                           finding.message)
                  .second;
    });
  }

  std::optional<Severity> severity_of(const Diagnostic& finding) const {
    return request_.policy.severity(finding.rule, finding.severity, finding.code);
  }

  void sort_findings() {
    std::stable_sort(findings_.begin(), findings_.end(),
                     [this](const auto& left, const auto& right) {
                       const auto key = [this](const Diagnostic& finding) {
                         return std::tuple(place_of(finding.file), std::string_view(finding.file),
                                           finding.span.begin, std::string_view(finding.code));
                       };
                       return key(left) < key(right);
                     });
  }

  // Files that nobody named come last.
  std::size_t place_of(const std::string& file) const {
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), file) - order_.begin());
  }

  const LintRequest& request_;
  std::vector<std::string> order_;
  std::deque<AppupView> appups_;
  std::vector<Relup> relups_;
  AllowanceBook allowances_;
  Diagnostics findings_;
  Diagnostics compiled_;  // what the compiler found
};

}  // namespace

LintResult run_lint(const LintRequest& request) {
  return Linter(request).run();
}

Diagnostics lint(const LintRequest& request) {
  return run_lint(request).findings;
}

}  // namespace relup::lint
