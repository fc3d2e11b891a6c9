// SPDX-License-Identifier: Apache-2.0
//
// A recursive descent over the expression that returns, for each part, a few texts that the part
// may match. A sequence combines those of its members, an alternation lists them all, a repetition
// repeats them. Which characters a class has is asked of the regular expression engine. An anchor
// matches the empty text.

#include "lint/version_regex.hpp"

#include <algorithm>
#include <cctype>

#include "base/regex.hpp"

namespace relup::lint {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t most_texts = 256;
constexpr std::size_t most_repetitions = 16;
constexpr int deepest = 20;

struct NotUnderstood {};

class RegexReader {
 public:
  explicit RegexReader(const std::string& regex) : regex_(regex) {}

  DescribedVersions read() {
    Texts texts = read_alternatives(0);
    if (!at_end()) throw NotUnderstood();
    return {std::move(texts), !has_choice_};
  }

 private:
  bool at_end() const { return at_ == regex_.size(); }
  char peek() const { return at_end() ? '\0' : regex_[at_]; }
  bool skip(std::string_view text) {
    if (regex_.compare(at_, text.size(), text) != 0) return false;
    at_ += text.size();
    return true;
  }

  static Texts limited(Texts texts) {
    if (texts.size() > most_texts) throw NotUnderstood();
    return texts;
  }

  Texts read_alternatives(int depth) {
    if (depth > deepest) throw NotUnderstood();
    Texts all = read_sequence(depth);
    while (skip("|")) {
      has_choice_ = true;
      const Texts more = read_sequence(depth);
      all.insert(all.end(), more.begin(), more.end());
    }
    return limited(std::move(all));
  }

  Texts read_sequence(int depth) {
    Texts all{""};
    while (!at_end() && peek() != '|' && peek() != ')') {
      const Texts part = read_repeated(depth);
      Texts longer;
      for (const std::string& text : all) {
        for (const std::string& end : part)
          longer.push_back(text + end);
      }
      all = limited(std::move(longer));
    }
    return all;
  }

  Texts read_repeated(int depth) {
    Texts once = read_atom(depth);
    std::size_t least = 1;
    std::size_t most = 1;
    if (!read_counts(least, most)) return once;
    has_choice_ = true;
    if (!skip("?")) skip("+");  // how greedy it is
    Texts all;
    for (std::size_t count = least; count <= std::min(most, least + 2); ++count)
      add_repetitions(once, count, all);
    return limited(std::move(all));
  }

  bool read_counts(std::size_t& least, std::size_t& most) {
    if (skip("*")) {
      least = 0;
      most = most_repetitions;
    } else if (skip("+")) {
      most = most_repetitions;
    } else if (skip("?")) {
      least = 0;
    } else if (peek() == '{') {
      read_braces(least, most);
    } else {
      return false;
    }
    return true;
  }

  // `{2}`, `{2,}`, `{2,3}`.
  void read_braces(std::size_t& least, std::size_t& most) {
    skip("{");
    least = read_number();
    most = least;
    if (skip(",")) most = peek() == '}' ? most_repetitions : read_number();
    if (!skip("}") || most < least) throw NotUnderstood();
  }

  std::size_t read_number() {
    std::size_t number = 0;
    if (!is_digit(peek())) throw NotUnderstood();
    while (is_digit(peek()))
      number = number * 10 + static_cast<std::size_t>(next() - '0');
    if (number > most_repetitions) throw NotUnderstood();
    return number;
  }

  static void add_repetitions(const Texts& once, std::size_t count, Texts& all) {
    if (count == 1) {
      all.insert(all.end(), once.begin(), once.end());
      return;
    }
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += once[i % once.size()];
    all.push_back(std::move(text));
  }

  Texts read_atom(int depth) {
    switch (peek()) {
      case '^':
      case '$':
        next();
        return {""};
      case '(':
        return read_group(depth);
      case '[':
        return read_class();
      case '\\':
        return read_escape();
      case '.':
        next();
        return members_of(".");
      case '*':
      case '+':
      case '?':
      case '{':
        throw NotUnderstood();
      default:
        return {std::string(1, next())};
    }
  }

  Texts read_group(int depth) {
    skip("(");
    if (!skip("?:") && (peek() == '?' || peek() == '*')) throw NotUnderstood();
    Texts texts = read_alternatives(depth + 1);
    if (!skip(")")) throw NotUnderstood();
    return texts;
  }

  // A closing bracket at the beginning is a member.
  Texts read_class() {
    const std::size_t begin = at_;
    skip("[");
    skip("^");
    skip("]");
    while (!at_end() && peek() != ']') {
      if (peek() == '[') throw NotUnderstood();
      if (next() == '\\' && !at_end()) next();
    }
    if (!skip("]")) throw NotUnderstood();
    return members_of(regex_.substr(begin, at_ - begin));
  }

  Texts read_escape() {
    const std::size_t begin = at_;
    skip("\\");
    if (at_end()) throw NotUnderstood();
    const char escaped = next();
    if (std::string_view("AzZ").find(escaped) != std::string_view::npos) return {""};
    if (std::string_view("dDwWsShHvVN").find(escaped) != std::string_view::npos)
      return members_of(regex_.substr(begin, at_ - begin));
    if (std::isalnum(static_cast<unsigned char>(escaped)) != 0) throw NotUnderstood();
    return {std::string(1, escaped)};
  }

  // Two characters of `set`, those first that versions are made of.
  Texts members_of(const std::string& set) {
    has_choice_ = true;
    Texts members;
    for (const char candidate : std::string_view(".1023456789abcdefghijklmnopqrstuvwxyz-+_v")) {
      const std::string text(1, candidate);
      if (members.size() < 2 && serves(set, text)) members.push_back(text);
    }
    if (members.empty()) throw NotUnderstood();
    return members;
  }

  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  char next() {
    const char byte = regex_[at_++];
    if (static_cast<unsigned char>(byte) >= 0x80U) throw NotUnderstood();
    return byte;
  }

  const std::string& regex_;
  std::size_t at_ = 0;
  bool has_choice_ = false;
};

}  // namespace

std::optional<DescribedVersions> describe_regex(const std::string& regex) {
  try {
    return RegexReader(regex).read();
  } catch (const NotUnderstood&) {
    return std::nullopt;
  }
}

std::optional<std::string> regex_of(const Term& version) {
  const Term::Bits* bits = version.as_bits();
  if (bits == nullptr || bits->last_bits != 8) return std::nullopt;
  return bits->bytes;
}

bool serves(const std::string& regex, const std::string& version) {
  return match_regex(regex, version).is_whole;
}

bool describes(const std::string& regex, const std::string& version) {
  return serves("\\A(?:" + regex + ")\\z", version);
}

bool serves_all(const std::string& regex) {
  return regex == ".*" || regex == ".+" || regex == "^.*$" || regex == "^.+$";
}

bool looks_like_a_regex(const std::string& text) {
  return text.find_first_of("\\*[]|?") != std::string::npos || text.starts_with('^') ||
         text.ends_with('$');
}

}  // namespace relup::lint
