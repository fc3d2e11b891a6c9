// SPDX-License-Identifier: Apache-2.0
#pragma once

// The verbs of the command line. Each stands in a file of its own: its options, a call into the
// library, and how the answer is shown. Registering a verb tells CLI11 its options and what to run.

#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

#include "console.hpp"
#include "exit_status.hpp"

namespace relup::cmd {

struct Program {
  CLI::App& app;
  Console& console;
  std::function<ExitStatus()> run;  // set by the verb that was called
};

// Adds a verb whose options live in an `Options`. `define` tells CLI11 about them, `run` does the
// work.
template <typename Options, typename Define, typename Run>
void add_verb(Program& program, const std::string& name, const std::string& description,
              Define define, Run run) {
  CLI::App* verb = program.app.add_subcommand(name, description);
  verb->group("Verbs");
  const auto options = std::make_shared<Options>();
  define(*verb, *options);
  verb->callback([&program, options, run] {
    program.run = [&program, options, run] { return run(*options, program.console); };
  });
}

void add_diff(Program& program);
void add_generate(Program& program);
void add_compile(Program& program);
void add_lint(Program& program);
void add_fmt(Program& program);
void add_pack(Program& program);
void add_status(Program& program);
void add_check(Program& program);
void add_upgrade(Program& program);
void add_downgrade(Program& program);
void add_commit(Program& program);
void add_rollback(Program& program);
void add_remove(Program& program);

// All of them, in the order of the help text.
inline void add_verbs(Program& program) {
  add_diff(program);
  add_generate(program);
  add_compile(program);
  add_lint(program);
  add_fmt(program);
  add_pack(program);
  add_status(program);
  add_check(program);
  add_upgrade(program);
  add_downgrade(program);
  add_commit(program);
  add_rollback(program);
  add_remove(program);
}

}  // namespace relup::cmd
