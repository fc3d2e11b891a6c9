// SPDX-License-Identifier: Apache-2.0
//
// relup lint: what is wrong with appups and relups, before production finds out.

#include "lint/lint.hpp"

#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text_diff.hpp"
#include "base/words.hpp"
#include "finding_wishes.hpp"
#include "lint/find_files.hpp"
#include "lint/fix.hpp"
#include "lint/reports/github_report.hpp"
#include "lint/reports/json_report.hpp"
#include "lint/reports/sarif_report.hpp"
#include "load_policy.hpp"
#include "verbs.hpp"
#include "version.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> from;
  std::string to;
  std::string fail_on = "warning";
  bool fix = false;
  bool diff = false;
};

// The releases are in the order of the options, the target last.
lint::LintRequest make_request(const Options& options,
                               const std::vector<release::ReleaseTree>& releases) {
  lint::LintRequest request;
  for (const std::string& path : options.paths)
    lint::find_files(real_file_system(), path, request);
  if (releases.empty()) return request;
  request.to = &releases.back();
  for (std::size_t i = 0; i + 1 < releases.size(); ++i)
    request.from.push_back(&releases[i]);
  return request;
}

std::vector<release::ReleaseTree> load_releases(const Options& options) {
  if (options.from.empty() != options.to.empty()) {
    throw Error(ErrorCode::usage, "--from and --to belong together");
  }
  std::vector<std::string> references = options.from;
  if (!options.to.empty()) references.push_back(options.to);
  return release::load_releases(real_file_system(), references, {});
}

bool fails(const Diagnostic& finding, const std::string& fail_on) {
  const Severity least = fail_on == "error"     ? Severity::error
                         : fail_on == "warning" ? Severity::warning
                                                : Severity::note;
  return finding.severity >= least;
}

// "3 errors, 1 warning in 2 files"
std::string summary(const lint::LintResult& result) {
  std::string text;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const auto count =
        std::count_if(result.findings.begin(), result.findings.end(),
                      [severity](const Diagnostic& each) { return each.severity == severity; });
    if (count == 0) continue;
    text +=
        (text.empty() ? "" : ", ") + counted(static_cast<std::size_t>(count), to_string(severity));
  }
  std::set<std::string> files;
  for (const Diagnostic& finding : result.findings)
    files.insert(finding.file);
  return text + " in " + counted(files.size(), "file");
}

void say_summary(const lint::LintResult& result, Console& console) {
  if (result.findings.empty()) {
    console.detail("nothing found in " + counted(result.files, "file"));
  } else {
    console.say(summary(result));
  }
  if (result.allowed > 0) console.detail(counted(result.allowed, "finding") + " allowed");
}

void print_result(const lint::LintResult& result, std::size_t fixed, Console& console) {
  std::ostream& out = console.results();
  switch (console.options().format) {
    case Format::json:
      out << dump(lint::json_report(result, fixed, version)) << "\n";
      return;
    case Format::sarif:
      out << dump(lint::sarif_report(result.findings,
                                     {version, std::filesystem::current_path().string()}))
          << "\n";
      return;
    case Format::github:
      out << lint::github_report(result.findings);
      break;
    case Format::text:
      for (const Diagnostic& finding : result.findings)
        out << to_text(finding, console.result_style());
      break;
  }
  say_summary(result, console);
}

ExitStatus status_of(const lint::LintResult& result, const Options& options) {
  const bool failed =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [&](const Diagnostic& finding) { return fails(finding, options.fail_on); });
  return failed ? ExitStatus::no : ExitStatus::done;
}

void say_fixes(const lint::FixResult& fixes, const std::string& verb, Console& console) {
  for (const lint::LeftOutFix& left_out : fixes.left_out) {
    console.say("not fixed: " + left_out.finding.file + ": " + left_out.finding.message + " [" +
                left_out.finding.rule + "]: " + left_out.why);
  }
  if (fixes.fixed == 0) return;
  console.say(verb + " " + counted(fixes.fixed, "finding") + " in " +
              counted(fixes.files.size(), "file"));
}

// What --fix would do. Nothing is written, so what there is to be found is still there.
ExitStatus show_fixes(const lint::FixResult& fixes, const Options& options, Console& console) {
  for (const lint::FixedFile& file : fixes.files)
    console.results() << printable(unified_diff(file.name, file.before, file.after),
                                   LineBreaks::keep);
  say_fixes(fixes, "would fix", console);
  return status_of(fixes.found, options);
}

ExitStatus run(const Options& options, Console& console) {
  if (options.diff && console.options().format != Format::text) {
    throw Error(ErrorCode::usage, "--diff has no --format but text");
  }
  std::optional<policy::Policy> policy = load_policy(console);
  if (!policy) return ExitStatus::usage;
  require_known_findings(*policy);
  const std::vector<release::ReleaseTree> releases = load_releases(options);
  lint::LintRequest request = make_request(options, releases);
  request.policy = std::move(*policy);
  if (!options.fix) {
    const lint::LintResult result = lint::run_lint(request);
    print_result(result, 0, console);
    return status_of(result, options);
  }
  const lint::FixResult fixes = lint::fix(request);
  if (options.diff) return show_fixes(fixes, options, console);
  lint::write_fixed(real_file_system(), fixes.files);
  say_fixes(fixes, "fixed", console);
  print_result(fixes.remaining, fixes.fixed, console);
  return status_of(fixes.remaining, options);
}

Arguments describe(Options& options) {
  return {{.name = "PATH",
           .description = "appups, relups, or directories with some",
           .target = &options.paths,
           .presence = Presence::required},
          {.name = "--from",
           .value = "REF...",
           .description = "a release to come from and to go back to",
           .target = &options.from},
          {.name = "--to",
           .value = "REF",
           .description = "the release that the appups belong to",
           .target = &options.to},
          {.name = "--fail-on",
           .description = "the least severity that is a failure",
           .target = &options.fail_on,
           .choices = {"error", "warning", "note"}},
          {.name = "--fix",
           .description = "mend what can surely be mended, and say what remains",
           .target = &options.fix},
          {.name = "--diff",
           .description = "with --fix: print what it would do, and do nothing",
           .target = &options.diff,
           .needs = "--fix"}};
}

}  // namespace

Verb lint_verb() {
  Verb verb = make_verb("lint", "Check appups and relups before production does", describe, run);
  verb.footer =
      "A comment `%% relup:allow RULE WHY` on the line of a finding, or above it,\n"
      "allows it. `relup rules` lists the rules, `relup explain RULE` tells about one.";
  return verb;
}

}  // namespace relup::cmd
