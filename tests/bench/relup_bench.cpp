// SPDX-License-Identifier: Apache-2.0
//
// How long does `relup compile` take, and how much memory, next to `systools:make_relup`? Both are
// run as whole processes, in turn, on the same input, so that other load on the machine meets both
// alike. Where both are run they must write the same bytes.

#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/file_system.hpp"
#include "process.hpp"
#include "release_input.hpp"
#include "report.hpp"
#include "support/temporary_directory.hpp"

namespace relup::bench {
namespace {

struct Case {
  std::string name;
  std::optional<Shape> shape;  // none: the installed Erlang
  AppupStyle style = AppupStyle::load_module;
  bool against_systools = true;
};

std::vector<Case> all_cases() {
  using enum AppupStyle;
  return {
      {"one-module", Shape{1, 1}, load_module, true},
      {"otp", std::nullopt, load_module, true},
      {"otp-update", std::nullopt, update_advanced, true},
      {"otp-chain", std::nullopt, chain, true},
      {"chain-500", Shape{1, 500}, chain, true},
      {"made-up-10k", Shape{100, 100}, load_module, true},
      {"flat-1k", Shape{10, 100}, load_module, false},
      {"flat-10k", Shape{100, 100}, load_module, false},
      {"flat-100k", Shape{1000, 100}, load_module, false},
      {"chain-1k", Shape{1, 1000}, chain, false},
      {"chain-10k", Shape{1, 10000}, chain, false},
      {"chain-100k", Shape{1, 100000}, chain, false},
  };
}

struct Settings {
  std::vector<std::string> cases;  // none: all
  int runs = 5;
  std::string relup = RELUP_PROGRAM;
  std::string directory;  // where inputs are made, and kept when it was named
  std::string json;       // file to write
};

constexpr std::chrono::seconds limit{600};  // for one process

class Bench {
 public:
  explicit Bench(Settings settings)
      : settings_(std::move(settings)),
        erlang_root_(first_line_of(
            "erl -noshell -boot start_clean -eval 'io:format(\"~s~n\",[code:root_dir()]),halt().'"
            " 2>/dev/null")) {}

  Result run(const Case& wanted) const {
    const std::string directory = settings_.directory + "/" + wanted.name;
    Result result{wanted.name, make_input(wanted, directory), {}, {}, {}};
    for (int run = 0; run < settings_.runs; ++run) {
      result.ours.push_back(run_process(our_command(directory), limit));
      if (!wanted.against_systools || !has_erlang()) continue;
      result.systools.push_back(run_process(systools_command(directory), limit));
    }
    if (!result.systools.empty()) {
      FileSystem& files = real_file_system();
      result.is_equal =
          files.read(directory + "/ours/relup") == files.read(directory + "/systools/relup");
    }
    return result;
  }

  bool has_erlang() const { return !erlang_root_.empty(); }

 private:
  std::size_t make_input(const Case& wanted, const std::string& directory) const {
    const std::string count_file = directory + "/modules";
    in_child_process([&] {
      FileSystem& files = real_file_system();
      files.remove_all(directory);
      files.make_directories(directory + "/ours");
      files.make_directories(directory + "/systools");
      const std::size_t modules =
          wanted.shape ? write_made_up_release(*wanted.shape, wanted.style, directory)
                       : write_otp_release(erlang_root_, wanted.style, directory);
      files.create(count_file, 0644)->append(std::to_string(modules));
    });
    return std::stoul(real_file_system().read(count_file));
  }

  std::vector<std::string> our_command(const std::string& directory) const {
    return {settings_.relup, "-q",
            "compile",       directory + "/new.rel",
            "--from",        directory + "/old.rel",
            "--path",        directory + "/lib/*/ebin",
            "--outdir",      directory + "/ours"};
  }

  // The quickest way to have systools make a relup: no shell, no sasl, and out as soon as it is
  // done.
  std::vector<std::string> systools_command(const std::string& directory) const {
    const auto quoted = [&](const std::string& name) {
      return "\"" + directory + "/" + name + "\"";
    };
    const std::string call = "systools:make_relup(" + quoted("new") + ",[" + quoted("old") + "],[" +
                             quoted("old") + "],[{path,[" + quoted("lib/*/ebin") + "]},{outdir," +
                             quoted("systools") + "},silent])";
    return {"erl",
            "-noshell",
            "-noinput",
            "-boot",
            "start_clean",
            "-eval",
            "{ok,_,_,_}=" + call + ",halt()."};
  }

  Settings settings_;
  std::string erlang_root_;
};

std::vector<Case> chosen_cases(const Settings& settings) {
  std::vector<Case> chosen;
  for (const Case& each : all_cases()) {
    const auto& names = settings.cases;
    if (names.empty() || std::find(names.begin(), names.end(), each.name) != names.end()) {
      chosen.push_back(each);
    }
  }
  return chosen;
}

int run_all(Settings settings) {
  std::optional<support::TemporaryDirectory> temporary;
  if (settings.directory.empty()) settings.directory = temporary.emplace().path();
  const Bench bench(settings);
  if (!bench.has_erlang()) std::cerr << "relup_bench: no erl in PATH: only relup is measured\n";
  std::vector<Result> results;
  bool all_equal = true;
  for (const Case& each : chosen_cases(settings)) {
    if (!each.shape && !bench.has_erlang()) continue;
    std::cerr << each.name << " ...\n";
    results.push_back(bench.run(each));
    all_equal = all_equal && results.back().is_equal.value_or(true);
  }
  write_table(results, std::cout);
  if (!settings.json.empty()) {
    std::ofstream file(settings.json);
    write_json(results, file);
  }
  return all_equal ? 0 : 1;
}

void define(CLI::App& app, Settings& settings) {
  std::vector<std::string> names;
  for (const Case& each : all_cases())
    names.push_back(each.name);
  app.add_option("--case", settings.cases, "a case to run; all of them when none is named")
      ->check(CLI::IsMember(names));
  app.add_option("--runs", settings.runs, "how often each side runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--relup", settings.relup, "the relup program to measure");
  app.add_option("--directory", settings.directory,
                 "where to make the inputs; they stay there (a temporary directory without)");
  app.add_option("--json", settings.json, "a file for the results as JSON");
}

}  // namespace
}  // namespace relup::bench

int main(int argument_count, char** arguments) {
  using namespace relup::bench;
  CLI::App app("Measures relup compile against systools:make_relup, whole processes in turn.");
  Settings settings;
  define(app, settings);
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return run_all(std::move(settings));
  } catch (const std::exception& fault) {
    std::cerr << "relup_bench: " << fault.what() << "\n";
    return 1;
  }
}
