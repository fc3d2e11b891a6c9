// SPDX-License-Identifier: Apache-2.0
//
// forecast_bench [SEEDS]: whom a change of code would kill, by what `relup check` sees, against
// whom it does kill, over generated populations (forecast_truth.escript). Ends with status 1 when
// somebody was killed who was not forecast. It is no test: a look is for a moment.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "beam/code/call_graph.hpp"
#include "support/temporary_directory.hpp"

namespace {

using Functions = std::vector<const relup::beam::FunctionCode*>;

std::string list_of(const Functions& functions) {
  std::string text;
  for (const auto* function : functions) {
    text += (text.empty() ? "{'" : ",{'") + function->name.name() + "'," +
            std::to_string(function->arity) + "}";
  }
  return "[" + text + "]";
}

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

bool run(const std::string& command) {
  return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe): the only thread
}

}  // namespace

int main(int count, char** arguments) {
  const std::string seeds = count > 1 ? arguments[1] : "20";
  const relup::support::TemporaryDirectory directory("relup-forecast");
  const std::string work = directory.path();
  const std::string scripts = BENCH_SCRIPTS;
  const std::string compile =
      "cd " + work + " && mkdir old new && cp " + scripts + "/forecast_crowd.erl crowd.erl && cp " +
      scripts + "/forecast_around.erl around.erl && erlc around.erl && " +
      "erlc -DVERSION=1 -o old crowd.erl && erlc -DVERSION=2 -o new crowd.erl";
  if (!run(compile)) return 2;
  const std::string beam = work + "/old/crowd.beam";
  const relup::beam::CallGraph graph{relup::beam::BeamFile(beam, read(beam))};
  std::ofstream(work + "/loops") << "{" << list_of(graph.captive_functions()) << ","
                                 << list_of(graph.recursive_functions()) << "}.\n";
  return run("escript " + scripts + "/forecast_truth.escript " + AGENT_SOURCES + " " + work + " " +
             work + "/loops " + seeds)
             ? 0
             : 1;
}
