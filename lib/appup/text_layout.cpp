// SPDX-License-Identifier: Apache-2.0
//
// Each node is first tried as one line (`OneLine`, from the inside out: what has a comment in it or
// is too wide is none). What is no line takes one of two shapes. In a column the first member
// stands right after the bracket and the others below it:
//   [{"1.0", [...]},
//    {"1.1", [...]}]
// A nest breaks after the bracket and indents all members by two; a node whose last member is such
// a nest stays before it, so that its brackets open and close together:
//   {load_object_code, {shop, "2.0", [
//     shop, shop_cart]}}
// A tuple that ends otherwise goes on in the next line, indented by two as well. Closing brackets
// stand after the last member, unless a comment does. `after` is the room that
// they and the comma need.

#include "appup/text_layout.hpp"

#include <algorithm>
#include <unordered_map>

#include "term/utf8.hpp"

namespace relup::appup {
namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t nest_indent = 2;

using Nodes = std::vector<TextNode>;

char opening_bracket(const TextNode& node) {
  return node.kind == TextNode::Kind::tuple ? '{' : '[';
}
char closing_bracket(const TextNode& node) {
  return node.kind == TextNode::Kind::tuple ? '}' : ']';
}

bool is_leaf(const TextNode& node) {
  return node.kind == TextNode::Kind::leaf;
}

bool has_comment_around(const TextNode& node) {
  return node.comment || !node.comments_in_front.empty();
}
bool has_comment_at_brackets(const TextNode& node) {
  return node.first_comment || !node.last_comments.empty();
}

std::string separator(const TextNode& node, std::size_t member) {
  return node.has_tail && member + 2 == node.members.size() ? " |" : ",";
}

// The nodes that fit into a line, with their text there.
class OneLine {
 public:
  explicit OneLine(const TextNode& root) { add(root); }

  const std::string* find(const TextNode& node) const {
    const auto found = texts_.find(&node);
    return found == texts_.end() ? nullptr : &found->second;
  }

 private:
  const std::string* add(const TextNode& node) {
    std::string text;
    bool fits = true;
    if (is_leaf(node)) {
      text = node.text;
      fits = text.find('\n') == std::string::npos;
    } else {
      fits = add_members(node, text) && !has_comment_at_brackets(node);
    }
    if (!fits || count_code_points(text) > line_width) return nullptr;
    return &texts_.emplace(&node, std::move(text)).first->second;
  }

  bool add_members(const TextNode& node, std::string& text) {
    bool fits = true;
    text = opening_bracket(node);
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const TextNode& member = node.members[i];
      const std::string* part = add(member);
      fits = fits && part != nullptr && !has_comment_around(member) && text.size() < 4 * line_width;
      if (fits) text += (i > 0 ? separator(node, i - 1) + " " : "") + *part;
    }
    text += closing_bracket(node);
    return fits;
  }

  std::unordered_map<const TextNode*, std::string> texts_;
};

class Layout {
 public:
  explicit Layout(const TextTree& tree) : tree_(tree), one_line_(tree.root) {}

  std::string text() {
    write_comments(tree_.root.comments_in_front, 0, EmptyLines::kept);
    start_line(0, tree_.root.follows_empty_line);
    write_appup(tree_.root);
    if (tree_.root.comment) text_ += " " + *tree_.root.comment;
    write_comments(tree_.last_comments, 0, EmptyLines::kept);
    if (tree_.root.comment || !tree_.last_comments.empty()) start_line(0, false);
    return text_ + ".";
  }

 private:
  // Writes a node of which the lines after the first one are indented by at least `indent`.
  using Write = void (Layout::*)(const TextNode& node, std::size_t indent, std::size_t after);

  enum class EmptyLines { dropped_at_first, kept };
  enum class First { after_the_bracket, on_a_line_of_its_own };
  struct Shape {
    First first;
    std::size_t member_indent;
    std::size_t closing_indent;
    Write write_member;
  };

  std::size_t column() const {
    const std::size_t line_break = text_.rfind('\n');
    const std::string_view text = text_;
    return count_code_points(text.substr(line_break == std::string::npos ? 0 : line_break + 1));
  }

  bool fits(std::size_t width) const { return column() + width <= line_width; }

  void start_line(std::size_t indent, bool behind_empty_line) {
    if (text_.empty()) return;
    text_ += behind_empty_line ? "\n\n" : "\n";
    text_.append(indent, ' ');
  }

  void write_comments(const std::vector<CommentLine>& comments, std::size_t indent,
                      EmptyLines empty_lines) {
    for (const CommentLine& comment : comments) {
      const bool is_first = &comment == &comments.front();
      const bool is_kept = empty_lines == EmptyLines::kept || !is_first;
      start_line(indent, comment.follows_empty_line && is_kept);
      text_ += comment.text;
    }
  }

  void write_appup(const TextNode& node) {
    if (node.kind == TextNode::Kind::tuple && node.members.size() == 3) {
      write_members(node, {First::after_the_bracket, 1, 0, &Layout::write_entries}, 1);
    } else {
      write(node, 0, 1);
    }
  }

  // The list up or down, or the version before them.
  void write_entries(const TextNode& node, std::size_t indent, std::size_t after) {
    const bool is_empty = node.members.empty() && !has_comment_at_brackets(node);
    if (node.kind != TextNode::Kind::list || is_empty) return write(node, indent, after);
    write_members(node, {First::after_the_bracket, indent + 1, indent, &Layout::write_entry},
                  after);
  }

  void write_entry(const TextNode& node, std::size_t indent, std::size_t after) {
    const bool has_instructions = node.kind == TextNode::Kind::tuple && node.members.size() == 2 &&
                                  node.members.back().kind == TextNode::Kind::list &&
                                  !node.members.back().members.empty();
    if (!has_instructions) return write(node, indent, after);
    if (can_stay_in_front(node)) {
      write_front(node);
      write_instructions(node.members.back(), indent, after + 1);
      text_ += closing_bracket(node);
      return;
    }
    write_members(node, {First::after_the_bracket, indent + 1, indent, &Layout::write_instructions},
                  after);
  }

  // The list of instructions, or the version before it.
  void write_instructions(const TextNode& node, std::size_t indent, std::size_t after) {
    if (node.kind != TextNode::Kind::list) return write(node, indent, after);
    write_members(node, {First::on_a_line_of_its_own, indent + nest_indent, indent, &Layout::write},
                  after);
  }

  void write(const TextNode& node, std::size_t indent, std::size_t after) {
    const std::string* line = one_line_.find(node);
    if (line != nullptr && (fits(count_code_points(*line) + after) || node.members.empty())) {
      text_ += *line;
    } else if (is_leaf(node)) {
      text_ += node.text;
    } else if (can_stay_in_front(node)) {
      write_front(node);
      write(node.members.back(), indent, after + 1);
      text_ += closing_bracket(node);
    } else if (can_be_filled(node)) {
      write_filled(node, indent + nest_indent, after);
    } else {
      write_members(
          node, {First::on_a_line_of_its_own, indent + nest_indent, indent, &Layout::write}, after);
    }
  }

  // Whether all members but the last fit into this line, with the bracket of the last one.
  bool can_stay_in_front(const TextNode& node) const {
    if (has_comment_at_brackets(node) || node.has_tail || node.members.empty()) return false;
    const TextNode& last = node.members.back();
    std::size_t width = 2;  // the opening brackets
    for (const TextNode& member : node.members) {
      if (has_comment_around(member)) return false;
      if (&member == &last) continue;
      const std::string* line = one_line_.find(member);
      if (line == nullptr) return false;
      width += count_code_points(*line) + 2;
    }
    const bool can_be_broken = !last.members.empty() || has_comment_at_brackets(last);
    return can_be_broken && fits(width);
  }

  void write_front(const TextNode& node) {
    text_ += opening_bracket(node);
    for (std::size_t i = 0; i + 1 < node.members.size(); ++i)
      text_ += *one_line_.find(node.members[i]) + ", ";
  }

  // The members of a tuple, and names in a list, stand beside each other.
  bool can_be_filled(const TextNode& node) const {
    if (has_comment_at_brackets(node)) return false;
    return std::all_of(node.members.begin(), node.members.end(), [&](const TextNode& member) {
      return one_line_.find(member) != nullptr && !has_comment_around(member) &&
             (node.kind == TextNode::Kind::tuple || is_leaf(member));
    });
  }

  void write_filled(const TextNode& node, std::size_t indent, std::size_t after) {
    text_ += opening_bracket(node);
    if (node.kind == TextNode::Kind::list) start_line(indent, false);  // a tuple begins with a tag
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const std::string& line = *one_line_.find(node.members[i]);
      const bool is_last = i + 1 == node.members.size();
      if (i > 0) {
        text_ += separator(node, i - 1);
        if (fits(1 + count_code_points(line) + (is_last ? after + 1 : 1))) {
          text_ += ' ';
        } else {
          start_line(indent, false);
        }
      }
      text_ += line;
    }
    text_ += closing_bracket(node);
  }

  void write_members(const TextNode& node, const Shape& shape, std::size_t after) {
    text_ += opening_bracket(node);
    if (node.first_comment) text_ += " " + *node.first_comment;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const TextNode& member = node.members[i];
      const bool is_last = i + 1 == node.members.size();
      start_member(node, i, shape);
      (this->*shape.write_member)(member, shape.member_indent, is_last ? after + 1 : 1);
      if (!is_last) text_ += separator(node, i);
      if (member.comment) text_ += " " + *member.comment;
    }
    const bool has_members = !node.members.empty();
    write_comments(node.last_comments, shape.member_indent,
                   has_members ? EmptyLines::kept : EmptyLines::dropped_at_first);
    const bool ends_in_comment = !node.last_comments.empty() ||
                                 (has_members ? node.members.back().comment : node.first_comment);
    if (ends_in_comment) start_line(shape.closing_indent, false);
    text_ += closing_bracket(node);
  }

  void start_member(const TextNode& node, std::size_t i, const Shape& shape) {
    const TextNode& member = node.members[i];
    const bool has_comments = !member.comments_in_front.empty();
    write_comments(member.comments_in_front, shape.member_indent,
                   i == 0 ? EmptyLines::dropped_at_first : EmptyLines::kept);
    const bool stays_in_line =
        i == 0 && shape.first == First::after_the_bracket && !node.first_comment && !has_comments;
    const bool may_be_behind_empty_line = i > 0 || has_comments;
    if (!stays_in_line) {
      start_line(shape.member_indent, member.follows_empty_line && may_be_behind_empty_line);
    }
  }

  const TextTree& tree_;
  OneLine one_line_;
  std::string text_;
};

}  // namespace

std::string lay_out(const TextTree& tree) {
  return Layout(tree).text();
}

}  // namespace relup::appup
