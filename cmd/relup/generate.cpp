// SPDX-License-Identifier: Apache-2.0
//
// relup generate: the appups and the relup that lead from some releases to another one and back.

#include <span>

#include "base/diagnostic_json.hpp"
#include "base/json.hpp"
#include "base/replace_file.hpp"
#include "decision_view.hpp"
#include "finding_wishes.hpp"
#include "generate/upgrade_files.hpp"
#include "load_policy.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

using release::ReleaseTree;

struct Options {
  std::vector<std::string> from;
  std::string to;
  std::string out;
  std::string appups;
  bool include_rebuilt = false;
  bool check = false;
  bool dry_run = false;
};

void show_dry_run(const std::vector<generate::OutputFile>& outputs, Console& console) {
  for (const generate::OutputFile& output : outputs) {
    console.results() << "==> " << printable(output.path) << "\n" << output.text << "\n";
  }
}

Json result_json(const generate::Generated& generated,
                 const std::vector<generate::OutputFile>& outputs) {
  Json document;
  document["schema_version"] = 1;
  document["files"] = Json::array();
  for (const generate::OutputFile& output : outputs) {
    document["files"].push_back(
        {{"path", output.path},
         {"up_to_date", generate::is_up_to_date(real_file_system(), output)}});
  }
  document["decisions"] = decisions_json(generated.entries);
  document["diagnostics"] = to_json(generated.diagnostics);
  return document;
}

ExitStatus write_or_check(const std::vector<generate::OutputFile>& outputs, const Options& options,
                          Console& console) {
  bool all_up_to_date = true;
  for (const generate::OutputFile& output : outputs) {
    if (generate::is_up_to_date(real_file_system(), output)) continue;
    all_up_to_date = false;
    if (options.check) {
      console.say("not up to date: " + output.path);
    } else {
      real_file_system().make_directories(parent_path(output.path));
      replace_file(real_file_system(), output.path, output.text);
      console.say("wrote " + output.path);
    }
  }
  if (all_up_to_date) console.say("everything is up to date");
  return options.check && !all_up_to_date ? ExitStatus::no : ExitStatus::done;
}

void tell_edited(const generate::Generated& generated, const Options& options, Console& console) {
  const bool writes = !options.check && !options.dry_run;
  for (const generate::GeneratedAppup& appup : generated.appups) {
    if (appup.is_merged) {
      if (writes) console.say("merged " + appup.origin + ": your edits were kept");
    } else if (appup.is_edited) {
      console.say("kept " + appup.origin + ", which was written by hand");
    }
  }
}

void show(const generate::Generated& generated, Console& console) {
  if (console.options().verbose)
    console.messages() << decisions_text(generated.entries, console.message_style());
  console.show(generated.diagnostics);
}

ExitStatus run(const Options& options, Console& console) {
  std::optional<policy::Policy> policy = load_policy(console);
  if (!policy) return ExitStatus::usage;
  require_known_findings(*policy);
  std::vector<std::string> references = options.from;
  references.push_back(options.to);
  const std::vector<ReleaseTree> releases =
      release::load_releases(real_file_system(), references, {});
  const ReleaseTree& to = releases.back();
  const generate::UpgradePlaces places{options.out, options.appups};
  generate::require_appups(real_file_system(), places);
  if (!options.dry_run) generate::require_writable(real_file_system(), places, to);
  generate::GenerateRequest request;
  request.new_release = &to;
  request.policy = std::move(*policy);
  for (const ReleaseTree& tree : std::span(releases).first(releases.size() - 1))
    request.old_releases.push_back(&tree);
  if (options.include_rebuilt) request.rebuilt = plan::RebuiltModules::include;
  request.edited_appup = [&](const release::TreeApplication& application) {
    return generate::find_edited_appup(real_file_system(), places, request.old_releases, to,
                                       application);
  };
  const generate::Generated generated = generate::generate_upgrade(request);
  if (!console.wants_json()) show(generated, console);
  if (!generated.relup) {
    if (console.wants_json()) console.results() << dump(result_json(generated, {})) << "\n";
    return ExitStatus::bad_input;
  }
  const std::vector<generate::OutputFile> outputs = generate::output_files(generated, places, to);
  tell_edited(generated, options, console);
  if (console.wants_json()) console.results() << dump(result_json(generated, outputs)) << "\n";
  if (options.dry_run) {
    if (!console.wants_json()) show_dry_run(outputs, console);
    return ExitStatus::done;
  }
  return write_or_check(outputs, options, console);
}

Arguments describe(Options& options) {
  return {{.name = "--from",
           .value = "REF...",
           .description = "a release to come from and to go back to; may be repeated",
           .target = &options.from,
           .presence = Presence::required},
          {.name = "--to",
           .value = "REF",
           .description = "the new release",
           .target = &options.to,
           .presence = Presence::required},
          {.name = "--out",
           .value = "DIR",
           .description = "write APP-VSN.appup and relup there instead of into --to",
           .target = &options.out},
          {.name = "--appups",
           .value = "DIR",
           .description = "a directory of hand-written appups, which win",
           .target = &options.appups},
          {.name = "--include-rebuilt",
           .description = "also load modules that were only compiled anew",
           .target = &options.include_rebuilt},
          {.name = "--check",
           .description = "write nothing; exit with 1 when a file is not up to date",
           .target = &options.check},
          {.name = "--dry-run",
           .description = "print the files instead of writing them",
           .target = &options.dry_run}};
}

}  // namespace

Verb generate_verb() {
  return make_verb("generate", "Write the appups and the relup between releases", describe, run);
}

}  // namespace relup::cmd
