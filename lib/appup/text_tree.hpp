// SPDX-License-Identifier: Apache-2.0
#pragma once

// A term as somebody wrote it: its tuples and lists with the comments and empty lines among them,
// and all else as text that is not looked into. What it is printed from is the same term again, and
// no comment is lost.

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "term/lexer.hpp"

namespace relup::appup {

// A comment on a line of its own.
struct CommentLine {
  std::string text;  // without blanks at its end
  bool follows_empty_line = false;
};

struct TextNode {
  enum class Kind { leaf, tuple, list };
  Kind kind = Kind::leaf;
  std::string text;  // of a leaf; may have several lines, and comments in them
  std::vector<TextNode> members;
  bool has_tail = false;  // the last member stands after a `|`

  std::vector<CommentLine> comments_in_front;
  bool follows_empty_line = false;           // the node itself, not its comments
  std::optional<std::string> comment;        // after it in its line
  std::optional<std::string> first_comment;  // after the opening bracket in its line
  std::vector<CommentLine> last_comments;    // before the closing bracket
};

struct TextTree {
  TextNode root;
  std::uint32_t begin = 0;                 // of the root
  std::vector<CommentLine> last_comments;  // before the full stop
  Span full_stop;
};

// Of the first term of `source`, which is known to be one. `lexed` is the same text with an atom in
// place of what is no Erlang.
TextTree read_text_tree(const SourceText& source, const SourceText& lexed, Dialect dialect);

}  // namespace relup::appup
