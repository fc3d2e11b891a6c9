// SPDX-License-Identifier: Apache-2.0
//
// In rounds: of the fixes that the findings carry, those that do not overlap are tried together.
// Where the result is worse in any way, each half of them is tried, and so on down to single fixes;
// one that does harm by itself is left out for good. Every round makes a fix, and then there are
// fewer findings, or leaves one out; so there is a last one.

#include "lint/fix.hpp"

#include <set>
#include <span>
#include <tuple>

#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "lint/compared_releases.hpp"
#include "lint/fix_choice.hpp"
#include "lint/fix_objection.hpp"

namespace relup::lint {
namespace {

class Fixer {
 public:
  explicit Fixer(LintRequest request)
      : original_(std::move(request)),
        releases_(original_),
        request_(original_),
        result_(run_lint(request_, releases_)) {}

  FixResult run() {
    const LintResult found = result_;
    const auto is_refused = [this](const Diagnostic& finding) { return has_refused(finding); };
    while (true) {
      const Fixable fixes = choose_fixes(request_, result_.findings, is_refused);
      if (fixes.empty()) break;
      make(fixes);
    }
    FixResult result{{}, fixed_, std::move(left_out_), found, std::move(result_)};
    add_changed(original_.appups, request_.appups, result.files);
    add_changed(original_.relups, request_.relups, result.files);
    return result;
  }

 private:
  using Some = std::span<const Diagnostic* const>;

  // How far a round has come, from `request_` and `result_` on.
  struct Progress {
    Fixable made;
    LintRequest request;
    LintResult result;
  };

  void make(const Fixable& fixes) {
    Progress progress{{}, request_, result_};
    make_some(fixes, progress);
    fixed_ += progress.made.size();
    request_ = std::move(progress.request);
    result_ = std::move(progress.result);
  }

  void make_some(Some fixes, Progress& progress) {
    const std::string why = try_together(fixes, progress);
    if (why.empty()) return;
    if (fixes.size() == 1) {
      refuse(*fixes.front(), why);
    } else {
      make_some(fixes.first(fixes.size() / 2), progress);
      make_some(fixes.subspan(fixes.size() / 2), progress);
    }
  }

  // Why they are not made; empty when they are.
  std::string try_together(Some fixes, Progress& progress) {
    Fixable tried = progress.made;
    tried.insert(tried.end(), fixes.begin(), fixes.end());
    LintRequest request = with_fixes(request_, tried);
    LintResult result = run_lint(request, releases_);
    std::string why = objection(progress.result.findings, result.findings);
    if (why.empty()) progress = {std::move(tried), std::move(request), std::move(result)};
    return why;
  }

  void refuse(const Diagnostic& finding, const std::string& why) {
    refused_.insert({finding.file, finding.rule, finding.message});
    left_out_.push_back({finding, why});
  }

  bool has_refused(const Diagnostic& finding) const {
    return refused_.contains({finding.file, finding.rule, finding.message});
  }

  static void add_changed(const std::vector<LintFile>& before, const std::vector<LintFile>& after,
                          std::vector<FixedFile>& changed) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i].bytes == after[i].bytes) continue;
      changed.push_back({before[i].name, before[i].bytes, after[i].bytes});
    }
  }

  LintRequest original_;
  ComparedReleases releases_;
  LintRequest request_;  // with the fixes made so far
  LintResult result_;    // of it
  std::set<std::tuple<std::string, std::string, std::string>> refused_;
  std::size_t fixed_ = 0;
  std::vector<LeftOutFix> left_out_;
};

}  // namespace

FixResult fix(LintRequest request) {
  return Fixer(std::move(request)).run();
}

void write_fixed(FileSystem& files, const std::vector<FixedFile>& fixed) {
  for (const FixedFile& file : fixed) {
    if (files.read(file.name) != file.before) {
      throw Error(ErrorCode::bad_input, file.name + " has changed since it was read")
          .with_hint("run the same again");
    }
  }
  for (const FixedFile& file : fixed)
    replace_file(files, file.name, file.after);
}

}  // namespace relup::lint
