// SPDX-License-Identifier: Apache-2.0
//
// relup diff: what changed between two releases, and why we say so.

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
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
  const auto releases =
      release::load_releases(real_file_system(), {options.from, options.to}, OtpVersion());
  const ReleaseDiff diff = diff::compare_releases(releases.front(), releases.back());
  if (console.wants_json()) {
    console.results() << dump(diff_json(diff)) << "\n";
  } else {
    const bool names = console.options().verbose;
    console.results() << diff_text(diff, console.result_style(),
                                   names ? DiffDetail::named : DiffDetail::counted);
  }
  return options.exit_code && !diff.is_empty() ? ExitStatus::no : ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("OLD", options.from, "a release root, ROOT@VSN, or a tarball")->required();
  verb.add_option("NEW", options.to, "what to compare it with")->required();
  verb.add_flag("--exit-code", options.exit_code, "exit with 1 when they differ");
}

}  // namespace

void add_diff(Program& program) {
  add_verb<Options>(program, "diff", "Show what changed between two releases", define, run);
}

}  // namespace relup::cmd
