// SPDX-License-Identifier: Apache-2.0
//
// The layout of `~tp`. A first pass turns the term into a tree of boxes and measures each one as if
// it stood on a single line. A second pass writes: a box that fits into what is left of the line
// (leaving room for the brackets that close behind it) is written flat, any other is broken. In a
// broken compound only atomic elements share a line. The elements of a broken tuple that begins
// with an atom stand right of that atom, unless this drives some box past the middle of the line;
// then the whole term is written again with a narrow indentation of 4 behind long tags, and where
// even that is too wide, of 1.

#include "term/printer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "term/big_integer.hpp"
#include "term/external.hpp"
#include "term/lexer.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr int line_width = 80;
constexpr int middle = line_width / 2;

bool is_printable(std::int64_t character) {
  const bool latin1 =
      (character >= 32 && character <= 126) || (character >= 160 && character <= 255);
  return latin1 || (character >= 8 && character <= 13) || character == 27;
}

void append_escaped(std::string& out, char32_t character, char quote) {
  switch (character) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case 27:
      out += "\\e";
      return;
    case 127:
      out += "\\d";
      return;
    default:
      break;
  }
  if (character == static_cast<unsigned char>(quote) || character == '\\') {
    out += '\\';
    append_utf8(out, character);
  } else if (character < ' ' || (character >= 128 && character < 160)) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string hex;
    for (char32_t rest = character; rest > 0 || hex.empty(); rest >>= 4U) {
      hex.insert(hex.begin(), digits[rest & 15U]);
    }
    out += "\\x{" + hex + "}";
  } else {
    append_utf8(out, character);
  }
}

bool needs_quotes(const std::string& name) {
  std::string_view rest = name;
  if (rest.empty() || is_reserved_word(name) || !is_name_start(take_code_point(rest))) return true;
  while (!rest.empty()) {
    if (!is_name_part(take_code_point(rest))) return true;
  }
  return false;
}

bool is_printable_string(const Term::Elements& elements) {
  return std::all_of(elements.begin(), elements.end(), [](const Term& element) {
    const std::int64_t* character = element.as_small_integer();
    return character != nullptr && is_printable(*character);
  });
}

std::string print_string(const Term::Elements& characters) {
  std::string out = "\"";
  for (const Term& character : characters) {
    append_escaped(out, static_cast<char32_t>(*character.as_small_integer()), '"');
  }
  return out + "\"";
}

// The shortest digits that read back as the same number, in plain notation where that is not longer
// than with an exponent.
std::string print_float(double number) {
  char buffer[40];
  const auto result =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<std::size_t>(result.ptr - buffer));
  std::string sign;
  if (text.starts_with('-')) {
    sign = "-";
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t exponent_begin = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + exponent_begin, text.data() + text.size(), exponent);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // how many digits stand in front of the point
  std::string scientific = digits.substr(0, 1) + "." + (count > 1 ? digits.substr(1) : "0") + "e" +
                           std::to_string(exponent);
  std::string plain;
  if (point <= 0) {
    plain = "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else if (point >= count) {
    plain = digits + std::string(static_cast<std::size_t>(point - count), '0') + ".0";
  } else {
    plain = digits.substr(0, static_cast<std::size_t>(point)) + "." +
            digits.substr(static_cast<std::size_t>(point));
  }
  constexpr double exact_integers = 9007199254740992.0;  // 2^53: beyond, an exponent says so
  const bool readable = plain.size() <= scientific.size() && std::fabs(number) < exact_integers;
  return sign + (number == 0 ? "0.0" : readable ? plain : scientific);
}

std::string print_bits(const Term::Bits& bits) {
  const bool whole = bits.last_bits == 8;
  const bool latin1 = std::all_of(bits.bytes.begin(), bits.bytes.end(), [](char byte) {
    return is_printable(static_cast<unsigned char>(byte));
  });
  if (bits.bytes.empty()) return "<<>>";
  std::string out = "<<";
  if (whole && is_valid_utf8(bits.bytes)) {
    std::string text = "\"";
    bool printable = true;
    for (std::string_view rest = bits.bytes; !rest.empty() && printable;) {
      const char32_t character = take_code_point(rest);
      printable = is_printable(character);
      append_escaped(text, character, '"');
    }
    const bool ascii = count_code_points(bits.bytes) == bits.bytes.size();
    if (printable) return out + text + (ascii ? "\">>" : "\"/utf8>>");
  } else if (whole && latin1) {
    std::string text = "\"";
    for (const char byte : bits.bytes)
      append_escaped(text, static_cast<unsigned char>(byte), '"');
    return out + text + "\">>";
  }
  for (std::size_t i = 0; i < bits.bytes.size(); ++i) {
    const unsigned byte = static_cast<unsigned char>(bits.bytes[i]);
    if (i > 0) out += ',';
    const bool partial = i + 1 == bits.bytes.size() && !whole;
    out += std::to_string(partial ? byte >> (8 - bits.last_bits) : byte);
    if (partial) out += ":" + std::to_string(bits.last_bits);
  }
  return out + ">>";
}

// Pids and their like have no syntax; external funs do.
std::string print_opaque(Term::OpaqueKind kind, const std::string& external) {
  if (kind == Term::OpaqueKind::fun && external.starts_with('q')) {
    std::string_view rest = external;
    rest.remove_prefix(1);
    std::string parts[3];
    for (std::string& part : parts) {
      // Each part is a whole term but for the version byte in front.
      std::string framed = "\x83" + std::string(rest);
      std::string_view view = framed;
      const std::size_t before = view.size();
      part = print(take_external(view));
      rest.remove_prefix(before - view.size() - 1);
    }
    return "fun " + parts[0] + ":" + parts[1] + "/" + parts[2];
  }
  static constexpr const char* names[] = {"#Ref<...>", "#Fun<...>", "#Port<...>", "<...>"};
  return names[static_cast<int>(kind)];
}

std::string print_atomic(const Term& term) {
  if (const Atom* atom = term.as_atom()) return print_atom(atom->name());
  if (const std::int64_t* integer = term.as_small_integer()) return std::to_string(*integer);
  if (const BigInteger* integer = term.as_big_integer()) return integer->decimal();
  if (const double* number = term.as_float()) return print_float(*number);
  if (const Term::Bits* bits = term.as_bits()) return print_bits(*bits);
  if (const auto* opaque = term.as_opaque()) return print_opaque(opaque->first, opaque->second);
  return "[]";
}

enum class BoxKind { atomic, bits, list, tuple, tagged_tuple, map, pair };

struct Box {
  BoxKind kind = BoxKind::atomic;
  int width = 0;  // characters when written flat
  std::string text;
  std::vector<Box> parts;  // of a list with a tail, the tail comes last
  bool has_tail = false;
};

bool is_atomic(const Box& box) {
  return box.kind == BoxKind::atomic;
}

Box make_box(const Term& term);

Box compound(BoxKind kind, int brackets, const Term::Elements& elements) {
  Box box{kind, brackets, {}, {}, false};
  box.parts.reserve(elements.size() + 1);
  for (const Term& element : elements)
    box.parts.push_back(make_box(element));
  return box;
}

void measure(Box& box) {
  for (const Box& part : box.parts)
    box.width += part.width;
  box.width += std::max(0, static_cast<int>(box.parts.size()) - 1);
}

Box make_map_box(const Term::Pairs& pairs) {
  Box box{BoxKind::map, 3, {}, {}, false};
  for (const auto& [key, value] : pairs) {
    Box pair{BoxKind::pair, 4, {}, {}, false};
    pair.parts.push_back(make_box(key));
    pair.parts.push_back(make_box(value));
    pair.width += pair.parts[0].width + pair.parts[1].width;
    box.parts.push_back(std::move(pair));
  }
  measure(box);
  return box;
}

Box make_atomic_box(BoxKind kind, std::string text) {
  const int width = static_cast<int>(count_code_points(text));
  return {kind, width, std::move(text), {}, false};
}

Box make_box(const Term& term) {
  if (const Term::Elements* elements = term.as_tuple(); elements != nullptr && !elements->empty()) {
    const bool is_tagged = elements->size() > 1 && elements->front().as_atom() != nullptr;
    Box box = compound(is_tagged ? BoxKind::tagged_tuple : BoxKind::tuple, 2, *elements);
    measure(box);
    return box;
  }
  if (term.as_tuple() != nullptr) return make_atomic_box(BoxKind::atomic, "{}");
  if (const Term::Pairs* pairs = term.as_map()) {
    return pairs->empty() ? make_atomic_box(BoxKind::atomic, "#{}") : make_map_box(*pairs);
  }
  if (term.is_list() && !term.is_nil()) {
    if (term.tail() == nullptr && is_printable_string(*term.as_list())) {
      return make_atomic_box(BoxKind::atomic, print_string(*term.as_list()));
    }
    Box box = compound(BoxKind::list, 2, *term.as_list());
    if (const Term* tail = term.tail()) {
      box.parts.push_back(make_box(*tail));
      box.has_tail = true;
    }
    measure(box);
    return box;
  }
  std::string text = print_atomic(term);
  const bool plain_bits = term.as_bits() != nullptr && !text.starts_with("<<\"") && text != "<<>>";
  return make_atomic_box(plain_bits ? BoxKind::bits : BoxKind::atomic, std::move(text));
}

void write_flat(const Box& box, std::string& out) {
  static constexpr std::string_view opening[] = {"", "", "[", "{", "{", "#{", ""};
  static constexpr std::string_view closing[] = {"", "", "]", "}", "}", "}", ""};
  out += opening[static_cast<int>(box.kind)];
  out += box.text;
  for (std::size_t i = 0; i < box.parts.size(); ++i) {
    const bool is_tail = box.has_tail && i + 1 == box.parts.size();
    if (i > 0) out += box.kind == BoxKind::pair ? " => " : is_tail ? "|" : ",";
    write_flat(box.parts[i], out);
  }
  out += closing[static_cast<int>(box.kind)];
}

// Writes one term with one indentation rule. `narrow` is the indentation behind tags that are
// longer than it; 0 puts elements right of every tag. `is_too_wide` tells that the rule does not
// do.
class Layout {
 public:
  explicit Layout(int narrow) : narrow_(narrow) {}

  void write(const Box& box, int column, int closers);
  bool is_too_wide() const { return too_wide_; }
  std::string take() { return std::move(out_); }

 private:
  // Room for `width` characters at `column`, `closers` brackets and at least one free column
  // behind.
  static bool fits(int width, int column, int closers) {
    return width < line_width - column - closers;
  }
  void new_line(int column) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(column - 1), ' ');
  }
  void write_tagged(const Box& box, int column, int closers);
  void write_elements(const Box& box, std::size_t first, int column, int at, int closers);
  int write_element(const Box& part, int column, int closers);
  void write_pair(const Box& pair, int column, int closers);
  void write_bits(const Box& box, int column, int closers);

  int narrow_;
  bool too_wide_ = false;
  std::string out_;
};

void Layout::write(const Box& box, int column, int closers) {
  if (fits(box.width, column, closers)) return write_flat(box, out_);
  switch (box.kind) {
    case BoxKind::atomic:
      out_ += box.text;
      break;
    case BoxKind::bits:
      write_bits(box, column, closers);
      break;
    case BoxKind::tagged_tuple:
      write_tagged(box, column, closers);
      break;
    case BoxKind::pair:
      write_pair(box, column, closers);
      break;
    case BoxKind::list:
    case BoxKind::tuple:
      out_ += box.kind == BoxKind::list ? '[' : '{';
      write_elements(box, 0, column + 1, column + 1, closers);
      out_ += box.kind == BoxKind::list ? ']' : '}';
      break;
    case BoxKind::map:
      out_ += "#{";
      write_elements(box, 0, column + 2, column + 2, closers);
      out_ += '}';
      break;
  }
}

void Layout::write_tagged(const Box& box, int column, int closers) {
  const Box& tag = box.parts.front();
  const int behind_tag = column + tag.width + 2;
  const bool below = narrow_ > 0 && tag.width + 2 > narrow_;
  if (below ? column + narrow_ > middle : behind_tag >= middle) too_wide_ = true;
  out_ += '{';
  out_ += tag.text;
  if (below) {
    write_elements(box, 1, column + narrow_, behind_tag, closers);
  } else {
    out_ += ',';
    // The first element follows the tag as if it opened the tuple.
    const int last = box.parts.size() == 2 ? closers + 1 : 0;
    const int width = write_element(box.parts[1], behind_tag, last);
    write_elements(box, 2, behind_tag, behind_tag + width, closers);
  }
  out_ += '}';
}

// The elements from `first` on, aligned at `column`, while the line has come to `at`. The first
// element of all stands where the line is; every other one begins with a comma.
void Layout::write_elements(const Box& box, std::size_t first, int column, int at, int closers) {
  for (std::size_t i = first; i < box.parts.size(); ++i) {
    const Box& part = box.parts[i];
    const bool is_last = i + 1 == box.parts.size();
    const bool before_tail = box.has_tail && i + 2 == box.parts.size();
    const int behind = is_last || before_tail ? closers + 1 : 0;
    if (i == 0) {
      at = column + write_element(part, column, behind);
      continue;
    }
    out_ += is_last && box.has_tail ? '|' : ',';
    const bool simple = is_atomic(part) || (part.kind == BoxKind::pair &&
                                            is_atomic(part.parts[0]) && is_atomic(part.parts[1]));
    if (simple && fits(part.width + 1, at, std::max(behind, 1))) {
      write_flat(part, out_);
      at += part.width + 1;
    } else {
      new_line(column);
      at = column + write_element(part, column, behind);
    }
  }
}

// Writes `part` and returns how far it took the line; a part that is not atomic ends the line.
int Layout::write_element(const Box& part, int column, int closers) {
  const bool pair = part.kind == BoxKind::pair;
  const bool simple =
      is_atomic(part) || (pair && is_atomic(part.parts[0]) && is_atomic(part.parts[1]));
  const bool flat = fits(part.width, column, closers);
  write(part, column, closers);
  return simple && flat ? part.width : line_width;
}

void Layout::write_pair(const Box& pair, int column, int closers) {
  const int indentation = narrow_ > 0 ? narrow_ : 4;
  write(pair.parts[0], column, closers);
  out_ += " =>";
  new_line(column + indentation);
  write(pair.parts[1], column + indentation, closers);
}

// Integers of a bit string are wrapped between commas.
void Layout::write_bits(const Box& box, int column, int closers) {
  column += 2;
  const int room = std::max(8, line_width - column - closers);
  std::string_view rest = std::string_view(box.text).substr(2, box.text.size() - 4);
  out_ += "<<";
  int left = room;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::size_t length = comma == std::string_view::npos ? rest.size() : comma + 1;
    if (static_cast<int>(length) > left) {
      new_line(column);
      left = room;
    }
    out_ += rest.substr(0, length);
    left -= static_cast<int>(length);
    rest.remove_prefix(length);
  }
  out_ += ">>";
}

}  // namespace

std::string print_atom(const std::string& name) {
  if (!needs_quotes(name)) return name;
  std::string out = "'";
  for (std::string_view rest = name; !rest.empty();)
    append_escaped(out, take_code_point(rest), '\'');
  return out + "'";
}

std::string print(const Term& term) {
  std::string out;
  write_flat(make_box(term), out);
  return out;
}

std::string pretty_print(const Term& term, int column) {
  const Box box = make_box(term);
  for (const int narrow : {0, 4, 1}) {
    Layout layout(narrow);
    layout.write(box, column, 0);
    if (narrow == 1 || !layout.is_too_wide()) return layout.take();
  }
  return {};
}

std::string term_file(const Term& term) {
  return "%% coding: utf-8\n" + pretty_print(term) + ".\n";
}

}  // namespace relup
