// SPDX-License-Identifier: Apache-2.0
//
// relup compile: systools:make_relup without Erlang.

#include "relup/compile.hpp"

#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
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
  std::string otp = "28";
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
  request.otp.major = std::stoi(options.otp);
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
    Json document;
    document["schema_version"] = 1;
    document["relup"] = written.empty() ? Json() : Json(written);
    document["diagnostics"] = to_json(result.diagnostics);
    console.results() << dump(document) << "\n";
  } else {
    console.show(result.diagnostics);
    if (!written.empty()) console.say("wrote " + written);
  }
  return has_errors(result.diagnostics) ? ExitStatus::bad_input : ExitStatus::done;
}

Arguments describe(Options& options) {
  return {{.name = "TOP.rel",
           .description = "the release that the relup belongs to",
           .target = &options.top},
          {.name = "--from",
           .value = "BASE.rel[=DESCR]...",
           .description =
               "a release to upgrade from and to downgrade to, with a description if you like",
           .target = &options.from},
          {.name = "--up-from",
           .value = "BASE.rel[=DESCR]...",
           .description = "a release to upgrade from only",
           .target = &options.up_from},
          {.name = "--down-to",
           .value = "BASE.rel[=DESCR]...",
           .description = "a release to downgrade to only",
           .target = &options.down_to},
          {.name = "--path",
           .value = "GLOB...",
           .description = "directories of .rel and .app files; * matches any text",
           .target = &options.path},
          {.name = "--outdir",
           .value = "DIR",
           .description = "where to write the relup",
           .target = &options.outdir,
           .standard = options.outdir},
          {.name = "--restart-emulator",
           .description = "restart the emulator as the last step",
           .target = &options.restart_emulator},
          {.name = "--warnings-as-errors",
           .description = "write nothing if there is a warning",
           .target = &options.warnings_as_errors},
          {.name = "--dry-run",
           .description = "print the relup instead of writing it",
           .target = &options.dry_run},
          {.name = "--otp",
           .description = "the OTP whose answer counts where they differ",
           .target = &options.otp,
           .choices = {"25", "26", "27", "28"},
           .standard = options.otp}};
}

}  // namespace

Verb compile_verb() {
  return make_verb("compile", "Compile a relup from .rel, .app and .appup files", describe, run);
}

}  // namespace relup::cmd
