// SPDX-License-Identifier: Apache-2.0
//
// In rounds: of the fixes that the findings carry, those that do not overlap are tried together.
// Where the result is worse in any way they are tried one by one, in the order of the findings, and
// those that do harm are left out for good. Every round makes a fix, and then there are fewer
// findings, or leaves one out; so there is a last one.

#include "lint/fix.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "base/replace_file.hpp"

namespace relup::lint {
namespace {

// What a finding is known by while lines move.
using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const Diagnostic& finding) {
  return {finding.file, finding.rule, finding.message};
}

std::map<Key, int> count(const Diagnostics& findings) {
  std::map<Key, int> counts;
  for (const Diagnostic& finding : findings)
    ++counts[key_of(finding)];
  return counts;
}

// Why `after` is not simply better than `before`; empty when it is.
std::string objection(const LintResult& before, const LintResult& after) {
  auto known = count(before.findings);
  for (const Diagnostic& finding : after.findings) {
    if (--known[key_of(finding)] < 0) {
      return "then there would be: " + finding.message + " [" + finding.rule + "]";
    }
  }
  const bool is_less = after.findings.size() < before.findings.size();
  return is_less ? "" : "the finding would still be there";
}

// Two insertions at one place count as overlapping, for nobody knows which comes first.
bool overlap(const Edit& left, const Edit& right) {
  return left.span.begin == right.span.begin ||
         (left.span.begin < right.span.end && right.span.begin < left.span.end);
}

bool overlap(const Diagnostic& left, const Diagnostic& right) {
  if (left.file != right.file) return false;
  return std::any_of(left.fix->edits.begin(), left.fix->edits.end(), [&](const Edit& edit) {
    return std::any_of(right.fix->edits.begin(), right.fix->edits.end(),
                       [&](const Edit& other) { return overlap(edit, other); });
  });
}

using Fixable = std::vector<const Diagnostic*>;

class Fixer {
 public:
  explicit Fixer(LintRequest request)
      : original_(request), request_(std::move(request)), result_(run_lint(request_)) {}

  FixResult run() {
    for (Fixable fixable = next_fixes(); !fixable.empty(); fixable = next_fixes())
      make(fixable);
    FixResult result{{}, fixed_, std::move(left_out_), std::move(result_)};
    add_changed(original_.appups, request_.appups, result.files);
    add_changed(original_.relups, request_.relups, result.files);
    return result;
  }

 private:
  // The findings whose fixes can be made together.
  Fixable next_fixes() const {
    Fixable chosen;
    for (const Diagnostic& finding : result_.findings) {
      if (!finding.fix || !finding.source || refused_.contains(key_of(finding))) continue;
      if (!is_plain(finding)) continue;
      const bool is_free = std::none_of(chosen.begin(), chosen.end(), [&](const Diagnostic* other) {
        return overlap(finding, *other);
      });
      if (is_free) chosen.push_back(&finding);
    }
    return chosen;
  }

  // Whether places in the text are places in the file: it is one of the request, in UTF-8.
  bool is_plain(const Diagnostic& finding) const {
    const auto has_it = [&](const std::vector<LintFile>& files) {
      return std::any_of(files.begin(), files.end(), [&](const LintFile& file) {
        return file.name == finding.file && file.bytes.starts_with(finding.source->text());
      });
    };
    return has_it(request_.appups) || has_it(request_.relups);
  }

  void make(const Fixable& fixes) {
    LintRequest all = with(fixes);
    LintResult result = run_lint(all);
    if (objection(result_, result).empty()) {
      fixed_ += fixes.size();
      request_ = std::move(all);
      result_ = std::move(result);
      return;
    }
    make_one_by_one(fixes);
  }

  void make_one_by_one(const Fixable& fixes) {
    Fixable good;
    LintRequest best_request = request_;
    LintResult best = result_;
    for (const Diagnostic* finding : fixes) {
      good.push_back(finding);
      LintRequest request = with(good);
      LintResult result = run_lint(request);
      const std::string why = objection(best, result);
      if (why.empty()) {
        best_request = std::move(request);
        best = std::move(result);
      } else {
        good.pop_back();
        refused_.insert(key_of(*finding));
        left_out_.push_back({*finding, why});
      }
    }
    fixed_ += good.size();
    request_ = std::move(best_request);
    result_ = std::move(best);
  }

  LintRequest with(const Fixable& fixes) const {
    LintRequest request = request_;
    for (auto* files : {&request.appups, &request.relups}) {
      for (LintFile& file : *files)
        apply(fixes, file);
    }
    return request;
  }

  // From the rear on, so that places stay what they are.
  static void apply(const Fixable& fixes, LintFile& file) {
    std::vector<Edit> edits;
    for (const Diagnostic* finding : fixes) {
      if (finding->file != file.name) continue;
      edits.insert(edits.end(), finding->fix->edits.begin(), finding->fix->edits.end());
    }
    std::sort(edits.begin(), edits.end(), [](const Edit& left, const Edit& right) {
      return left.span.begin > right.span.begin;
    });
    for (const Edit& edit : edits)
      file.bytes.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
  }

  static void add_changed(const std::vector<LintFile>& before, const std::vector<LintFile>& after,
                          std::vector<FixedFile>& changed) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i].bytes == after[i].bytes) continue;
      changed.push_back({before[i].name, before[i].bytes, after[i].bytes});
    }
  }

  LintRequest original_;
  LintRequest request_;  // with the fixes made so far
  LintResult result_;    // of it
  std::set<Key> refused_;
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
