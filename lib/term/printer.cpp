// SPDX-License-Identifier: Apache-2.0
//
// The layout of `~tp`. A term that fits into what is left of the line (leaving room for the
// brackets that close after it) is written flat, any other is broken. Whether it fits shows by
// trying: it is written flat, and taken back where the line ends too soon. A try costs no more than
// a line, so the whole stays linear. In a broken compound only atomic elements share a line. The
// elements of a broken tuple that begins with an atom stand right of that atom, unless this drives
// some term past the middle of the line; then the whole term is written again with a narrow
// indentation of 4 after long tags, and where even that is too wide, of 1.

#include "term/printer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "term/big_integer.hpp"
#include "term/character_class.hpp"
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
    // Three octal digits.
    out += '\\';
    for (const unsigned shift : {6U, 3U, 0U})
      out += static_cast<char>('0' + ((character >> shift) & 7U));
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

// Of a list that is not [].
bool is_printable_string(const Term& list) {
  const Term::Elements& elements = *list.as_list();
  return list.tail() == nullptr &&
         std::all_of(elements.begin(), elements.end(), [](const Term& element) {
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
  const int point = exponent + 1;  // how many digits stand before the point
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

// Writes terms on one line while there is room for them.
class FlatWriter {
 public:
  // `room` is one more than the number of characters that may be written.
  FlatWriter(std::string& out, int room) : out_(out), room_(room) {}

  // Each returns false when the room does not do; what stands in `out` then is of no use.
  bool write(const Term& term);
  bool write_pair(const std::pair<Term, Term>& pair) {
    return write(pair.first) && put(" => ") && write(pair.second);
  }

  int width() const { return width_; }  // characters written

 private:
  bool put(std::string_view text) {
    width_ += static_cast<int>(count_code_points(text));
    out_ += text;
    return width_ < room_;
  }
  bool write_atom(const std::string& name) {
    return needs_quotes(name) ? put(print_atom(name)) : put(name);
  }
  bool write_elements(const Term::Elements& elements);
  bool write_list(const Term& list);
  bool write_map(const Term::Pairs& pairs);
  // Whether `count` more characters would do. Saves to look through what is far too long.
  bool may_hold(std::size_t count) const { return std::cmp_less(count, room_); }

  std::string& out_;
  int room_;
  int width_ = 0;
};

bool FlatWriter::write(const Term& term) {
  if (const Atom* atom = term.as_atom()) return write_atom(atom->name());
  if (const Term::Elements* elements = term.as_tuple()) {
    return put("{") && write_elements(*elements) && put("}");
  }
  if (const Term::Pairs* pairs = term.as_map()) return write_map(*pairs);
  if (term.is_list() && !term.is_nil()) return write_list(term);
  // No character takes more than four bytes.
  if (term.as_bits() != nullptr && !may_hold(term.as_bits()->bytes.size() / 4)) return false;
  return put(print_atomic(term));
}

bool FlatWriter::write_elements(const Term::Elements& elements) {
  if (!may_hold(elements.size())) return false;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if ((i > 0 && !put(",")) || !write(elements[i])) return false;
  }
  return true;
}

bool FlatWriter::write_list(const Term& list) {
  if (!may_hold(list.as_list()->size())) return false;
  if (is_printable_string(list)) return put(print_string(*list.as_list()));
  const Term* tail = list.tail();
  return put("[") && write_elements(*list.as_list()) &&
         (tail == nullptr || (put("|") && write(*tail))) && put("]");
}

bool FlatWriter::write_map(const Term::Pairs& pairs) {
  if (!may_hold(pairs.size())) return false;
  if (!put("#{")) return false;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if ((i > 0 && !put(",")) || !write_pair(pairs[i])) return false;
  }
  return put("}");
}

// What stands between the brackets of a compound, or its whole: a term, or a pair of a map.
struct Part {
  const Term* term = nullptr;
  const std::pair<Term, Term>* pair = nullptr;
};

// The parts of a compound; of a list with a tail, the tail comes last.
class Parts {
 public:
  explicit Parts(const Term& term)
      : elements_(term.is_list() ? term.as_list() : term.as_tuple()),
        pairs_(term.as_map()),
        tail_(term.tail()) {}

  std::size_t size() const {
    return pairs_ != nullptr ? pairs_->size() : elements_->size() + (has_tail() ? 1 : 0);
  }
  bool has_tail() const { return tail_ != nullptr; }
  Part operator[](std::size_t i) const {
    if (pairs_ != nullptr) return {nullptr, &(*pairs_)[i]};
    return {i < elements_->size() ? &(*elements_)[i] : tail_, nullptr};
  }

 private:
  const Term::Elements* elements_;
  const Term::Pairs* pairs_;
  const Term* tail_;
};

// Whether a bit string is written as integers between commas, which may be broken.
bool is_breakable(const Term::Bits& bits) {
  return !bits.bytes.empty() && !print_bits(bits).starts_with("<<\"");
}

// Terms that share a line with others in a broken compound.
bool is_atomic(const Term& term) {
  if (const Term::Elements* elements = term.as_tuple()) return elements->empty();
  if (const Term::Pairs* pairs = term.as_map()) return pairs->empty();
  if (term.is_list()) return term.is_nil() || is_printable_string(term);
  return term.as_bits() == nullptr || !is_breakable(*term.as_bits());
}

bool is_atomic(const Part& part) {
  if (part.pair == nullptr) return is_atomic(*part.term);
  return is_atomic(part.pair->first) && is_atomic(part.pair->second);
}

// Writes one term with one indentation rule. `narrow` is the indentation after tags that are
// longer than it; 0 puts elements right of every tag. `is_too_wide` tells that the rule does not
// do.
class Layout {
 public:
  enum class Purpose { text, measure };
  explicit Layout(int narrow, Purpose purpose = Purpose::text)
      : narrow_(narrow), purpose_(purpose) {}

  // Writes `part` where the line has come to `column`, with room after it for `closers` brackets
  // and at least one free column. Returns its width if it stands on one line.
  std::optional<int> write(const Part& part, int column, int closers);
  bool is_too_wide() const { return too_wide_; }
  std::string take() { return std::move(out_); }

 private:
  std::optional<int> write_flat(const Part& part, int room);
  void new_line(int column) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(column - 1), ' ');
  }
  void write_broken(const Term& term, int column, int closers);
  void write_tagged(const Parts& parts, int column, int closers);
  void write_elements(const Parts& parts, std::size_t first, int column, int at, int closers);
  int write_element(const Part& part, int column, int closers);
  void write_tail(const Part& tail, int column, int at, int closers);
  void write_pair(const std::pair<Term, Term>& pair, int column, int closers);
  void write_bits(const Term::Bits& bits, int column, int closers);

  int narrow_;
  Purpose purpose_;
  bool too_wide_ = false;
  std::string out_;
};

// Writes nothing if fewer than `room` characters do not do.
std::optional<int> Layout::write_flat(const Part& part, int room) {
  const std::size_t before = out_.size();
  FlatWriter flat(out_, room);
  const bool fits = part.pair != nullptr ? flat.write_pair(*part.pair) : flat.write(*part.term);
  if (fits) return flat.width();
  out_.resize(before);
  return std::nullopt;
}

std::optional<int> Layout::write(const Part& part, int column, int closers) {
  const auto width = write_flat(part, line_width - column - closers);
  if (width) return width;
  if (part.pair != nullptr) {
    write_pair(*part.pair, column, closers);
  } else {
    write_broken(*part.term, column, closers);
  }
  return std::nullopt;
}

void Layout::write_broken(const Term& term, int column, int closers) {
  if (is_atomic(term)) {
    out_ += print(term);
  } else if (term.as_bits() != nullptr) {
    write_bits(*term.as_bits(), column, closers);
  } else if (term.as_map() != nullptr) {
    out_ += "#{";
    write_elements(Parts(term), 0, column + 2, column + 2, closers);
    out_ += '}';
  } else if (term.is_list()) {
    out_ += '[';
    write_elements(Parts(term), 0, column + 1, column + 1, closers);
    out_ += ']';
  } else {
    out_ += '{';
    const bool is_tagged =
        term.as_tuple()->size() > 1 && term.as_tuple()->front().as_atom() != nullptr;
    if (is_tagged) {
      write_tagged(Parts(term), column, closers);
    } else {
      write_elements(Parts(term), 0, column + 1, column + 1, closers);
    }
    out_ += '}';
  }
}

void Layout::write_tagged(const Parts& parts, int column, int closers) {
  const std::string tag = print(*parts[0].term);
  const int tag_width = static_cast<int>(count_code_points(tag));
  const int behind_tag = column + tag_width + 2;
  const bool below = narrow_ > 0 && tag_width + 2 > narrow_;
  if (below ? column + narrow_ > middle : behind_tag >= middle) too_wide_ = true;
  out_ += tag;
  if (below) return write_elements(parts, 1, column + narrow_, behind_tag, closers);
  out_ += ',';
  // The first element follows the tag as if it opened the tuple.
  const int last = parts.size() == 2 ? closers + 1 : 0;
  const int width = write_element(parts[1], behind_tag, last);
  write_elements(parts, 2, behind_tag, behind_tag + width, closers);
}

// The elements from `first` on, aligned at `column`, while the line has come to `at`. The first
// element of all stands where the line is; every other one begins with a comma.
void Layout::write_elements(const Parts& parts, std::size_t first, int column, int at,
                            int closers) {
  for (std::size_t i = first; i < parts.size(); ++i) {
    const Part part = parts[i];
    const bool is_last = i + 1 == parts.size();
    const bool before_tail = parts.has_tail() && i + 2 == parts.size();
    const int behind = is_last || before_tail ? closers + 1 : 0;
    if (i == 0) {
      at = column + write_element(part, column, behind);
      continue;
    }
    out_ += is_last && parts.has_tail() ? '|' : ',';
    std::optional<int> width;
    if (is_atomic(part)) width = write_flat(part, line_width - at - std::max(behind, 1) - 1);
    if (width) {
      at += *width + 1;
    } else if (is_last && parts.has_tail()) {
      write_tail(part, column, at, behind);
    } else {
      new_line(column);
      at = column + write_element(part, column, behind);
    }
  }
}

// Writes `part` and returns how far it took the line; a part that is not atomic ends the line.
int Layout::write_element(const Part& part, int column, int closers) {
  const std::optional<int> width = write(part, column, closers);
  return width && is_atomic(part) ? *width : line_width;
}

// The tail of an improper list goes to a line of its own, but OTP takes its measure where the line
// before it ends.
void Layout::write_tail(const Part& tail, int column, int at, int closers) {
  if (purpose_ == Purpose::measure) {
    write(tail, at, closers);
    return;
  }
  Layout there(narrow_, Purpose::measure);
  there.write(tail, at, closers);
  const bool is_too_wide = too_wide_ || there.too_wide_;
  new_line(column);
  write(tail, column, closers);
  too_wide_ = is_too_wide;
}

void Layout::write_pair(const std::pair<Term, Term>& pair, int column, int closers) {
  const int indentation = narrow_ > 0 ? narrow_ : 4;
  write({&pair.first, nullptr}, column, closers);
  out_ += " =>";
  new_line(column + indentation);
  write({&pair.second, nullptr}, column + indentation, closers);
}

// Integers of a bit string are wrapped between commas.
void Layout::write_bits(const Term::Bits& bits, int column, int closers) {
  column += 2;
  const int room = std::max(8, line_width - column - closers);
  const std::string text = print_bits(bits);
  std::string_view rest = std::string_view(text).substr(2, text.size() - 4);
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
  FlatWriter(out, std::numeric_limits<int>::max()).write(term);
  return out;
}

std::string pretty_print(const Term& term, int column) {
  for (const int narrow : {0, 4, 1}) {
    Layout layout(narrow);
    layout.write({&term, nullptr}, column, 0);
    if (narrow == 1 || !layout.is_too_wide()) return layout.take();
  }
  return {};
}

std::string term_file(const Term& term) {
  return "%% coding: utf-8\n" + pretty_print(term) + ".\n";
}

std::string print_function(std::string_view module, std::string_view function, std::size_t arity) {
  return print_atom(std::string(module)) + ":" + print_atom(std::string(function)) + "/" +
         std::to_string(arity);
}

}  // namespace relup
