// SPDX-License-Identifier: Apache-2.0
#include "relup_program.hpp"

#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), {}};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RelupResult& result) {
  return out << "`" << result.command << "` ended with " << result.exit_code << " after "
             << result.took.count() << " ms\n"
             << result.output << result.errors;
}

void must_succeed(const RelupResult& result) {
  if (result.exit_code == 0) return;
  std::ostringstream text;
  text << result;
  throw std::runtime_error(text.str());
}

RelupRun::RelupRun(std::string command, const Command& process)
    : command_(std::move(command)),
      output_(process.output),
      errors_(process.errors),
      begin_(std::chrono::steady_clock::now()),
      process_(process) {}

std::string RelupRun::errors_so_far() const {
  return content(errors_);
}

RelupResult RelupRun::finish(std::chrono::milliseconds limit) {
  const auto exit_code = process_.wait(limit);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin_);
  if (!exit_code) {
    process_.kill();
    throw std::runtime_error("`" + command_ + "` does not end:\n" + content(output_) +
                             content(errors_));
  }
  return {command_, *exit_code, content(output_), content(errors_), took};
}

RelupProgram::RelupProgram(fs::path program, fs::path scratch, std::vector<std::string> environment)
    : program_(std::move(program)),
      scratch_(std::move(scratch)),
      environment_(std::move(environment)) {}

std::unique_ptr<RelupRun> RelupProgram::start(const std::vector<std::string>& arguments,
                                              const fs::path& directory,
                                              const std::vector<std::string>& wrapper) {
  std::string command = "relup";
  std::vector<std::string> words = wrapper;
  words.push_back(program_);
  for (const std::string& argument : arguments) {
    command += " " + argument;
    words.push_back(argument);
  }
  const fs::path log = scratch_ / ("relup-" + std::to_string(++runs_));
  return std::make_unique<RelupRun>(command, Command{words, environment_, directory,
                                                     log.string() + ".out", log.string() + ".err"});
}

}  // namespace relup::live_tests
