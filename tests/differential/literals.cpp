// SPDX-License-Identifier: Apache-2.0
#include "differential/literals.hpp"

#include <array>

#include "term/utf8.hpp"

namespace relup::differential {
namespace {

using Texts = std::vector<std::string>;

std::string hexadecimal(char32_t number) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), digits[number & 15U]);
    number >>= 4U;
  } while (number > 0);
  return out;
}

std::string escape_of(char32_t character, Random& random) {
  if (character < 8 && random.percent(50)) return "\\" + std::to_string(character);
  if (character < 32 && random.percent(50)) {
    return std::string("\\^") + static_cast<char>(character + '@');
  }
  if (character >= 16 && character < 256 && random.percent(50)) {
    return "\\x" + hexadecimal(character);
  }
  return "\\x{" + hexadecimal(character) + "}";
}

const Texts& sample_texts() {
  static const Texts texts{"",          "a",         "extra",  "1.0",        "two words",
                           "caf\u00E9", "\u03B2eta", "\x7F",   "\u0085",     "\t\n",
                           "\"",        "'\\",       "\u20AC", "\U0001F600", "\x1B[0m"};
  return texts;
}

const Texts& sample_atoms() {
  static const Texts names{
      "x",          "undefined", "soft",          "static",       "default",
      "alpha",      "infinity",  "permanent",     "brutal_purge", "Elixir.Some.Mod",
      "with space", "",          "\u00E9t\u00E9", "\u03B2",       "div",
      "a@b",        "_x",        "Upper",         "o'clock",      "maybe",
      "\u00C9lan",  "true"};
  return names;
}

const Texts& sample_bit_strings() {
  static const Texts texts{"<<>>",
                           "<<1,2,3>>",
                           "<<1:4>>",
                           "<<255,254,5:3>>",
                           "<<\"a\",0>>",
                           "<<233>>",
                           "<<$a/utf8,233>>",
                           "<<1:16/little>>",
                           "<<-1:12>>",
                           "<<1.5/float>>",
                           "<<<<1,2>>/binary>>",
                           "<<\"\u03B2\"/utf16>>",
                           "<<1000:16,7:7>>",
                           "<<27,\"[0m\">>"};
  return texts;
}

std::string segment_type(Random& random) {
  static const Texts types{"integer",   "float",    "binary", "bytes",    "bits",
                           "bitstring", "utf8",     "utf16",  "utf32",    "big",
                           "little",    "native",   "signed", "unsigned", "unit:8",
                           "unit:1",    "unit:256", "unit:0", "unit:3",   "nonsense"};
  return random.pick(types);
}

std::string segment(Random& random, int depth) {
  static const Texts values{"1",
                            "0",
                            "255",
                            "256",
                            "-1",
                            "16#FF",
                            "1.5",
                            "-0.0",
                            "65504.0",
                            "1.0e300",
                            "$a",
                            "\"abc\"",
                            "\"\u00E9\"",
                            "\"\u03B2\"",
                            "\"\"",
                            "x",
                            "[]",
                            "{}",
                            "123456789012345678901234567890",
                            "(1)",
                            "(1+1)",
                            "#{}",
                            "16#D800",
                            "16#10FFFF",
                            "16#110000",
                            "\"a\" \"b\""};
  static const Texts sizes{"1", "4",  "8",   "16", "32",  "64", "0",
                           "7", "-1", "1.0", "x",  "(8)", "100"};
  std::string text = random.percent(10) && depth > 0 ? any_bit_string(random) : random.pick(values);
  if (random.percent(35)) text += ":" + random.pick(sizes);
  if (!random.percent(45)) return text;
  text += "/" + segment_type(random);
  while (random.percent(30))
    text += "-" + segment_type(random);
  return text;
}

// Terms that are no literals of one token.
Form compound(Random& random, int depth) {
  Form form;
  switch (random.below(5)) {
    case 0:
    case 1:
      form.kind = Form::Kind::tuple;
      break;
    case 2:
      form.kind = Form::Kind::map;
      break;
    default:
      form.kind = Form::Kind::list;
  }
  std::size_t count = random.below(5);
  if (form.kind == Form::Kind::map) count *= 2;
  for (std::size_t i = 0; i < count; ++i)
    form.parts.push_back(any_term(random, depth - 1));
  form.has_tail = form.kind == Form::Kind::list && count > 1 && random.percent(20);
  return form;
}

std::string long_list(Random& random) {
  std::string text = "[";
  const std::size_t count = random.between(10, 40);
  for (std::size_t i = 0; i < count; ++i) {
    text += (i > 0 ? "," : "") + std::to_string(random.below(300));
  }
  return text + "]";
}

}  // namespace

std::string quoted(const std::string& utf8, char quote) {
  std::string out(1, quote);
  for (std::string_view rest = utf8; !rest.empty();) {
    const char32_t character = take_code_point(rest);
    if (character < 32 || character == 127) {
      out += "\\x{" + hexadecimal(character) + "}";
      continue;
    }
    if (character == static_cast<char32_t>(quote) || character == '\\') out += '\\';
    append_utf8(out, character);
  }
  return out + quote;
}

namespace {

// The characters of `utf8`, one by one.
Texts characters_of(const std::string& utf8) {
  Texts characters;
  for (std::string_view rest = utf8; !rest.empty();) {
    std::string one;
    append_utf8(one, take_code_point(rest));
    characters.push_back(one);
  }
  return characters;
}

char32_t code_point_of(std::string_view character) {
  return take_code_point(character);
}

std::string escaped_string(const std::string& utf8, Random& random) {
  std::string out = "\"";
  for (const std::string& one : characters_of(utf8)) {
    const std::string plain = quoted(one, '"');
    const char32_t character = code_point_of(one);
    const bool escape = random.percent(40) || character < 32;
    out += escape ? escape_of(character, random) : plain.substr(1, plain.size() - 2);
  }
  return out + "\"";
}

std::string adjacent_strings(const std::string& utf8, Random& random) {
  std::string out = "\"";
  for (const std::string& one : characters_of(utf8)) {
    const std::string plain = quoted(one, '"');
    out += plain.substr(1, plain.size() - 2);
    if (random.percent(30)) out += random.percent(50) ? "\" \"" : "\"\n\"";
  }
  return out + "\"";
}

enum class ElementNotation { integer, character };

std::string element_list(const std::string& utf8, ElementNotation notation) {
  std::string out = "[";
  for (const std::string& one : characters_of(utf8)) {
    const char32_t character = code_point_of(one);
    const bool plain = character > 32 && character != '\\' && character < 127;
    if (out.size() > 1) out += ",";
    out += notation == ElementNotation::character && plain
               ? "$" + one
               : std::to_string(static_cast<unsigned>(character));
  }
  return out + "]";
}

}  // namespace

std::string string_notation(const std::string& utf8, Random& random) {
  switch (random.below(10)) {
    case 6:
      return escaped_string(utf8, random);
    case 7:
      return adjacent_strings(utf8, random);
    case 8:
      return element_list(utf8, ElementNotation::character);
    case 9:
      return element_list(utf8, ElementNotation::integer);
    default:
      return quoted(utf8, '"');
  }
}

std::string atom_notation(const std::string& name, Random& random) {
  if (random.percent(85)) return atom(name).text;
  if (random.percent(60)) return quoted(name, '\'');
  std::string out = "'";
  for (std::string_view rest = name; !rest.empty();)
    out += escape_of(take_code_point(rest), random);
  return out + "'";
}

std::string binary_notation(const std::string& bytes, Random& random) {
  const bool text = is_valid_utf8(bytes);
  const bool ascii = text && count_code_points(bytes) == bytes.size();
  if (text && random.percent(70)) return "<<" + quoted(bytes, '"') + (ascii ? "" : "/utf8") + ">>";
  std::string out = "<<";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned byte = static_cast<unsigned char>(bytes[i]);
    out += (i > 0 ? "," : "") + std::to_string(byte);
  }
  return out + ">>";
}

std::string any_number(Random& random) {
  static const Texts numbers{"0",
                             "1",
                             "-1",
                             "5000",
                             "16#ff",
                             "2#101",
                             "36#Zz",
                             "1_000",
                             "16#dead_beef",
                             "$a",
                             "$\\n",
                             "$\\s",
                             "$\\x41",
                             "$\u00E9",
                             "$\u03B2",
                             "$ ",
                             "$%",
                             "$'",
                             "1.5",
                             "-0.0",
                             "0.0",
                             "1.0e22",
                             "1.0e23",
                             "1.0e-10",
                             "1.0E+3",
                             "0.1",
                             "123456.789",
                             "1.0e16",
                             "1.0e300",
                             "5.0e-324",
                             "9007199254740993.0",
                             "1_0.2_5",
                             "0.0001",
                             "100000.0",
                             "+5",
                             "- 5",
                             "-$a",
                             "123456789012345678901234567890",
                             "-123456789012345678901234567890",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775808",
                             "2.5e-3",
                             "1.0e5",
                             "1.0e21",
                             "12345678.9",
                             "1.7976931348623157e308",
                             "4503599627370496.5",
                             "0.3e1",
                             "1.0e-3",
                             "3.14e+2"};
  return random.pick(numbers);
}

std::string any_bit_string(Random& random) {
  std::string text = "<<";
  const std::size_t count = random.below(4);
  for (std::size_t i = 0; i < count; ++i)
    text += (i > 0 ? "," : "") + segment(random, 1);
  // A blank, lest `>>` and a type run together.
  return text + ">>";
}

Form any_term(Random& random, int depth) {
  if (depth > 0 && random.percent(45)) return compound(random, depth);
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return leaf(atom_notation(random.pick(sample_atoms()), random));
    case 3:
    case 4:
      return leaf(string_notation(random.pick(sample_texts()), random));
    case 5:
    case 6:
    case 7:
      return leaf(any_number(random));
    case 8:
      return leaf(binary_notation(random.pick(sample_texts()), random));
    case 9:
      return leaf(random.pick(sample_bit_strings()));
    case 10:
      return random.percent(20)   ? leaf("fun lists:map/2")
             : random.percent(20) ? leaf(long_list(random))
                                  : leaf("[]");
    default:
      return leaf(random.percent(50) ? "[]" : "{}");
  }
}

}  // namespace relup::differential
