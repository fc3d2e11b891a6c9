// SPDX-License-Identifier: Apache-2.0
//
// The encoding of a source file, by the rule of `epp:read_encoding/1`: the first comment of the
// first two lines that says `coding`, `:` or `=`, and a name; only `utf-8` and `latin-1` are names.

#include <algorithm>
#include <cctype>

#include "term/parser.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr std::string_view name_characters =
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string_view skip_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// The encoding that `comment` names in lower case, or nothing.
std::string named_encoding(std::string_view comment) {
  const std::size_t at = comment.find("coding");
  if (at == std::string_view::npos) return "";
  std::string_view rest = skip_blanks(comment.substr(at + 6));
  if (!rest.starts_with(':') && !rest.starts_with('=')) return "";
  rest = skip_blanks(rest.substr(1));
  std::string name(rest.substr(0, rest.find_first_not_of(name_characters)));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return name;
}

bool says_latin1(std::string_view text) {
  std::size_t begin = 0;
  for (int line = 0; line < 2 && begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t comment = text.find('%', begin);
    if (comment < end) {
      const std::string name = named_encoding(text.substr(comment, end - comment));
      if (name == "latin-1" || name == "utf-8") return name == "latin-1";
    }
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::variant<Source, SyntaxError> decode_source(std::string name, std::string bytes) {
  if (says_latin1(bytes)) return make_source(std::move(name), latin1_to_utf8(bytes));
  const std::size_t valid = valid_utf8_prefix(bytes);
  if (valid == bytes.size()) return make_source(std::move(name), std::move(bytes));
  SyntaxError error;
  error.span = {static_cast<std::uint32_t>(valid), static_cast<std::uint32_t>(valid + 1)};
  error.kind = SyntaxErrorKind::encoding;
  error.message = "byte " + std::to_string(valid) + " is not valid UTF-8";
  error.expected = "UTF-8, or a first line that says `%% coding: latin-1`";
  return error;
}

}  // namespace relup
