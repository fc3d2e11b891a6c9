// SPDX-License-Identifier: Apache-2.0
//
// Commas first. Of those between two elements the first one stays; where there is none, one is put
// right after the element; those before the first element and after the last one go. In a row
// that nobody changed that does nothing.
//
// Then blanks. Where something has gone, the blanks around it are one: before an element the last
// line break counts, with the indentation after it, unless both the element that has gone and the
// next one stand right after their commas; before a comment the first one, so that the comment of
// a removed element gets a line of its own; before the closing bracket what stood there.

#include "appup/list_pieces.hpp"

#include <algorithm>

namespace relup::appup {
namespace {

using Kind = Piece::Kind;

void settle_commas(Pieces& pieces) {
  Piece* element = nullptr;  // the last one so far
  Piece* comma = nullptr;    // the one after it
  const auto drop = [](Piece& piece) { piece = {Kind::gone, "", 0}; };
  for (Piece& piece : pieces) {
    if (piece.kind == Kind::comma) {
      if (element == nullptr || comma != nullptr) {
        drop(piece);
      } else {
        comma = &piece;
      }
    } else if (piece.kind == Kind::element) {
      if (element != nullptr && comma == nullptr) element->text += ",";
      element = &piece;
      comma = nullptr;
    }
  }
  if (comma != nullptr) drop(*comma);
}

// What stands for the blanks of `run`, in which something has gone. `previous` and `next` are null
// at the brackets.
std::string joined_blank(const Pieces& run, const Piece* previous, const Piece* next) {
  const auto text_or_none = [](const Piece& piece) {
    return piece.kind == Kind::blank ? piece.text : "";
  };
  const auto breaks = [](const Piece& piece) { return piece.breaks_line(); };
  const auto first_break = std::find_if(run.begin(), run.end(), breaks);
  const auto last_break = std::find_if(run.rbegin(), run.rend(), breaks);
  const bool is_behind_comment = previous != nullptr && previous->kind == Kind::comment;
  if (previous == nullptr && next != nullptr) return text_or_none(run.front());
  if (next == nullptr && (run.back().breaks_line() || !is_behind_comment)) {
    return text_or_none(run.back());
  }
  const bool stays_in_line = previous != nullptr && previous->kind == Kind::comma &&
                             run.front().kind == Kind::blank && !run.front().breaks_line() &&
                             !run.back().breaks_line();
  if (stays_in_line) return run.front().text;
  if (first_break != run.end()) {
    const bool is_before_comment = next != nullptr && next->kind == Kind::comment;
    return is_before_comment ? first_break->text : last_break->text;
  }
  const auto last_blank = std::find_if(
      run.rbegin(), run.rend(), [](const Piece& piece) { return piece.kind == Kind::blank; });
  return last_blank == run.rend() ? "" : last_blank->text;
}

bool is_room(const Piece& piece) {
  return piece.kind == Kind::blank || piece.kind == Kind::gone;
}

void settle_blanks(Pieces& pieces) {
  Pieces settled;
  for (auto piece = pieces.begin(); piece != pieces.end();) {
    const auto end = std::find_if_not(piece, pieces.end(), is_room);
    const Pieces run(piece, end);
    const bool has_gap = std::any_of(run.begin(), run.end(),
                                     [](const Piece& one) { return one.kind == Kind::gone; });
    if (has_gap) {
      const Piece* previous = settled.empty() ? nullptr : &settled.back();
      const Piece* next = end == pieces.end() ? nullptr : &*end;
      settled.push_back({Kind::blank, joined_blank(run, previous, next), 0});
    } else {
      settled.insert(settled.end(), run.begin(), run.end());
    }
    if (end != pieces.end()) settled.push_back(*end);
    piece = end == pieces.end() ? end : end + 1;
  }
  pieces = std::move(settled);
}

}  // namespace

std::string settled_text(Pieces pieces) {
  settle_commas(pieces);
  settle_blanks(pieces);
  std::string text;
  for (const Piece& piece : pieces)
    text += piece.text;
  return text;
}

}  // namespace relup::appup
