// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text of a list in somebody's file, of which elements are exchanged, removed and added while
// everything else stays as it is to the byte: layout, and all comments, also those inside or beside
// what is removed. Commas come and go with the elements. Without a change it is the same text.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "appup/list_pieces.hpp"
#include "term/term.hpp"

namespace relup::appup {

// How the first element of an empty list is written.
enum class FirstElement { on_a_line_of_its_own, after_the_bracket };

class ListText {
 public:
  // None when the list is not written as `[A, B, ...]`: as a string, with parentheses, with a `|`.
  // `comments` are those of the whole text.
  static std::optional<ListText> read(const SourceText& source, const Term& list,
                                      const std::vector<Span>& comments, FirstElement first);

  std::size_t size() const { return inner_comments_.size(); }  // when it was read

  // Elements are named by their number; an added one by the number that `insert` answers.
  // The comments inside the old text come to stand before the new one.
  void replace(std::size_t element, const std::string& text);
  // Here the new text has all comments of the old one.
  void rewrite(std::size_t element, const std::string& text);
  void remove(std::size_t element);
  // Adds an element after another one, which may be a removed one, or at the start.
  std::size_t insert(std::optional<std::size_t> after, const std::string& text);

  std::string text() const { return "[" + settled_text(pieces_) + "]"; }

 private:
  using Position = Pieces::iterator;

  ListText() = default;
  bool read_gap(const SourceText& source, Span gap, const std::vector<Span>& comments,
                std::size_t commas);
  Position find(std::size_t element);
  Position lift_comments(std::size_t element);
  void insert_first(Piece piece);
  static Position end_of_line(Position position, Position end);
  Piece separator(const std::string& text) const;

  Pieces pieces_;
  std::vector<std::vector<std::string>> inner_comments_;  // of each element that was read
  std::size_t next_element_ = 0;
  std::string indent_;
  bool is_one_line_ = false;
  FirstElement first_ = FirstElement::on_a_line_of_its_own;
};

}  // namespace relup::appup
