// SPDX-License-Identifier: Apache-2.0
#include "diff_input.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "process.hpp"
#include "term/term_file.hpp"

namespace relup::bench {
namespace {

constexpr std::chrono::seconds limit{1800};  // for making one pair

std::string script(const std::string& name) {
  return std::string(BENCH_SCRIPTS) + "/" + name + ".escript";
}

std::vector<std::string> maker(Pair pair, const std::string& directory, const std::string& goal) {
  switch (pair) {
    case Pair::small:
      return {script("make_release_pair"), goal, "1", "12", "4", "inets", "mnesia"};
    case Pair::otp:
      return {script("make_release_pair"), goal, "1", "120", "30"};
    case Pair::otp_times:
      break;
  }
  return {script("multiply_release_pair"), make_pair(Pair::otp, directory), goal, "10000"};
}

// `{Kind, [{Application, [Module]}]}`
void add_expected(const Term& list, Verdict verdict, Expected& expected) {
  for (const Term& entry : *list.as_list()) {
    const Term::Elements& parts = *entry.as_tuple();
    const std::optional<std::vector<Atom>> modules = parts[1].atoms();
    for (const Atom module : *modules)
      expected[*parts[0].as_atom()][module] = verdict;
  }
}

}  // namespace

std::string_view to_string(Pair pair) {
  switch (pair) {
    case Pair::small:
      return "small";
    case Pair::otp:
      return "otp";
    case Pair::otp_times:
      break;
  }
  return "otp-10k";
}

// A pair that was not finished does not get its name.
std::string make_pair(Pair pair, const std::string& directory) {
  std::string path = join_path(directory, to_string(pair));
  FileSystem& files = real_file_system();
  if (files.is_directory(path)) return path;
  const std::vector<std::string> command = maker(pair, directory, path + ".part");
  files.make_directories(directory);
  files.remove_all(path + ".part");
  run_process(command, limit);
  files.rename(path + ".part", path);
  return path;
}

Expected read_expected(const std::string& pair_directory) {
  const std::string path = pair_directory + "/expected.term";
  const Term term = parse_single_term(path, real_file_system().read(path));
  Expected expected;
  for (const Term& entry : *(*term.as_tuple())[1].as_list()) {
    const Verdict verdict = entry.is_tagged("changed", 2) ? Verdict::changed : Verdict::rebuilt;
    add_expected((*entry.as_tuple())[1], verdict, expected);
  }
  return expected;
}

std::size_t count_modules(const std::string& pair_directory) {
  const std::filesystem::recursive_directory_iterator files(pair_directory + "/new/lib");
  return static_cast<std::size_t>(std::count_if(begin(files), end(files), [](const auto& file) {
    return file.path().extension() == ".beam";
  }));
}

}  // namespace relup::bench
