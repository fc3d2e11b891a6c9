// SPDX-License-Identifier: Apache-2.0
//
// relup generate: the appups and the relup that lead from some releases to another one and back.

#include "generate/generate.hpp"

#include <span>

#include <nlohmann/json.hpp>

#include "appup/appup_name.hpp"
#include "appup/appup_text.hpp"
#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "decision_view.hpp"
#include "load_policy.hpp"
#include "term/printer.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

using Json = nlohmann::ordered_json;
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

struct OutputFile {
  std::string path;
  std::string text;
};

// Where the appup of an application belongs.
std::string appup_path(const Options& options, const ReleaseTree& to,
                       const release::TreeApplication& application) {
  if (options.out.empty()) {
    return to.reference.files->place(appup::appup_path(application.directory, application.name));
  }
  return join_path(options.out, appup::appup_name(application.name, application.version));
}

// An appup that somebody wrote into the directory that was named, or edited after it was generated:
// there where it will be written, or beside the .app file of the new release.
std::optional<generate::EditedAppup> find_edited(const Options& options, const ReleaseTree& to,
                                                 const release::TreeApplication& application) {
  FileSystem& files = real_file_system();
  for (const std::string& file : {appup::appup_name(application.name, application.version),
                                  appup::appup_name(application.name)}) {
    if (options.appups.empty()) break;
    const std::string path = join_path(options.appups, file);
    if (auto text = files.read_if_exists(path)) return generate::EditedAppup{path, *text};
  }
  const auto is_edited = [](const std::optional<std::string>& text) {
    return text && appup::authorship(*text) == appup::Authorship::edited;
  };
  const std::string output = appup_path(options, to, application);
  auto text = options.out.empty() ? std::nullopt : files.read_if_exists(output);
  if (is_edited(text))
    return generate::EditedAppup{output, *text, generate::EditedAppup::Use::merge};
  const std::string path = appup::appup_path(application.directory, application.name);
  text = to.reference.files->read_if_exists(path);
  if (!is_edited(text)) return std::nullopt;
  return generate::EditedAppup{to.reference.files->place(path), *text,
                               generate::EditedAppup::Use::merge};
}

std::vector<OutputFile> output_files(const generate::Generated& generated, const Options& options,
                                     const ReleaseTree& to) {
  std::vector<OutputFile> outputs;
  const bool into_tree = options.out.empty();
  for (const generate::GeneratedAppup& appup : generated.appups)
    outputs.push_back({appup_path(options, to, *to.find(appup.application)), appup.text});
  const std::string relup_in_tree = to.own_path("relup");
  outputs.push_back(
      {into_tree ? to.reference.files->place(relup_in_tree) : join_path(options.out, "relup"),
       term_file(to_term(*generated.relup))});
  return outputs;
}

bool is_up_to_date(const OutputFile& output) {
  return real_file_system().read_if_exists(output.path) == output.text;
}

void show_dry_run(const std::vector<OutputFile>& outputs, Console& console) {
  for (const OutputFile& output : outputs) {
    console.results() << "==> " << printable(output.path) << "\n" << output.text << "\n";
  }
}

Json result_json(const generate::Generated& generated, const std::vector<OutputFile>& outputs) {
  Json document;
  document["schema_version"] = 1;
  document["files"] = Json::array();
  for (const OutputFile& output : outputs) {
    document["files"].push_back({{"path", output.path}, {"up_to_date", is_up_to_date(output)}});
  }
  document["decisions"] = decisions_json(generated.entries);
  document["diagnostics"] = to_json(generated.diagnostics);
  return document;
}

ExitStatus write_or_check(const std::vector<OutputFile>& outputs, const Options& options,
                          Console& console) {
  bool all_up_to_date = true;
  for (const OutputFile& output : outputs) {
    if (is_up_to_date(output)) continue;
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

void require_writable_tree(const Options& options, const ReleaseTree& to) {
  const bool is_directory = real_file_system().is_directory(to.reference.files->name());
  if (!options.out.empty() || options.dry_run || is_directory) return;
  throw Error(ErrorCode::usage, "cannot write into the tarball " + to.reference.files->name())
      .with_hint("name a directory with --out");
}

void show(const generate::Generated& generated, Console& console) {
  if (console.options().verbose)
    console.messages() << decisions_text(generated.entries, console.message_style());
  console.show(generated.diagnostics);
}

ExitStatus run(const Options& options, Console& console) {
  std::optional<policy::Policy> policy = load_policy(console);
  if (!policy) return ExitStatus::usage;
  std::vector<std::string> references = options.from;
  references.push_back(options.to);
  const std::vector<ReleaseTree> releases =
      release::load_releases(real_file_system(), references, {});
  const ReleaseTree& to = releases.back();
  require_writable_tree(options, to);
  generate::GenerateRequest request;
  request.to = &to;
  request.policy = std::move(*policy);
  for (const ReleaseTree& tree : std::span(releases).first(releases.size() - 1))
    request.from.push_back(&tree);
  if (options.include_rebuilt) request.rebuilt = plan::RebuiltModules::include;
  request.edited_appup = [&](const release::TreeApplication& application) {
    return find_edited(options, to, application);
  };
  const generate::Generated generated = generate::generate_upgrade(request);
  if (!console.wants_json()) show(generated, console);
  if (!generated.relup) {
    if (console.wants_json()) console.results() << dump(result_json(generated, {})) << "\n";
    return ExitStatus::bad_input;
  }
  const std::vector<OutputFile> outputs = output_files(generated, options, to);
  tell_edited(generated, options, console);
  if (console.wants_json()) console.results() << dump(result_json(generated, outputs)) << "\n";
  if (options.dry_run) {
    if (!console.wants_json()) show_dry_run(outputs, console);
    return ExitStatus::done;
  }
  return write_or_check(outputs, options, console);
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("--from", options.from,
                  "a release to come from and to go back to; may be repeated")
      ->option_text("REF...")
      ->required();
  verb.add_option("--to", options.to, "the new release")->option_text("REF")->required();
  verb.add_option("--out", options.out, "write APP-VSN.appup and relup there instead of into --to")
      ->option_text("DIR");
  verb.add_option("--appups", options.appups, "a directory of hand-written appups, which win")
      ->option_text("DIR");
  verb.add_flag("--include-rebuilt", options.include_rebuilt,
                "also load modules that were only compiled anew");
  verb.add_flag("--check", options.check,
                "write nothing; exit with 1 when a file is not up to date");
  verb.add_flag("--dry-run", options.dry_run, "print the files instead of writing them");
}

}  // namespace

void add_generate(Program& program) {
  add_verb<Options>(program, "generate", "Write the appups and the relup between releases", define,
                    run);
}

}  // namespace relup::cmd
