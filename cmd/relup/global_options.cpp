// SPDX-License-Identifier: Apache-2.0
#include "global_options.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "version.hpp"

namespace relup::cmd {
namespace {

template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

const Choices<Format> formats{{"text", Format::text},
                              {"json", Format::json},
                              {"sarif", Format::sarif},
                              {"github", Format::github}};
const Choices<ColourMode> colour_modes{
    {"auto", ColourMode::automatic}, {"always", ColourMode::always}, {"never", ColourMode::never}};
const Choices<ProgressMode> progress_modes{{"auto", ProgressMode::automatic},
                                           {"plain", ProgressMode::plain},
                                           {"json", ProgressMode::json},
                                           {"none", ProgressMode::none}};

template <typename Value>
std::vector<std::string> names_of(const Choices<Value>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices)
    names.push_back(name);
  return names;
}

// The parser has seen to it that `name` is one of them.
template <typename Value>
Value value_of(const Choices<Value>& choices, const std::string& name) {
  return std::find_if(choices.begin(), choices.end(),
                      [&name](const auto& choice) { return choice.first == name; })
      ->second;
}

}  // namespace

Arguments describe(GlobalArguments& arguments) {
  return {{.name = "-h,--help", .description = "print this text", .target = PrintsHelp()},
          {.name = "--version",
           .description = "print the version",
           .target = PrintsVersion{std::string("relup ") + version}},
          {.name = "--format",
           .description = "how results are printed; sarif and github are for lint",
           .target = &arguments.format,
           .choices = names_of(formats)},
          {.name = "--color",
           .description = "auto: on a terminal",
           .target = &arguments.colour,
           .choices = names_of(colour_modes)},
          {.name = "--progress",
           .description = "how the steps of a change are told",
           .target = &arguments.progress,
           .choices = names_of(progress_modes)},
          {.name = "--config",
           .value = "FILE",
           .description = "wishes for releases and changes (relup.yaml)",
           .target = &arguments.config},
          {.name = "-q,--quiet", .description = "errors only", .target = &arguments.quiet},
          {.name = "-v,--verbose",
           .description = "say what is done, and where settings come from",
           .target = &arguments.verbose}};
}

GlobalOptions meaning_of(const GlobalArguments& arguments) {
  return {value_of(formats, arguments.format),
          value_of(colour_modes, arguments.colour),
          value_of(progress_modes, arguments.progress),
          arguments.quiet,
          arguments.verbose,
          arguments.config};
}

void check_format(const Verb& verb, const GlobalOptions& options) {
  if (options.format == Format::text || options.format == Format::json) return;
  if (verb.name == "lint") return;
  const std::string format = options.format == Format::sarif ? "sarif" : "github";
  throw Error(ErrorCode::usage, "`relup " + verb.name + "` has no --format " + format)
      .with_hint("its formats are text and json; `relup lint` has sarif and github, too");
}

}  // namespace relup::cmd
