// SPDX-License-Identifier: Apache-2.0
#include "differential/expressions.hpp"

#include <initializer_list>

#include "differential/form.hpp"
#include "differential/literals.hpp"

namespace relup::differential {
namespace {

using Texts = std::vector<std::string>;

// The parts one after the other. Elements of a braced list are made from left to right; operands
// of a plus sign are made in any order, and then the text would depend on the compiler.
std::string text_of(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts)
    text += part;
  return text;
}

class Expressions {
 public:
  explicit Expressions(Random& random) : random_(random) {}

  std::string expression(int depth) {
    if (depth <= 0) return simple();
    switch (random_.below(16)) {
      case 0:
      case 1:
        return operation(depth - 1);
      case 2:
        return "catch " + expression(depth - 1);
      case 3:
        return text_of({primary(depth - 1), "(", sequence(depth - 1, 0), ")"});
      case 4:
        return text_of({primary(depth - 1), ":", primary(depth - 1)});
      case 5:
        return text_of({"[", expression(depth - 1), " || ", generators(depth - 1), "]"});
      case 6:
        return text_of({"<< ", primary(depth - 1), " || ", generators(depth - 1), ">>"});
      case 7:
        return conditional(depth - 1);
      case 8:
        return receive(depth - 1);
      case 9:
        return function(depth - 1);
      case 10:
        return attempt(depth - 1);
      case 11:
        return map(depth - 1);
      case 12:
        return record(depth - 1);
      case 13:
        return simple();
      default:
        return container(depth - 1);
    }
  }

 private:
  std::string simple() {
    static const Texts texts{"X",  "_",  "a",   "1",  "\"s\"", "\"s\" \"t\"", "$c",
                             "[]", "{}", "2.0", "-1", "'q'",   "<<>>"};
    return random_.pick(texts);
  }

  std::string primary(int depth) {
    return random_.percent(70) ? simple() : "(" + expression(depth) + ")";
  }

  std::string operation(int depth) {
    static const Texts operators{
        "+",   "-",  "*",   "/",   "div",     "rem",    "band", "bor", "bxor", "bsl",
        "bsr", "or", "xor", "and", "++",      "--",     "==",   "/=",  "=<",   "<",
        ">=",  ">",  "=:=", "=/=", "andalso", "orelse", "=",    "!"};
    static const Texts prefixes{"+", "-", "not", "bnot"};
    if (random_.percent(25)) return text_of({random_.pick(prefixes), " ", expression(depth)});
    return text_of({expression(depth), " ", random_.pick(operators), " ", expression(depth)});
  }

  std::string sequence(int depth, std::size_t least) {
    std::string text;
    const std::size_t count = random_.between(least, 3);
    for (std::size_t i = 0; i < count; ++i)
      text += text_of({(i > 0 ? ", " : ""), expression(depth)});
    return text;
  }

  std::string container(int depth) {
    switch (random_.below(4)) {
      case 0:
        return "{" + sequence(depth, 0) + "}";
      case 1:
        return text_of(
            {"[", sequence(depth, 1), (random_.percent(20) ? "|" + expression(depth) : ""), "]"});
      case 2:
        return text_of({"<< ", primary(depth), ":", primary(depth), "/integer-unit:8 >>"});
      default:
        return "begin " + sequence(depth, 1) + " end";
    }
  }

  std::string generators(int depth) {
    switch (random_.below(4)) {
      case 0:
        return expression(depth);
      case 1:
        return "<<X>> <= " + expression(depth);
      case 2:
        return text_of({expression(depth), " <- ", expression(depth), ", ", generators(depth - 1)});
      default:
        return text_of({expression(depth), " <- ", expression(depth)});
    }
  }

  std::string guard(int depth) {
    std::string text = sequence(depth, 1);
    while (random_.percent(20))
      text += "; " + sequence(depth, 1);
    return text;
  }

  std::string when(int depth) { return random_.percent(30) ? " when " + guard(depth) : ""; }

  std::string clauses(int depth) {
    std::string text;
    do {
      text += text_of(
          {(text.empty() ? "" : "; "), expression(depth), when(depth), " -> ", sequence(depth, 1)});
    } while (random_.percent(30));
    return text;
  }

  std::string conditional(int depth) {
    if (random_.percent(60))
      return text_of({"case ", expression(depth), " of ", clauses(depth), " end"});
    std::string text = text_of({"if ", guard(depth), " -> ", sequence(depth, 1)});
    if (random_.percent(40)) text += "; true -> " + sequence(depth, 1);
    return text + " end";
  }

  std::string receive(int depth) {
    const std::string after = text_of({" after ", expression(depth), " -> ", sequence(depth, 1)});
    if (random_.percent(30)) return "receive" + after + " end";
    return text_of({"receive ", clauses(depth), (random_.percent(40) ? after : ""), " end"});
  }

  std::string pattern(int depth) {
    static const Texts operators{"=", "+", "++", "*", "=="};
    switch (depth > 0 ? random_.below(7) : 0) {
      case 1:
        return text_of({"{", pattern(depth - 1), ", ", pattern(depth - 1), "}"});
      case 2:
        return "#{a := " + pattern(depth - 1) + "}";
      case 3:
        return "#r{f = " + pattern(depth - 1) + "}";
      case 4:
        return text_of({pattern(depth - 1), " ", random_.pick(operators), " ", pattern(depth - 1)});
      case 5:
        return "-" + pattern(depth - 1);
      case 6:
        return "(" + pattern(depth - 1) + ")";
      default:
        return simple();
    }
  }

  std::string function(int depth) {
    static const Texts references{"fun f/1",         "fun m:f/1",   "fun X:f/A",
                                  "fun m:F/2",       "fun M:f/1",   "fun f:g/X",
                                  "fun 'a b':c/255", "fun m:f/256", "fun m:f/300"};
    if (random_.percent(40)) return random_.pick(references);
    const std::string name = random_.percent(20) ? "F" : "";
    std::string text = text_of({"fun ", name, "(", (random_.percent(60) ? pattern(depth) : ""), ")",
                                when(depth), " -> ", sequence(depth, 1)});
    if (random_.percent(25)) {
      text += text_of({"; ", std::string(random_.percent(80) ? name : "G"), "(",
                       (random_.percent(60) ? pattern(depth) : ""), ") -> ", sequence(depth, 1)});
    }
    return text + " end";
  }

  std::string catches(int depth) {
    static const Texts classes{"", "error:", "C:", "throw:"};
    std::string text;
    do {
      const std::string& name = random_.pick(classes);
      text += text_of({(text.empty() ? "" : "; "), name, pattern(depth)});
      if (!name.empty() && random_.percent(30)) text += ":S";
      text += text_of({when(depth), " -> ", sequence(depth, 1)});
    } while (random_.percent(25));
    return text;
  }

  std::string attempt(int depth) {
    std::string text = "try " + sequence(depth, 1);
    if (random_.percent(40)) text += " of " + clauses(depth);
    const bool after = random_.percent(40);
    if (!after || random_.percent(60)) text += " catch " + catches(depth);
    return text + (after ? " after " + sequence(depth, 1) : "") + " end";
  }

  std::string map(int depth) {
    std::string text = random_.percent(50) ? primary(depth) : "";
    do {
      text += text_of({"#{", expression(depth), (random_.percent(50) ? " => " : " := "),
                       expression(depth), "}"});
    } while (random_.percent(20));
    return text;
  }

  std::string record(int depth) {
    static const Texts fields{"f = ", "_ = ", "X = "};
    std::string text = random_.percent(50) ? primary(depth) : "";
    do {
      text += random_.percent(40) ? "#r.f"
              : random_.percent(30)
                  ? "#r{}"
                  : text_of({"#r{", random_.pick(fields), expression(depth), "}"});
    } while (random_.percent(20));
    return text;
  }

  Random& random_;
};

}  // namespace

std::string any_expression(Random& random, int depth) {
  return Expressions(random).expression(depth);
}

}  // namespace relup::differential
