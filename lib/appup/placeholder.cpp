// SPDX-License-Identifier: Apache-2.0
#include "appup/placeholder.hpp"

#include <algorithm>
#include <array>

namespace relup::appup {
namespace {

// What build tools put around the name of what they exchange.
struct Marks {
  std::string_view begin;
  std::string_view end;
};
constexpr auto marks = std::to_array<Marks>(
    {{"{{", "}}"}, {"%", "%"}, {"@", "@"}, {"<%", "%>"}, {"${", "}"}, {"__", "__"}});

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}
bool continues_name(char byte) {
  return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '@';
}

// In `{{ vsn }}`, `<%= @vsn %>`.
bool is_inner(char byte) {
  return byte == ' ' || byte == '=' || byte == '.' || byte == '-';
}

// The length of a placeholder in marks at the start of the text; 0 where there is none.
std::size_t marked_length(std::string_view text) {
  for (const auto& [begin, end] : marks) {
    if (!text.starts_with(begin)) continue;
    const std::size_t close = text.find(end, begin.size());
    const std::string_view name = text.substr(begin.size(), close - begin.size());
    const bool may_have_more = begin.size() == 2;  // a lambda takes no structured binding
    const bool is_name = close != std::string_view::npos &&
                         std::any_of(name.begin(), name.end(), is_letter) &&
                         std::all_of(name.begin(), name.end(), [&](char byte) {
                           return continues_name(byte) || (may_have_more && is_inner(byte));
                         });
    if (is_name) return close + end.size();
  }
  return 0;
}

// The same of a variable.
std::size_t variable_length(std::string_view text) {
  const bool is_variable =
      !text.empty() && (text.front() == '_' || (text.front() >= 'A' && text.front() <= 'Z'));
  if (!is_variable) return 0;
  const auto end = std::find_if_not(text.begin(), text.end(), continues_name);
  const auto length = static_cast<std::size_t>(end - text.begin());
  return text.substr(0, length) == "_" ? 0 : length;
}

// Walks through Erlang text, over what is no code.
class CodeWalk {
 public:
  explicit CodeWalk(std::string_view text) : text_(text) {}

  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  std::size_t offset() const { return at_; }
  bool at_end() const { return at_ >= text_.size(); }
  char before() const { return at_ == 0 ? '\n' : text_[at_ - 1]; }
  void skip(std::size_t count) { at_ += count; }

  // Whether there was one.
  bool skip_blank_or_comment() {
    if (at_end() || std::string_view(" \t\r\n%").find(text_[at_]) == std::string_view::npos) {
      return false;
    }
    step();
    return true;
  }

  void skip_blanks_and_comments() {
    while (skip_blank_or_comment()) {
    }
  }

  // Over one character, string, quoted atom or comment.
  void step() {
    const char byte = text_[at_];
    if (byte == '%') return skip_line();
    if (byte == '"' || byte == '\'') return skip_quoted(byte);
    at_ += byte == '$' ? (rest().starts_with("$\\") ? 3 : 2) : 1;
  }

 private:
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void skip_quoted(char quote) {
    for (++at_; !at_end() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// What stands first in the first tuple, if it is a placeholder.
std::string_view unquoted_version(std::string_view text) {
  CodeWalk walk(text);
  walk.skip_blanks_and_comments();
  if (!walk.rest().starts_with('{')) return {};
  walk.skip(1);
  while (marked_length(walk.rest()) == 0 && walk.skip_blank_or_comment()) {
  }
  const std::string_view rest = walk.rest();
  const std::size_t length = std::max(marked_length(rest), variable_length(rest));
  walk.skip(length);
  walk.skip_blanks_and_comments();
  return walk.rest().starts_with(',') ? rest.substr(0, length) : std::string_view();
}

}  // namespace

std::vector<Span> unquoted_placeholders(std::string_view text) {
  const std::string_view name = unquoted_version(text);
  std::vector<Span> found;
  if (name.empty()) return found;
  const bool is_word = continues_name(name.back());
  for (CodeWalk walk(text); !walk.at_end();) {
    const std::string_view rest = walk.rest();
    const bool is_part_of_word =
        is_word && (continues_name(walk.before()) ||
                    (rest.size() > name.size() && continues_name(rest[name.size()])));
    if (rest.starts_with(name) && !is_part_of_word) {
      const auto begin = static_cast<std::uint32_t>(walk.offset());
      found.push_back({begin, begin + static_cast<std::uint32_t>(name.size())});
      walk.skip(name.size());
    } else {
      walk.step();
    }
  }
  return found;
}

std::string with_atoms(std::string_view text, const std::vector<Span>& placeholders) {
  std::string exchanged(text);
  for (const Span span : placeholders)
    std::fill(exchanged.begin() + span.begin, exchanged.begin() + span.end, 'v');
  return exchanged;
}

bool is_quoted_placeholder(std::string_view text) {
  return !text.empty() && marked_length(text) == text.size();
}

Term bind_version(const Term& term, const std::vector<Span>& placeholders,
                  const std::optional<std::string>& quoted, const std::string& version) {
  const bool is_placeholder =
      std::find(placeholders.begin(), placeholders.end(), term.span()) != placeholders.end() ||
      (quoted && term.text() == quoted);
  if (is_placeholder) return Term::string(version).at(term.span());
  const auto each = [&](const Term::Elements& elements) {
    Term::Elements bound;
    for (const Term& element : elements)
      bound.push_back(bind_version(element, placeholders, quoted, version));
    return bound;
  };
  if (const Term::Elements* elements = term.as_tuple()) {
    return Term::tuple(each(*elements)).at(term.span());
  }
  if (!term.is_proper_list() || term.is_nil()) return term;
  return Term::list(each(*term.as_list())).at(term.span());
}

}  // namespace relup::appup
