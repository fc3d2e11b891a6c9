// SPDX-License-Identifier: Apache-2.0
#include "node/arguments.hpp"

#include <algorithm>
#include <charconv>

#include "base/file_system.hpp"

namespace relup::node {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

// Takes one word off the front of `text`, which does not begin with white space.
std::string take_word(std::string_view& text) {
  std::string word;
  while (!text.empty() && text.front() != '#' &&
         white_space.find(text.front()) == std::string_view::npos) {
    const char character = text.front();
    text.remove_prefix(1);
    if (character == '"' || character == '\'') {
      const std::size_t end = std::min(text.find(character), text.size());
      word += text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    } else if (character == '\\' && !text.empty()) {
      word += text.front();
      text.remove_prefix(1);
    } else {
      word += character;
    }
  }
  return word;
}

struct Flag {
  std::string name;  // without the dash
  std::vector<std::string> values;
};

// As `init` has them: a flag owns the words up to the next one, "--" ends it, and what stands
// after -extra is for the application.
std::vector<Flag> group(const std::vector<std::string>& arguments) {
  std::vector<Flag> flags;
  bool open = false;
  for (const std::string& word : arguments) {
    if (word == "-extra") break;
    if (word == "--") {
      open = false;
    } else if (word.size() > 1 && (word.front() == '-' || word.front() == '+')) {
      flags.push_back({word.front() == '-' ? word.substr(1) : word, {}});
      open = true;
    } else if (open) {
      flags.back().values.push_back(word);
    }
  }
  return flags;
}

void read_cookie(const std::vector<Flag>& flags, NodeFlags& found) {
  const auto is_cookie = [](const Flag& flag) { return flag.name == "setcookie"; };
  if (std::count_if(flags.begin(), flags.end(), is_cookie) != 1) return;
  const Flag& flag = *std::find_if(flags.begin(), flags.end(), is_cookie);
  if (flag.values.size() == 1) found.cookie = flag.values.front();
}

void read_name(const std::vector<Flag>& flags, NodeFlags& found) {
  for (const auto& [flag_name, kind] :
       {std::pair{"sname", NameKind::short_name}, std::pair{"name", NameKind::long_name}}) {
    for (const Flag& flag : flags) {
      if (flag.name != flag_name || flag.values.empty() || found.name) continue;
      found.name = flag.values.front();
      found.name_kind = kind;
    }
  }
}

// A boot file that is no release: of remote shells, escripts and one-shot commands.
bool is_helper_boot(const std::string& path) {
  const std::string name = base_name(path);
  return name == "start_clean" || name == "no_dot_erlang";
}

void read_flag(const Flag& flag, NodeFlags& found) {
  if (flag.name == "remsh" || flag.name == "-remsh") found.is_visitor = true;
  if (flag.values.empty()) return;
  const std::string& value = flag.values.front();
  if (flag.name == "root") found.root = value;
  if (flag.name == "home") found.home = value;
  if (flag.name == "epmd_port") found.epmd_port = parse_port(value);
  if (flag.name == "erl_epmd_port") found.distribution_port = parse_port(value);
  if (flag.name == "boot" || flag.name == "config") found.paths.push_back(value);
  if (flag.name == "boot" && is_helper_boot(value)) found.is_visitor = true;
  if (flag.name == "boot_var") found.paths.push_back(flag.values.back());
}

}  // namespace

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(white_space);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    if (text.front() == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else {
      words.push_back(take_word(text));
    }
  }
}

NodeFlags read_flags(const std::vector<std::string>& arguments) {
  const std::vector<Flag> flags = group(arguments);
  NodeFlags found;
  read_name(flags, found);
  read_cookie(flags, found);
  for (const Flag& flag : flags)
    read_flag(flag, found);
  return found;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace relup::node
