// SPDX-License-Identifier: Apache-2.0
#include "support/txtar.hpp"

#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace relup::support {
namespace {

struct Header {
  std::string name;
  bool final_newline = true;
};

std::optional<Header> read_header(std::string_view line) {
  if (!line.starts_with("-- ") || !line.ends_with(" --")) return std::nullopt;
  line = line.substr(3, line.size() - 6);
  constexpr std::string_view mark = " (no final newline)";
  Header header;
  if (line.ends_with(mark)) {
    header.final_newline = false;
    line.remove_suffix(mark.size());
  }
  if (line.ends_with("(base64)")) throw std::runtime_error("base64 members are not used here");
  header.name = line;
  return header;
}

}  // namespace

TxtarFiles read_txtar(const std::string& text) {
  TxtarFiles files;
  std::optional<Header> current;
  std::string content;
  const auto finish = [&] {
    if (!current) return;
    if (!current->final_newline && content.ends_with('\n')) content.pop_back();
    files[current->name] = content;
    content.clear();
  };
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (const std::optional<Header> header = read_header(line)) {
      finish();
      current = header;
    } else if (current) {
      content += line + "\n";
    }
  }
  finish();
  if (files.empty()) throw std::runtime_error("no file in the text");
  return files;
}

}  // namespace relup::support
