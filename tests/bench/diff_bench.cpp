// SPDX-License-Identifier: Apache-2.0
//
// How long do `relup diff` and `relup generate` take, and how much memory? A comparison must read
// what it compares, so the yardstick is a program that reads both trees and does nothing else. All
// are run as whole processes, in turn, on the same input, with a warm page cache. The answers are
// held to what is known of the input: exactly the modules that were edited, the same bytes whatever
// the trees are called, and nothing in them that `relup lint` finds fault with.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/file_system.hpp"
#include "diff_check.hpp"
#include "diff_report.hpp"
#include "support/temporary_directory.hpp"

namespace relup::bench {
namespace {

constexpr Pair all_pairs[] = {Pair::small, Pair::otp, Pair::otp_times};

struct Settings {
  std::vector<std::string> cases{"otp", "otp-10k"};
  int runs = 5;
  int slow_runs = 3;  // of the Erlang script
  std::string relup = RELUP_PROGRAM;
  std::string directory;  // where inputs are made, and kept when it was named
  std::string json;       // file to write
  bool only_check = false;
};

constexpr std::chrono::seconds limit{600};  // for one process

using Differences = std::vector<std::string>;

// One pair and the programs that are run on it. Whatever needs memory comes after the measurements
// (see in_child_process).
class Contest {
 public:
  Contest(const Settings& settings, Pair pair)
      : relup_(settings.relup),
        directory_(make_pair(pair, settings.directory)),
        output_(directory_ + ".out"),
        result_{std::string(to_string(pair)), 0, {}, {}, {}, {}, {}, {}} {}

  void measure(const Settings& settings) {
    run_process(yardstick(), limit);  // warms the page cache
    for (int run = 0; run < settings.runs; ++run) {
      result_.yardstick.push_back(run_process(yardstick(), limit));
      result_.diff.push_back(run_process(diff(), limit));
      std::filesystem::remove_all(output_);
      result_.generate.push_back(run_process(generate(), limit));
      if (run < settings.slow_runs) result_.beam_lib.push_back(run_process(beam_lib(), limit));
    }
  }

  // The second time everything goes by relative paths.
  Differences check() const {
    std::filesystem::remove_all(output_);
    std::filesystem::remove_all(output_ + ".again");
    run_process(to_file(diff(), output_ + ".json"), limit);
    Differences differences =
        compare_answer(real_file_system().read(output_ + ".json"), read_expected(directory_));
    if (!differences.empty()) return differences;
    run_process(generate(), limit);
    run_process(
        {"sh", "-c", "cd \"$1\" && exec \"$0\" -q generate --from old --to ./new --out \"$2\"",
         relup_, directory_, output_ + ".again"},
        limit);
    differences = compare_directories(output_, output_ + ".again");
    if (!differences.empty()) return differences;
    run_process(to_file(lint(), output_ + ".lint.json"), limit);
    return findings_in(real_file_system().read(output_ + ".lint.json"));
  }

  // After check(), whose output it reads.
  const DiffResult& complete() {
    result_.modules = count_modules(directory_);
    result_.ours = group_sizes_of_relup(output_);
    result_.by_imports = group_sizes_by_imports(directory_, read_expected(directory_));
    return result_;
  }

  const std::string& name() const { return result_.name; }

 private:
  using Command = std::vector<std::string>;

  std::string old_root() const { return directory_ + "/old"; }
  std::string new_root() const { return directory_ + "/new"; }

  Command yardstick() const { return {READ_TREES, old_root(), new_root()}; }
  Command diff() const { return {relup_, "--format", "json", "diff", old_root(), new_root()}; }
  Command generate() const {
    return {relup_, "-q", "generate", "--from", old_root(), "--to", new_root(), "--out", output_};
  }
  Command lint() const {
    return {relup_, "lint", "--format", "json", "--from", old_root(), "--to", new_root(), output_};
  }
  Command beam_lib() const {
    return {std::string(BENCH_SCRIPTS) + "/compare_dirs.escript", old_root(), new_root()};
  }

  static Command to_file(const Command& command, const std::string& path) {
    Command wrapped{"sh", "-c", "out=$0; exec \"$@\" >\"$out\"", path};
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
  }

  std::string relup_;
  std::string directory_;
  std::string output_;
  DiffResult result_;
};

std::vector<Contest> prepare(const Settings& settings) {
  std::vector<Contest> contests;
  for (const Pair pair : all_pairs) {
    const auto& names = settings.cases;
    if (std::find(names.begin(), names.end(), to_string(pair)) == names.end()) continue;
    std::cerr << "making " << to_string(pair) << " ...\n";
    contests.emplace_back(settings, pair);
  }
  return contests;
}

// Whether all answers are right.
bool check_all(const std::vector<Contest>& contests) {
  bool all_right = true;
  for (const Contest& contest : contests) {
    const Differences differences = contest.check();
    for (const std::string& difference : differences)
      std::cerr << contest.name() << ": " << difference << "\n";
    all_right = all_right && differences.empty();
  }
  return all_right;
}

int run_all(Settings settings) {
  std::optional<support::TemporaryDirectory> temporary;
  if (settings.directory.empty()) settings.directory = temporary.emplace().path();
  settings.directory = std::filesystem::absolute(settings.directory);
  settings.relup = std::filesystem::absolute(settings.relup);
  std::vector<Contest> contests = prepare(settings);
  for (Contest& contest : contests) {
    if (!settings.only_check) contest.measure(settings);
  }
  if (!check_all(contests)) return 1;
  if (settings.only_check) return 0;
  std::vector<DiffResult> results;
  for (Contest& contest : contests)
    results.push_back(contest.complete());
  write_diff_table(results, std::cout);
  if (!settings.json.empty()) {
    std::ofstream file(settings.json);
    write_diff_json(results, file);
  }
  return 0;
}

void define(CLI::App& app, Settings& settings) {
  std::vector<std::string> names;
  for (const Pair pair : all_pairs)
    names.emplace_back(to_string(pair));
  app.add_option("--case", settings.cases, "a case to run; otp and otp-10k when none is named")
      ->check(CLI::IsMember(names));
  app.add_option("--runs", settings.runs, "how often each program runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--relup", settings.relup, "the relup program to measure");
  app.add_option("--directory", settings.directory,
                 "where to make the inputs, 700 MB of them; those that are there are taken as they "
                 "are (a temporary directory without)");
  app.add_option("--json", settings.json, "a file for the results as JSON");
  app.add_flag("--only-check", settings.only_check,
               "holds the answers to the truth, times nothing");
}

}  // namespace
}  // namespace relup::bench

int main(int argument_count, char** arguments) {
  using namespace relup::bench;
  CLI::App app("Measures relup diff and relup generate against reading both trees.");
  Settings settings;
  define(app, settings);
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return run_all(std::move(settings));
  } catch (const std::exception& fault) {
    std::cerr << "diff_bench: " << fault.what() << "\n";
    return 1;
  }
}
