// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance.hpp"

#include <algorithm>

#include "lint/rule_list.hpp"

namespace relup::lint {
namespace {

constexpr std::string_view mark = "relup:allow";
constexpr std::string_view blanks = " \t\r";

// Reads one comment, piece by piece.
class AllowanceReader {
 public:
  AllowanceReader(const SourceText& source, Span comment)
      : source_(source), comment_(comment), at_(comment.begin) {}

  std::optional<Allowance> read() {
    skip("%# \t");
    if (!rest().starts_with(mark)) return std::nullopt;
    at_ += static_cast<std::uint32_t>(mark.size());
    const bool is_longer_word = !rest().empty() && rest().find_first_of(blanks) != 0;
    if (is_longer_word) return std::nullopt;
    Allowance allowance;
    allowance.comment = comment_;
    read_names(allowance);
    skip(" \t\r:;.-");
    allowance.reason = rest().substr(0, rest().find_last_not_of(blanks) + 1);
    return allowance;
  }

 private:
  void read_names(Allowance& allowance) {
    do {
      skip(blanks);
      const std::size_t end = std::min(rest().find_first_of(" \t\r,:;"), rest().size());
      const std::string name(rest().substr(0, end));
      const Span span{at_, at_ + static_cast<std::uint32_t>(end)};
      if (!name.empty()) allowance.rules.push_back({name, span, find_rule(name)});
      at_ = span.end;
      skip(blanks);
    } while (skip_comma());
  }

  bool skip_comma() {
    const bool is_there = rest().starts_with(',');
    if (is_there) ++at_;
    return is_there;
  }

  void skip(std::string_view characters) {
    const std::size_t count = rest().find_first_not_of(characters);
    at_ += static_cast<std::uint32_t>(std::min(count, rest().size()));
  }

  std::string_view rest() const { return source_.text({at_, comment_.end}); }

  const SourceText& source_;
  Span comment_;
  std::uint32_t at_;
};

std::string_view without_margin(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return line;
}

// `comment_sign` is what comments of the file begin with, in Erlang or in Elixir.
bool is_comment_line(const SourceText& source, std::uint32_t line, char comment_sign) {
  return without_margin(source.line(line)).starts_with(comment_sign);
}

std::uint32_t covered_line(const SourceText& source, Span comment) {
  std::uint32_t line = source.position(comment.begin).line;
  const char comment_sign = source.text()[comment.begin];
  if (!is_comment_line(source, line, comment_sign)) return line;
  while (line < source.line_count() && is_comment_line(source, line, comment_sign))
    ++line;
  return line;
}

// The comment after the full stop, where the parser stops.
std::optional<Span> last_comment(const SourceText& source, Span full_stop) {
  const std::uint32_t line = source.position(full_stop.end).line;
  const std::uint32_t end =
      source.line_begin(line) + static_cast<std::uint32_t>(source.line(line).size());
  const std::string_view comment = without_margin(source.text({full_stop.end, end}));
  if (!comment.starts_with('%')) return std::nullopt;
  return Span{end - static_cast<std::uint32_t>(comment.size()), end};
}

}  // namespace

std::vector<Allowance> read_allowances(const SourceText& source, std::vector<Span> comments,
                                       Span full_stop) {
  if (const auto last = last_comment(source, full_stop)) comments.push_back(*last);
  std::vector<Allowance> allowances;
  for (const Span comment : comments) {
    auto allowance = AllowanceReader(source, comment).read();
    if (!allowance) continue;
    allowance->line = covered_line(source, comment);
    allowances.push_back(std::move(*allowance));
  }
  return allowances;
}

}  // namespace relup::lint
