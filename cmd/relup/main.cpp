// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "base/error.hpp"
#include "change_end.hpp"
#include "command_line.hpp"
#include "global_options.hpp"
#include "help.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

CommandLine relup_command_line(GlobalArguments& arguments) {
  return {"relup", "relup upgrades and downgrades running Erlang and Elixir releases.",
          describe(arguments), all_verbs(),
          "Exit status: 0 done, 1 the answer is no, 2 wrong call, 3 bad input, 4 failed and\n"
          "the old release is running, 5 failed and the state is not certain, 6 needs a\n"
          "restart, 7 the new release is installed and runs, but is not committed: `relup\n"
          "commit` or `relup rollback` ends it, a restart boots the old one, 70 a bug in\n"
          "relup, 129, 130, 141, 143 interrupted and nothing was changed, 75 busy or\n"
          "unreachable: try again."};
}

ExitStatus run(const Verb& verb, Console& console) {
  try {
    check_format(verb, console.options());
    return verb.run(console);
  } catch (const Error& error) {
    console.show(error);
    return exit_status(error);
  } catch (const std::exception& fault) {
    console.show(Error(ErrorCode::bug, std::string("a bug in relup: ") + fault.what())
                     .with_hint("please report it with the command that you ran"));
    return ExitStatus::bug;
  }
}

// What was asked and nobody can read is a failure. What was done to a host is done, read or not.
ExitStatus check_results(const Verb& verb, Console& console, ExitStatus status) {
  if (console.results().flush()) return status;
  if (verb.changes_host) {
    console.messages() << "relup: the results could not be written to the output\n";
    return status;
  }
  console.show(Error(ErrorCode::bad_input, "cannot write the results to the output"));
  return status == ExitStatus::done || status == ExitStatus::no ? ExitStatus::bad_input : status;
}

ExitStatus answer(const ParsedCall& call, const std::vector<std::string>& words, Console& console) {
  if (const auto* error = std::get_if<Error>(&call)) {
    console.show(*error);
    console.results() << wrong_call_document(words, *error);
    return ExitStatus::usage;
  }
  if (const auto* wanted = std::get_if<WantedText>(&call)) {
    console.results() << wanted->text;
    return ExitStatus::done;
  }
  const Verb& verb = *std::get<const Verb*>(call);
  return check_results(verb, console, run(verb, console));
}

}  // namespace
}  // namespace relup::cmd

int main(int argument_count, char** arguments) {
  using namespace relup::cmd;
  std::ios::sync_with_stdio(false);
  Console console(std::cout, std::cerr);
  GlobalArguments global;
  const CommandLine line = relup_command_line(global);
  if (argument_count <= 1) {
    console.messages() << help_text(line);
    return static_cast<int>(ExitStatus::usage);
  }
  const std::vector<std::string> words{arguments + 1, arguments + argument_count};
  const ParsedCall call = parse_call(line, words);
  console.configure(meaning_of(global));
  return static_cast<int>(answer(call, words, console));
}
