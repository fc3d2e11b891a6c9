// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "base/error.hpp"
#include "global_options.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

ExitStatus run(Program& program) {
  try {
    check_format(program.app, program.console.options());
    return program.run();
  } catch (const Error& error) {
    program.console.show(error);
    return exit_status(error.code());
  } catch (const std::exception& fault) {
    program.console.show(Error(ErrorCode::bug, std::string("a bug in relup: ") + fault.what())
                             .with_hint("please report it with the command that you ran"));
    return ExitStatus::bug;
  }
}

// A full disk or the like behind the output: then nobody has been told, whatever was done.
ExitStatus check_results(Program& program, ExitStatus status) {
  if (program.console.results().flush()) return status;
  program.console.show(Error(ErrorCode::bad_input, "cannot write the results to the output"));
  return status == ExitStatus::done || status == ExitStatus::no ? ExitStatus::bad_input : status;
}

}  // namespace
}  // namespace relup::cmd

int main(int argument_count, char** arguments) {
  using namespace relup::cmd;
  std::ios::sync_with_stdio(false);
  Console console(std::cout, std::cerr);
  CLI::App app("relup upgrades and downgrades running Erlang and Elixir releases.", "relup");
  Program program{app, console, {}};
  GlobalOptions options;
  add_global_options(app, options);
  add_verbs(program);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    console.configure(options);
    return static_cast<int>(show_parse_error(program, error, argument_count, arguments));
  }
  console.configure(options);
  return static_cast<int>(check_results(program, run(program)));
}
