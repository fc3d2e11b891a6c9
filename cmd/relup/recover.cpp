// SPDX-License-Identifier: Apache-2.0
//
// relup recover: ends what a relup left that was killed. It needs no node.

#include "actor.hpp"
#include "base/confined_files.hpp"
#include "base/json.hpp"
#include "change/recovery.hpp"
#include "host_options.hpp"
#include "labelled_line.hpp"

namespace relup::cmd {
namespace {

using change::Recovery;
using change::RecoveryEnd;

struct Options {
  std::string root;
};

std::string_view name_of(RecoveryEnd end) {
  switch (end) {
    case RecoveryEnd::undone:
      return "undone";
    case RecoveryEnd::finished:
      return "finished";
    case RecoveryEnd::mended:
      return "mended";
    case RecoveryEnd::nothing_to_do:
      break;
  }
  return "nothing_to_do";
}

std::string sentence_of(const Recovery& recovery) {
  const std::string boots = recovery.boots.empty() ? "" : "; a start boots " + recovery.boots;
  switch (recovery.end) {
    case RecoveryEnd::undone:
      return "undone" + boots;
    case RecoveryEnd::finished:
      return "finished" + boots;
    case RecoveryEnd::mended:
      return "mended" + boots;
    case RecoveryEnd::nothing_to_do:
      break;
  }
  return "nothing to recover" + boots;
}

Json document_of(const std::string& root, const Recovery& recovery) {
  Json document{{"schema_version", 1},
                {"root", root},
                {"end", name_of(recovery.end)},
                {"boots", recovery.boots.empty() ? Json() : Json(recovery.boots)},
                {"found", recovery.found},
                {"done", recovery.done},
                {"operation", Json()}};
  if (recovery.operation) {
    document["operation"] = {{"number", recovery.operation->number},
                             {"verb", recovery.operation->verb},
                             {"from", recovery.operation->from},
                             {"to", recovery.operation->to}};
  }
  return document;
}

void print(const Recovery& recovery, Console& console) {
  for (const std::string& each : recovery.found)
    console.results() << labelled_line("found", each, console);
  for (const std::string& each : recovery.done)
    console.results() << labelled_line("done", each, console);
  console.results() << sentence_of(recovery) << "\n";
}

ExitStatus run(const Options& options, Console& console) {
  const std::string root = find_root(options.root, console);
  ConfinedFiles files(root);
  const Recovery recovery =
      change::recover(root, {files, real_clock(), holder_of("recover"), this_actor()});
  if (console.wants_json()) {
    console.results() << dump(document_of(root, recovery)) << "\n";
  } else {
    print(recovery, console);
  }
  return ExitStatus::done;
}

Arguments describe(Options& options) {
  return {root_argument(options.root)};
}

}  // namespace

Verb recover_verb() {
  return changing_host(make_verb("recover", "End what a killed relup has left", describe, run));
}

}  // namespace relup::cmd
