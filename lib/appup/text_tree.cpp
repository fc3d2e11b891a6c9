// SPDX-License-Identifier: Apache-2.0
//
// Tokens give the tree, the gaps between them the comments. A comment in the line of what stands in
// front of it belongs to that; every other one to what comes next. Commas come and go between: a
// comment after the comma of an element is still after the element.

#include "appup/text_tree.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace relup::appup {
namespace {

class TreeReader {
 public:
  TreeReader(const SourceText& source, const SourceText& lexed, Dialect dialect)
      : source_(source), lexer_(lexed, dialect) {
    advance();
  }

  TextTree read() {
    TextTree tree;
    settle_gap(nullptr, nullptr);
    tree.begin = token_.span.begin;
    tree.root = read_node();
    settle_gap(&tree.root, nullptr);
    tree.last_comments = std::move(waiting_);
    tree.full_stop = token_.span;
    return tree;
  }

 private:
  void advance() {
    gap_.begin = token_.span.end;
    first_comment_ = lexer_.comments().size();
    token_ = lexer_.next();
    gap_.end = token_.span.begin;
  }

  // Finds the place of the comments before the current token. `previous` is the node that
  // ended last, `opened` the one whose bracket has just been opened; each may be null.
  void settle_gap(TextNode* previous, TextNode* opened) {
    std::uint32_t at = gap_.begin;
    for (std::size_t i = first_comment_; i < lexer_.comments().size(); ++i) {
      const Span span = lexer_.comments()[i];
      std::string text(without_blanks_at_end(source_.text(span)));
      const bool same_line = i == first_comment_ && !has_line_breaks({at, span.begin}, 1);
      note_empty_lines({at, span.begin});
      if (same_line && previous != nullptr && !previous->comment && waiting_.empty()) {
        previous->comment = std::move(text);
      } else if (same_line && opened != nullptr) {
        opened->first_comment = std::move(text);
      } else {
        waiting_.push_back({std::move(text), empty_line_});
        empty_line_ = false;
      }
      at = span.end;
    }
    note_empty_lines({at, gap_.end});
  }

  bool has_line_breaks(Span span, std::ptrdiff_t least) const {
    const std::string_view text = source_.text(span);
    return std::count(text.begin(), text.end(), '\n') >= least;
  }

  void note_empty_lines(Span span) { empty_line_ = empty_line_ || has_line_breaks(span, 2); }

  TextNode read_node() {
    TextNode node;
    node.comments_in_front = std::move(waiting_);
    waiting_.clear();
    node.follows_empty_line = empty_line_;
    empty_line_ = false;
    if (token_.is("{")) {
      node.kind = TextNode::Kind::tuple;
      read_members(node);
    } else if (token_.is("[")) {
      node.kind = TextNode::Kind::list;
      read_members(node);
    } else {
      node.text = read_leaf();
    }
    return node;
  }

  void read_members(TextNode& node) {
    advance();
    settle_gap(nullptr, &node);
    while (!is_end_of_members()) {
      node.members.push_back(read_node());
      settle_gap(&node.members.back(), nullptr);
      if (is_end_of_members()) break;
      node.has_tail = token_.is("|");
      advance();
      settle_gap(&node.members.back(), nullptr);
    }
    node.last_comments = std::move(waiting_);
    waiting_.clear();
    empty_line_ = false;
    advance();
  }

  bool is_end_of_members() const { return token_.is("}") || token_.is("]"); }

  bool is_end_of_leaf() const {
    return is_end_of_members() || token_.is(",") || token_.is("|") ||
           token_.kind == TokenKind::full_stop;
  }

  // Everything up to what separates elements: a map or a binary, too, and strings in a row.
  std::string read_leaf() {
    const std::uint32_t begin = token_.span.begin;
    std::uint32_t end = begin;
    for (int depth = 0; depth > 0 || !is_end_of_leaf(); advance()) {
      if (token_.is("{") || token_.is("[") || token_.is("(") || token_.is("<<")) ++depth;
      if (token_.is("}") || token_.is("]") || token_.is(")") || token_.is(">>")) --depth;
      end = token_.span.end;
    }
    return std::string(source_.text({begin, end}));
  }

  const SourceText& source_;
  Lexer lexer_;
  Token token_;
  Span gap_;                       // between the token before and the current one
  std::size_t first_comment_ = 0;  // of the gap
  std::vector<CommentLine> waiting_;
  bool empty_line_ = false;  // seen since the last node or comment
};

}  // namespace

TextTree read_text_tree(const SourceText& source, const SourceText& lexed, Dialect dialect) {
  return TreeReader(source, lexed, dialect).read();
}

}  // namespace relup::appup
