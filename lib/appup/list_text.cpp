// SPDX-License-Identifier: Apache-2.0
//
// An added element goes to the line below the one that it follows, and below the comment at the end
// of that line, so that comments stay with what they were written for: a comment above an element
// or after it is about that element. In a list that stands on one line it stays on that line.

#include "appup/list_text.hpp"

#include <algorithm>

namespace relup::appup {
namespace {

using Kind = Piece::Kind;

constexpr std::string_view blanks = " \t\r\n\f\v";
constexpr std::string_view usual_indent = "    ";

// Blanks as wide as what stands before `offset` in its line.
std::string indent_of(const SourceText& source, std::uint32_t offset) {
  const std::uint32_t begin = source.line_begin(source.position(offset).line);
  std::string indent;
  for (const char byte : source.text({begin, offset})) {
    const bool continues_a_character = (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    if (!continues_a_character) indent += byte == '\t' ? '\t' : ' ';
  }
  return indent;
}

std::vector<std::string> comments_inside(const SourceText& source, Span span,
                                         const std::vector<Span>& comments) {
  std::vector<std::string> inside;
  for (const Span comment : comments) {
    if (comment.begin >= span.begin && comment.end <= span.end)
      inside.emplace_back(source.text(comment));
  }
  return inside;
}

}  // namespace

std::optional<ListText> ListText::read(const SourceText& source, const Term& list,
                                       const std::vector<Span>& comments, FirstElement first) {
  const Span span = list.span();
  const std::string_view whole = source.text(span);
  if (!list.is_proper_list() || !whole.starts_with('[') || !whole.ends_with(']')) return {};
  const Term::Elements& elements = *list.as_list();
  ListText text;
  text.first_ = first;
  text.is_one_line_ = !elements.empty() && whole.find('\n') == std::string_view::npos;
  std::uint32_t at = span.begin + 1;
  for (const Term& element : elements) {
    const std::size_t commas = &element == &elements.front() ? 0 : 1;
    if (!text.read_gap(source, {at, element.span().begin}, comments, commas)) return {};
    text.pieces_.push_back(
        {Kind::element, std::string(source.text(element.span())), text.next_element_++});
    text.inner_comments_.push_back(comments_inside(source, element.span(), comments));
    at = element.span().end;
  }
  if (!text.read_gap(source, {at, span.end - 1}, comments, 0)) return {};
  if (!elements.empty()) {
    text.indent_ = indent_of(source, elements.front().span().begin);
  } else {
    const bool is_behind = first == FirstElement::after_the_bracket;
    text.indent_ = is_behind ? indent_of(source, span.begin + 1) : std::string(usual_indent);
  }
  return text;
}

// What stands before an element, or before the closing bracket. False when it is more than blanks,
// comments and as many commas as there should be.
bool ListText::read_gap(const SourceText& source, Span gap, const std::vector<Span>& comments,
                        std::size_t commas) {
  if (gap.begin > gap.end) return false;
  for (std::uint32_t at = gap.begin; at < gap.end;) {
    const auto comment = std::find_if(comments.begin(), comments.end(),
                                      [&](Span candidate) { return candidate.begin == at; });
    const std::string_view rest = source.text({at, gap.end});
    Piece piece{Kind::comma, ",", 0};
    if (comment != comments.end()) {
      piece = {Kind::comment, std::string(source.text(*comment)), 0};
    } else if (rest.front() == ',') {
      if (commas-- == 0) return false;
    } else {
      const std::size_t length = std::min(rest.find_first_not_of(blanks), rest.size());
      if (length == 0) return false;
      piece = {Kind::blank, std::string(rest.substr(0, length)), 0};
    }
    at += static_cast<std::uint32_t>(piece.text.size());
    pieces_.push_back(std::move(piece));
  }
  return commas == 0;
}

ListText::Position ListText::find(std::size_t element) {
  return std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
    return (piece.kind == Kind::element || piece.kind == Kind::gone) && piece.element == element;
  });
}

// Puts the comments inside an element before it; answers where the element is then.
ListText::Position ListText::lift_comments(std::size_t element) {
  Pieces lifted;
  for (const std::string& comment : inner_comments_[element]) {
    lifted.push_back({Kind::comment, comment, 0});
    lifted.push_back({Kind::blank, "\n" + indent_, 0});
  }
  inner_comments_[element].clear();
  const auto begin = pieces_.insert(find(element), lifted.begin(), lifted.end());
  return begin + static_cast<std::ptrdiff_t>(lifted.size());
}

void ListText::replace(std::size_t element, const std::string& text) {
  lift_comments(element)->text = text;
}

void ListText::rewrite(std::size_t element, const std::string& text) {
  find(element)->text = text;
}

void ListText::remove(std::size_t element) {
  *lift_comments(element) = {Kind::gone, "", element};
}

Piece ListText::separator(const std::string& text) const {
  const bool stays_in_line = is_one_line_ && text.find('\n') == std::string::npos;
  return {Kind::blank, stays_in_line ? " " : "\n" + indent_, 0};
}

std::size_t ListText::insert(std::optional<std::size_t> after, const std::string& text) {
  const std::size_t element = next_element_++;
  Piece piece{Kind::element, text, element};
  if (after) {
    const Pieces added{separator(text), std::move(piece)};
    pieces_.insert(end_of_line(find(*after) + 1, pieces_.end()), added.begin(), added.end());
  } else {
    insert_first(std::move(piece));
  }
  return element;
}

// A comment after the opening bracket is about the list and stays in front; in a list without
// elements so do all comments.
void ListText::insert_first(Piece piece) {
  const Piece space = separator(piece.text);
  const bool is_empty = std::none_of(pieces_.begin(), pieces_.end(), [](const Piece& one) {
    return one.kind == Kind::element || one.kind == Kind::gone;
  });
  const auto last_comment = std::find_if(pieces_.rbegin(), pieces_.rend(), [](const Piece& one) {
                              return one.kind == Kind::comment;
                            }).base();
  const Position place = is_empty ? last_comment : end_of_line(pieces_.begin(), pieces_.end());
  const bool follows_comment = place != pieces_.begin();
  const bool is_alone_in_line =
      is_empty ? first_ == FirstElement::on_a_line_of_its_own : pieces_.front().breaks_line();
  Pieces added{std::move(piece)};
  if (follows_comment || is_alone_in_line) {
    added.insert(added.begin(), space);
  } else if (!is_empty) {
    added.push_back(space);
  }
  pieces_.insert(place, added.begin(), added.end());
}

// After the comma and the comment that follow in the same line.
ListText::Position ListText::end_of_line(Position position, Position end) {
  Position found = position;
  for (; position != end && !position->breaks_line(); ++position) {
    const bool is_comment = position->kind == Kind::comment;
    if (is_comment || position->kind == Kind::comma) found = position + 1;
    if (is_comment || position->kind == Kind::element) break;
  }
  return found;
}

}  // namespace relup::appup
