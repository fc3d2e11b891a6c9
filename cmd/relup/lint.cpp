// SPDX-License-Identifier: Apache-2.0
//
// relup lint: what is wrong with appups and relups, before production finds out.

#include "lint/lint.hpp"

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "load_policy.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> from;
  std::string to;
  std::string fail_on = "warning";
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

ExitStatus run(const Options& options, Console& console) {
  std::optional<policy::Policy> policy = load_policy(console);
  if (!policy) return ExitStatus::usage;
  const std::vector<release::ReleaseTree> releases = load_releases(options);
  lint::LintRequest request = make_request(options, releases);
  request.policy = std::move(*policy);
  const Diagnostics findings = lint::lint(request);
  if (console.wants_json()) {
    const Json document{{"schema_version", 1}, {"diagnostics", to_json(findings)}};
    console.results() << dump(document) << "\n";
  } else {
    for (const Diagnostic& finding : findings)
      console.results() << to_text(finding, console.result_style());
  }
  const bool failed = std::any_of(findings.begin(), findings.end(), [&](const Diagnostic& finding) {
    return fails(finding, options.fail_on);
  });
  return failed ? ExitStatus::no : ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("PATH", options.paths, "appups, relups, or directories with some")->required();
  verb.add_option("--from", options.from, "a release to come from and to go back to")
      ->option_text("REF...");
  verb.add_option("--to", options.to, "the release that the appups belong to")->option_text("REF");
  verb.add_option("--fail-on", options.fail_on, "the least severity that is a failure")
      ->option_text("error|warning|note")
      ->check(CLI::IsMember({"error", "warning", "note"}));
}

}  // namespace

void add_lint(Program& program) {
  add_verb<Options>(program, "lint", "Check appups and relups before production does", define, run);
}

}  // namespace relup::cmd
