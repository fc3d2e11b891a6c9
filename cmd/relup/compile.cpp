// SPDX-License-Identifier: Apache-2.0
//
// relup compile: systools:make_relup without Erlang.

#include "relup/compile.hpp"

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "term/parser.hpp"
#include "term/printer.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::string top;
  std::vector<std::string> from;
  std::vector<std::string> up_from;
  std::vector<std::string> down_to;
  std::vector<std::string> path;
  std::string outdir = ".";
  bool restart_emulator = false;
  bool warnings_as_errors = false;
  bool dry_run = false;
  int otp = 28;
};

std::string without_extension(const std::string& rel) {
  return rel.ends_with(".rel") ? rel.substr(0, rel.size() - 4) : rel;
}

// BASE.rel or BASE.rel=DESCR, where DESCR is an Erlang term.
BaseRelease read_base(const std::string& argument) {
  const std::size_t mark = argument.find(".rel=");
  if (mark == std::string::npos) return {without_extension(argument), Term()};
  const std::string text = argument.substr(mark + 5);
  const Source source =
      make_source("the description of " + argument.substr(0, mark + 4), text + " .");
  const auto parsed = parse_terms(*source);
  const auto* error = std::get_if<SyntaxError>(&parsed);
  if (error != nullptr || std::get<0>(parsed).size() != 1) {
    throw Error(ErrorCode::usage,
                error != nullptr ? describe(*error, *source) : source->name() + " is not one term")
        .with_hint("a description is an Erlang term, for example '\"spring release\"'");
  }
  return {argument.substr(0, mark), std::get<0>(parsed).front().term};
}

// An option that takes several values also takes the release when that comes last on the line. It
// is known by its extension: no directory of --path has it, and of several bases it is the last
// one.
std::string top_release(Options& options) {
  if (!options.top.empty()) return options.top;
  for (std::vector<std::string>* values :
       {&options.path, &options.from, &options.up_from, &options.down_to}) {
    const std::size_t bases = values == &options.path ? 0 : 1;
    if (values->size() <= bases || !values->back().ends_with(".rel")) continue;
    std::string top = values->back();
    values->pop_back();
    return top;
  }
  throw Error(ErrorCode::usage, "which release is the relup for?")
      .with_hint("relup compile TOP.rel --from BASE.rel --path 'lib/*/ebin'");
}

CompileRequest make_request(Options options) {
  CompileRequest request;
  request.top = without_extension(top_release(options));
  for (const std::string& base : options.from) {
    request.up_from.push_back(read_base(base));
    request.down_to.push_back(request.up_from.back());
  }
  for (const std::string& base : options.up_from)
    request.up_from.push_back(read_base(base));
  for (const std::string& base : options.down_to)
    request.down_to.push_back(read_base(base));
  request.path = options.path;
  request.restart_emulator = options.restart_emulator;
  request.warnings_as_errors = options.warnings_as_errors;
  request.otp.major = options.otp;
  return request;
}

// What OTP answers when it cannot open the file to write.
Diagnostic cannot_write(const std::string& path, const Error& error) {
  Diagnostic diagnostic;
  diagnostic.rule = "cannot-write";
  diagnostic.message = error.message();
  diagnostic.file = path;
  diagnostic.notes.push_back("--outdir names a directory that exists and can be written to");
  diagnostic.otp = "{error,systools_relup,{file_problem,{\"relup\",{open," +
                   posix_name(error.error_number()) + "}}}}";
  return diagnostic;
}

ExitStatus run(const Options& options, Console& console) {
  CompileResult result = compile(real_file_system(), make_request(options));
  std::string written;
  if (result.relup) {
    const std::string text = term_file(to_term(*result.relup));
    const std::string path = join_path(options.outdir, "relup");
    if (options.dry_run) {
      if (!console.wants_json()) console.results() << text;
    } else {
      try {
        replace_file(real_file_system(), path, text, {.durability = Durability::can_be_made_again});
        written = path;
      } catch (const Error& error) {
        result.diagnostics.insert(result.diagnostics.begin(), cannot_write(path, error));
      }
    }
  }
  if (console.wants_json()) {
    nlohmann::ordered_json document;
    document["schema_version"] = 1;
    document["relup"] =
        written.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(written);
    document["diagnostics"] = to_json(result.diagnostics);
    console.results() << dump(document) << "\n";
  } else {
    console.show(result.diagnostics);
    if (!written.empty()) console.say("wrote " + written);
  }
  return has_errors(result.diagnostics) ? ExitStatus::bad_input : ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("TOP.rel", options.top, "the release that the relup belongs to");
  verb.add_option("--from", options.from,
                  "a release to upgrade from and to downgrade to, with a description if you like")
      ->option_text("BASE.rel[=DESCR]...");
  verb.add_option("--up-from", options.up_from, "a release to upgrade from only")
      ->option_text("BASE.rel[=DESCR]...");
  verb.add_option("--down-to", options.down_to, "a release to downgrade to only")
      ->option_text("BASE.rel[=DESCR]...");
  verb.add_option("--path", options.path, "directories of .rel and .app files; * matches any text")
      ->option_text("GLOB...")
      ->take_all();
  verb.add_option("--outdir", options.outdir, "where to write the relup")
      ->option_text("DIR")
      ->capture_default_str();
  verb.add_flag("--restart-emulator", options.restart_emulator,
                "restart the emulator as the last step");
  verb.add_flag("--warnings-as-errors", options.warnings_as_errors,
                "write nothing if there is a warning");
  verb.add_flag("--dry-run", options.dry_run, "print the relup instead of writing it");
  verb.add_option("--otp", options.otp, "the OTP whose answer counts where they differ")
      ->check(CLI::IsMember({25, 26, 27, 28}))
      ->option_text("25|26|27|28")
      ->capture_default_str();
}

}  // namespace

void add_compile(Program& program) {
  add_verb<Options>(program, "compile", "Compile a relup from .rel, .app and .appup files", define,
                    run);
}

}  // namespace relup::cmd
