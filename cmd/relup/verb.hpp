// SPDX-License-Identifier: Apache-2.0
#pragma once

// A verb of the command line as data: its name, what it is for, what a call of it may say, and what
// to run. The parser (command_line.hpp) and the help (help.hpp) are made from it; whatever else
// lists verbs and options (manual pages, completions) can walk over it as well. Nothing here
// parses.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "console.hpp"
#include "exit_status.hpp"

namespace relup::cmd {

// An option that answers the call by itself.
struct PrintsHelp {};
struct PrintsVersion {
  std::string text;
};

// A list of which each use of the option gives one value, so that a positional argument may follow.
struct OneEach {
  std::vector<std::string>* values;
};

// Where the value of an argument goes: a flag sets a bool, a list takes each value there is. What
// is pointed to holds the default, and outlives the parsing and the run of the verb.
using Target = std::variant<PrintsHelp, PrintsVersion, bool*, std::string*,
                            std::vector<std::string>*, OneEach>;

enum class Presence { optional, required };

// An option, whose names begin with a dash ("--from", "-q,--quiet"), or a positional argument
// ("VERSION").
struct Argument {
  std::string name;
  std::string value{};  // what stands for the value of an option in texts: "DIR"
  std::string description;
  Target target;
  Presence presence = Presence::optional;
  std::vector<std::string> choices{};  // where only these may be the value
  std::string standard{};              // the default, where the help tells it
  std::string needs{};                 // an option before this one that must be there, too
};

using Arguments = std::vector<Argument>;

inline bool is_positional(const Argument& argument) {
  return !argument.name.starts_with('-');
}

// "-q,--quiet" is two.
std::vector<std::string> names_of(const Argument& option);

// "DIR", "text|json"; empty for a flag.
std::string value_text(const Argument& option);

struct Verb {
  std::string name;
  std::string description;
  Arguments arguments;  // in the order of the help
  std::function<ExitStatus(Console&)> run;
  std::string footer{};  // what the help says after the arguments
  bool changes_host = false;
};

// `verb`, which changes a host: its exit status is that of the change, whoever reads the results.
inline Verb changing_host(Verb verb) {
  verb.changes_host = true;
  return verb;
}

// A verb that keeps what it is told in an `Options`: `describe` lists its arguments, whose targets
// are members of that, and `run` does the work.
template <typename Options, typename Run>
Verb make_verb(std::string name, std::string description, Arguments (*describe)(Options&),
               Run run) {
  const auto options = std::make_shared<Options>();
  return {std::move(name), std::move(description), describe(*options),
          [options, run](Console& console) { return run(*options, console); }};
}

}  // namespace relup::cmd
