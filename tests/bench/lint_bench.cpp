// SPDX-License-Identifier: Apache-2.0
//
// How long does `relup lint` take for many appups in one call, next to a program that only reads
// them, and does twice as many take twice as long? The appups are made up. The first row has a
// thousand as large as those of OTP: most have a few instructions for each of many versions, one in
// thirty has hundreds of them. The other rows have more and more small ones, each with something to
// be found. How the time grows is told by processor time, which a busy machine changes least.

#include <iostream>

#include <CLI/CLI.hpp>

#include "base/file_system.hpp"
#include "process.hpp"
#include "report.hpp"
#include "support/temporary_directory.hpp"

namespace relup::bench {
namespace {

constexpr std::chrono::seconds limit{60};
constexpr double most_milliseconds = 1000;  // for a thousand
constexpr double most_growth = 1.5;  // of the time for one appup, from the least number to the most

struct Settings {
  std::vector<std::size_t> appups{2000, 4000, 8000};
  int runs = 5;
  std::string relup = RELUP_PROGRAM;
};

// How much there is in an appup.
struct Size {
  std::size_t versions;
  std::size_t instructions;  // for each of them
};

Size size_of(std::size_t number) {
  if (number % 29 == 28) return {12, 30};
  return number % 29 >= 25 ? Size{6, 4 + number % 5} : Size{4, 2};
}

std::string instruction(const std::string& application, std::size_t number) {
  const std::string module = application + "_mod" + std::to_string(number);
  if (number % 3 == 0)
    return "{update, " + module + ", {advanced, []}, soft_purge, soft_purge, []}";
  if (number % 3 == 1) return "{load_module, " + module + ", soft_purge, soft_purge, []}";
  return "{apply, {" + module + ", migrate, [\"1." + std::to_string(number) + "\"]}}";
}

std::string entries(const std::string& application, const Size& size) {
  std::string text;
  for (std::size_t version = 0; version < size.versions; ++version) {
    text += std::string(version == 0 ? "" : ",\n") + "  {<<\"1\\\\." + std::to_string(version) +
            "(\\\\.[0-9]+)*\">>,  % a version of long ago\n   [";
    for (std::size_t i = 0; i < size.instructions; ++i)
      text += (i == 0 ? "" : ",\n    ") + instruction(application, i);
    text += "]}";
  }
  return text;
}

enum class Kind { like_otp, small };

std::string list_of(const std::string& application, std::size_t number, Kind kind) {
  if (kind == Kind::like_otp) return entries(application, size_of(number));
  return "  {\"1\\\\.0\", [{load_module, " + application + "}]}";
}

std::size_t write_appups(const std::string& root, std::size_t count, Kind kind) {
  FileSystem& files = real_file_system();
  std::size_t bytes = 0;
  for (std::size_t number = 0; number < count; ++number) {
    const std::string application = "app" + std::to_string(number);
    const std::string ebin = root + "/lib/" + application + "-2.0/ebin";
    const std::string list = list_of(application, number, kind);
    const std::string text = "{\"2.0\",\n [\n" + list + "],\n [\n" + list + "]}.\n";
    files.make_directories(ebin);
    files.create(ebin + "/" + application + ".appup", 0644)->append(text);
    bytes += text.size();
  }
  return bytes;
}

struct Row {
  std::size_t appups = 0;
  std::size_t bytes = 0;
  double linting = 0;  // milliseconds, the median
  double reading = 0;
  double processor = 0;  // of linting
  double mebibytes = 0;

  // Microseconds.
  double per_appup() const { return processor * 1000 / static_cast<double>(appups); }
};

Row measure(std::size_t appups, Kind kind, const Settings& settings) {
  const support::TemporaryDirectory directory;
  Row row{appups, write_appups(directory.path(), appups, kind)};
  Measurements linting;
  Measurements reading;
  for (int i = 0; i < settings.runs; ++i) {
    linting.push_back(run_process({settings.relup, "-q", "lint", "--fail-on", "error", "--format",
                                   "github", directory.path()},
                                  limit));
    reading.push_back(run_process({READ_TREES, directory.path()}, limit));
  }
  row.linting = median_wall(linting).count();
  row.reading = median_wall(reading).count();
  row.processor = median_processor(linting).count();
  row.mebibytes = mebibytes(largest_peak(linting));
  return row;
}

void print(const Row& row, const Row& first) {
  std::cout << row.appups << " appups, " << row.bytes / 1024 << " KiB: lint "
            << fixed(row.linting, 1) << " ms, " << fixed(row.mebibytes, 1) << " MiB, "
            << fixed(row.per_appup(), 1) << " us/appup ("
            << fixed(row.per_appup() / first.per_appup(), 2) << " times the first); reading alone "
            << fixed(row.reading, 1) << " ms, ratio " << fixed(row.linting / row.reading, 1)
            << "\n";
}

int run(const Settings& settings) {
  const Row like_otp = measure(1000, Kind::like_otp, settings);
  std::cout << "as large as those of OTP: ";
  print(like_otp, like_otp);
  std::cout << "small:\n";
  std::vector<Row> rows;
  for (const std::size_t appups : settings.appups) {
    rows.push_back(measure(appups, Kind::small, settings));
    print(rows.back(), rows.front());
  }
  const bool is_slow = like_otp.linting > most_milliseconds;
  const bool grows = rows.back().per_appup() > most_growth * rows.front().per_appup();
  if (is_slow) std::cout << "more than " << fixed(most_milliseconds, 0) << " ms\n";
  if (grows) std::cout << "more than linear: an appup takes longer where there are many\n";
  return is_slow || grows ? 1 : 0;
}

}  // namespace
}  // namespace relup::bench

int main(int argument_count, char** arguments) {
  using namespace relup::bench;
  CLI::App app("Measures relup lint on many appups, next to only reading them.");
  Settings settings;
  app.add_option("--appups", settings.appups, "how many small appups, from few to many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--runs", settings.runs, "how often each side runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--relup", settings.relup, "the relup program to measure");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return run(settings);
  } catch (const std::exception& fault) {
    std::cerr << "lint_bench: " << fault.what() << "\n";
    return 1;
  }
}
