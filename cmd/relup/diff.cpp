// SPDX-License-Identifier: Apache-2.0
//
// relup diff: what changed between two releases, and why we say so.

#include "diff_json.hpp"
#include "diff_view.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

using diff::ReleaseDiff;

struct Options {
  std::string from;
  std::string to;
  bool exit_code = false;
};

ExitStatus run(const Options& options, Console& console) {
  const auto releases = release::load_releases(real_file_system(), {options.from, options.to},
                                               OtpVersion(), release::BadOrder::told);
  ReleaseDiff diff = diff::compare_releases(releases.front(), releases.back());
  for (const release::ReleaseTree& release : releases)
    diff.findings.insert(diff.findings.end(), release.faults.begin(), release.faults.end());
  if (console.wants_json()) {
    console.results() << dump(diff_json(diff)) << "\n";
  } else {
    const bool names = console.options().verbose;
    console.results() << diff_text(diff, console.result_style(),
                                   names ? DiffDetail::named : DiffDetail::counted);
  }
  return options.exit_code && !diff.is_empty() ? ExitStatus::no : ExitStatus::done;
}

Arguments describe(Options& options) {
  return {{.name = "OLD",
           .description = "a release root, ROOT@VSN, or a tarball",
           .target = &options.from,
           .presence = Presence::required},
          {.name = "NEW",
           .description = "what to compare it with",
           .target = &options.to,
           .presence = Presence::required},
          {.name = "--exit-code",
           .description = "exit with 1 when they differ",
           .target = &options.exit_code}};
}

}  // namespace

Verb diff_verb() {
  return make_verb("diff", "Show what changed between two releases", describe, run);
}

}  // namespace relup::cmd
