// SPDX-License-Identifier: Apache-2.0
#include "source_variant.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace relup::live_tests {

namespace fs = std::filesystem;

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream output(file, std::ios::binary);
  output << text;
  if (!output.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string read_file(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(input), {}};
}

void replace_in_file(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = read_file(file);
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::runtime_error(file.string() + " does not hold exactly one `" + from + "`");
  }
  write_file(file, text.replace(at, from.size(), to));
}

SourceVariant::SourceVariant(const fs::path& testdata) {
  for (const char* part : {"tally", "build_release.escript", "start_release.sh"}) {
    fs::copy(testdata / part, directory() / part, fs::copy_options::recursive);
  }
}

Tools SourceVariant::with(Tools tools) const {
  tools.testdata = directory();
  return tools;
}

void SourceVariant::add_library(const fs::path& library) {
  fs::create_directories(directory() / "libraries");
  fs::copy(library, directory() / "libraries" / library.filename(), fs::copy_options::recursive);
}

void SourceVariant::derive_new_from_old() {
  fs::remove_all(directory() / "tally/1.1.0");
  fs::copy(directory() / "tally/1.0.0", directory() / "tally/1.1.0", fs::copy_options::recursive);
  replace("1.1.0/src/tally.app.src", "{vsn, \"1.0.0\"}", "{vsn, \"1.1.0\"}");
  replace("1.1.0/src/tally_format.erl", "\"tally 1.0.0\"", "\"tally 1.1.0\"");
}

void SourceVariant::replace(const std::string& file, const std::string& from,
                            const std::string& to) {
  replace_in_file(directory() / "tally" / file, from, to);
}

}  // namespace relup::live_tests
