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
#include "lint/rules.hpp"
#include "relup/appup_reader.hpp"
#include "relup/appup_scripts.hpp"
#include "relup/relup_reader.hpp"

namespace relup::lint {
namespace {

using appup::Direction;
using release::Problems;
using release::ReleaseTree;

// The linted appups by application, and those of the tree where there is no such.
class LintedAppups final : public AppupSource {
 public:
  LintedAppups(const ReleaseTree& tree, release::OtpVersion otp) : tree_(tree), otp_(otp) {}

  void add(const AppupView& view) { appups_.insert_or_assign(view.application, view.appup); }

  const appup::Appup* find(const release::Application& application, Problems& problems) override {
    auto found = appups_.find(application.name());
    if (found == appups_.end()) found = read_from_tree(application.name(), problems);
    return found == appups_.end() ? nullptr : &found->second;
  }

 private:
  using Appups = std::map<Atom, appup::Appup>;

  Appups::iterator read_from_tree(Atom application, Problems& problems) {
    const release::TreeApplication* owner = tree_.find(application);
    const std::string path = owner->directory + "/ebin/" + application.name() + ".appup";
    const std::string place = tree_.reference.files->place(path);
    auto bytes = tree_.reference.files->read_if_exists(path);
    if (!bytes) {
      problems.push_back(
          release::make_file_problem("missing-appup", place, "there is no " + place, Term()));
      return appups_.end();
    }
    ReadAppup read = read_appup(place, std::move(*bytes), otp_);
    std::move(read.problems.begin(), read.problems.end(), std::back_inserter(problems));
    return read.appup ? appups_.emplace(application, std::move(*read.appup)).first : appups_.end();
  }

  const ReleaseTree& tree_;
  release::OtpVersion otp_;
  Appups appups_;
};

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
      check_upgrade(Upgrade(*base, *request_.to, request_.policy));
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
      Report report(*rule, findings_);
      if (rule->check_appup != nullptr) rule->check_appup(appup, report);
    }
  }

  void check_upgrade(const Upgrade& upgrade) {
    LintedAppups source(upgrade.tree(Side::to), request_.otp);
    for (const AppupView& appup : appups_) {
      const diff::ApplicationChange* change = upgrade.change(appup.application);
      if (change == nullptr || !change->changes_version()) continue;
      source.add(appup);
      const UpgradeView view{appup, upgrade, *change, appup.find(Direction::up, change->from),
                             appup.find(Direction::down, change->from)};
      for (const Rule* rule : all_rules()) {
        Report report(*rule, findings_);
        if (rule->check_upgrade != nullptr) rule->check_upgrade(view, report);
      }
    }
    for (const Direction direction : {Direction::up, Direction::down}) {
      if (const auto script = compile(upgrade, direction, source)) {
        check_script(upgrade, direction, *script, ScriptView::Origin::appups);
        note_looked_at(upgrade, direction);
      }
    }
    check_relups(upgrade);
  }

  void note_looked_at(const Upgrade& upgrade, Direction direction) {
    for (const AppupView& appup : appups_) {
      const diff::ApplicationChange* change = upgrade.change(appup.application);
      if (change == nullptr || !change->changes_version()) continue;
      const EntryView* entry = appup.find(direction, change->from);
      if (entry != nullptr) allowances_.add_looked_at(appup.source, entry->span);
    }
  }

  std::optional<Script> compile(const Upgrade& upgrade, Direction direction, LintedAppups& source) {
    const release::ResolvedRelease& top = upgrade.tree(Side::to).release;
    const release::ResolvedRelease& base = upgrade.tree(Side::from).release;
    const bool up = direction == Direction::up;
    Problems problems;
    const CollectedScripts collected =
        collect_scripts({direction, top, base, false}, source, problems);
    std::optional<Script> script;
    if (collected.is_complete) {
      script = translate_scripts({direction, up ? top : base, up ? base : top}, collected.scripts,
                                 problems);
    }
    take(problems);
    take(collected.warnings);
    return script;
  }

  void check_script(const Upgrade& upgrade, Direction direction, const Script& script,
                    ScriptView::Origin origin) {
    const Simulation simulation = simulate(script, direction, upgrade.diff());
    for (const Rule* rule : all_rules()) {
      Report report(*rule, findings_);
      if (rule->check_script == nullptr) continue;
      rule->check_script({direction, script, upgrade, simulation, origin}, report);
    }
  }

  // The first entry for a version is the one that the release handler takes.
  void check_relups(const Upgrade& upgrade) {
    for (const Relup& relup : relups_) {
      if (relup.version != upgrade.tree(Side::to).version()) continue;
      for (const Direction direction : {Direction::up, Direction::down}) {
        const auto& entries = direction == Direction::up ? relup.up : relup.down;
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
          return each.version == upgrade.tree(Side::from).version();
        });
        if (entry != entries.end())
          check_script(upgrade, direction, entry->script, ScriptView::Origin::relup_file);
      }
    }
  }

  // Findings of the compiler, under the names of the rules that they belong to.
  void take(const Problems& problems) {
    for (const release::Problem& problem : problems) {
      Diagnostic finding = problem.diagnostic;
      if (const Rule* rule = rule_of_compiler(finding.rule)) {
        finding.rule = rule->name;
        finding.code = rule->code;
        finding.severity = rule->severity;
      }
      findings_.push_back(std::move(finding));
    }
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
};

}  // namespace

LintResult run_lint(const LintRequest& request) {
  return Linter(request).run();
}

Diagnostics lint(const LintRequest& request) {
  return run_lint(request).findings;
}

}  // namespace relup::lint
