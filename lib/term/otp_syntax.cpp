// SPDX-License-Identifier: Apache-2.0
//
// A recursive descent over the grammar of Erlang expressions that builds nothing: it finds the
// token at which OTP's parser stops, and the lines on which expressions begin. OTP's parser is
// LALR(1): it stops at the first token that no text could go on with, and so does this one.
// Operators are read by climbing their precedences, since a comparison may not follow another: `a
// == b == c`.
//
// Patterns, of funs and catch clauses, are a language of their own with fewer forms; the parts of
// their lists, tuples and maps are expressions again.

#include "term/otp_syntax.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "term/printer.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr int deepest = 1500;  // calls within calls; one nested term takes three

struct TooDeep {};

// Why OTP refuses.
struct Refusal {
  std::uint32_t line;
  Term what;
};

enum class Language { expressions, patterns };

struct Operator {
  int precedence;
  enum class Binds { left, right, none } binds;
};

struct OperatorRow {
  Operator as;
  bool in_patterns;
  std::string_view names;  // with a blank around each
};

// erl_parse.yrl, "Expressions".
constexpr auto operator_rows = std::to_array<OperatorRow>({
    {{100, Operator::Binds::right}, true, " = "},
    {{100, Operator::Binds::right}, false, " ! "},
    {{150, Operator::Binds::right}, false, " orelse "},
    {{160, Operator::Binds::right}, false, " andalso "},
    {{200, Operator::Binds::none}, true, " == /= =< < >= > =:= =/= "},
    {{300, Operator::Binds::right}, true, " ++ -- "},
    {{400, Operator::Binds::left}, true, " + - bor bxor bsl bsr or xor "},
    {{500, Operator::Binds::left}, true, " / * div rem band and "},
});

bool is_mark(const Token& token) {
  return token.kind == TokenKind::punctuation || token.kind == TokenKind::keyword;
}

std::optional<Operator> infix_operator(const Token& token, Language language) {
  if (!is_mark(token)) return std::nullopt;
  const std::string name = " " + std::string(token.text) + " ";
  for (const OperatorRow& row : operator_rows) {
    if (language == Language::patterns && !row.in_patterns) continue;
    if (row.names.find(name) != std::string_view::npos) return row.as;
  }
  return std::nullopt;
}

bool is_prefix_operator(const Token& token) {
  return token.is("+") || token.is("-") || token.is("not") || token.is("bnot");
}

class ExpressionGrammar {
 public:
  ExpressionGrammar(std::vector<Token> tokens, const SourceText& source)
      : tokens_(std::move(tokens)), source_(source) {}

  // Throws the Refusal. When it returns, OTP would have crashed: it met more than one function.
  void judge() {
    const std::uint32_t first = literal_line();
    expression();
    std::optional<std::uint32_t> second;
    while (accept(",")) {
      if (!second) second = literal_line();
      expression();
    }
    const bool single = !peek().is(";");
    further_functions();
    if (peek().kind != TokenKind::full_stop) unexpected();
    if (single) throw Refusal{second.value_or(first), Term::string("bad term")};
  }

 private:
  // Counts how deep the descent is.
  class Level {
   public:
    explicit Level(int& depth) : depth_(depth) {
      if (++depth_ > deepest) throw TooDeep();
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --depth_; }

   private:
    int& depth_;
  };

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool peek_is(TokenKind kind) const { return peek().kind == kind; }
  bool accept(std::string_view mark) {
    if (!peek().is(mark)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view mark) {
    if (!accept(mark)) unexpected();
  }
  void expect(TokenKind kind) {
    if (!peek_is(kind)) unexpected();
    ++at_;
  }
  std::uint32_t line(const Token& token) const { return source_.position(token.span.begin).line; }

  // The line of an expression: brackets around it leave no trace.
  std::uint32_t literal_line() const {
    std::size_t ahead = 0;
    while (peek(ahead).is("("))
      ++ahead;
    return line(peek(ahead));
  }

  [[noreturn]] void unexpected() const {
    const bool end = peek_is(TokenKind::end);
    // The end of the text counts as standing where the last token does.
    const Token& place = end && at_ > 0 ? tokens_[at_ - 1] : peek();
    throw Refusal{line(place),
                  Term::list({Term::string("syntax error before: "),
                              end ? Term() : Term::string(otp_token(peek(), source_))})};
  }

  // `f() -> Body` stands before the text, so more clauses of `f/0` may follow.
  void further_functions() {
    std::optional<std::uint32_t> mismatch;
    while (accept(";")) {
      const Token name = peek();
      expect(TokenKind::atom);
      const std::size_t arity = pattern_arguments();
      clause_rest();
      const bool same = name.value.is_atom("f") && arity == 0;
      if (!same && !mismatch) mismatch = line(name);
    }
    if (mismatch) throw Refusal{*mismatch, Term::string("head mismatch")};
  }

  void expressions() {
    do {
      expression();
    } while (accept(","));
  }

  void expression(int least = 0) { climb(least, Language::expressions); }

  void climb(int least, Language language) {
    const Level level(depth_);
    operand(language);
    std::optional<int> compared;  // no second operator of this precedence may follow
    for (;;) {
      const std::optional<Operator> infix = infix_operator(peek(), language);
      if (!infix || infix->precedence < least) return;
      if (compared == infix->precedence) unexpected();
      ++at_;
      const bool right = infix->binds == Operator::Binds::right;
      climb(right ? infix->precedence : infix->precedence + 1, language);
      compared =
          infix->binds == Operator::Binds::none ? std::optional(infix->precedence) : std::nullopt;
    }
  }

  void operand(Language language) {
    const Level level(depth_);
    if (is_prefix_operator(peek())) {
      ++at_;
      operand(language);
    } else if (language == Language::patterns) {
      pattern_operand();
    } else if (accept("catch")) {
      expression();
    } else {
      postfix();
    }
  }

  void pattern_operand() {
    if (accept("#")) {
      if (peek_is(TokenKind::atom)) return record_rest();
      return map_tuple();
    }
    if (accept("(")) {
      climb(0, Language::patterns);
      return expect(")");
    }
    if (peek().is("[")) return list(Language::patterns);
    if (peek().is("<<")) return binary(Language::patterns);
    if (peek().is("{")) return tuple();
    if (accept_literal()) return;
    expect(TokenKind::variable);
  }

  // Calls, remote names, maps and records with something before the `#`.
  void postfix() {
    if (!peek().is("#")) {
      primary();
      if (accept(":")) {
        primary();
        if (peek().is("(")) arguments();
        return;
      }
      if (peek().is("(")) return arguments();
    }
    if (!accept("#")) return;
    const bool record = peek_is(TokenKind::atom);
    do {
      if (record != peek_is(TokenKind::atom)) unexpected();
      if (record) {
        record_rest();
      } else {
        map_tuple();
      }
    } while (accept("#"));
  }

  void arguments() {
    expect("(");
    if (accept(")")) return;
    expressions();
    expect(")");
  }

  // After `#`: `name.field` or `name{...}`.
  void record_rest() {
    expect(TokenKind::atom);
    if (accept(".")) return expect(TokenKind::atom);
    expect("{");
    if (accept("}")) return;
    do {
      if (!peek_is(TokenKind::atom)) {
        expect(TokenKind::variable);
      } else {
        ++at_;
      }
      expect("=");
      expression();
    } while (accept(","));
    expect("}");
  }

  void map_tuple() {
    expect("{");
    if (accept("}")) return;
    do {
      expression();
      if (!accept("=>")) expect(":=");
      expression();
    } while (accept(","));
    expect("}");
  }

  bool accept_literal() {
    if (peek_is(TokenKind::string)) {
      while (peek_is(TokenKind::string))
        ++at_;
      return true;
    }
    const TokenKind kind = peek().kind;
    const bool literal = kind == TokenKind::atom || kind == TokenKind::integer ||
                         kind == TokenKind::floating || kind == TokenKind::character ||
                         kind == TokenKind::sigil;
    if (literal) ++at_;
    return literal;
  }

  void primary() {
    const Level level(depth_);
    if (accept_literal()) return;
    if (peek_is(TokenKind::variable)) {
      ++at_;
      return;
    }
    if (accept("(")) {
      expression();
      return expect(")");
    }
    if (peek().is("[")) return list(Language::expressions);
    if (peek().is("<<")) return binary(Language::expressions);
    if (peek().is("{")) return tuple();
    block();
  }

  void block() {
    if (accept("begin")) {
      expressions();
      expect("end");
    } else if (accept("if")) {
      if_clauses();
      expect("end");
    } else if (accept("case")) {
      expression();
      expect("of");
      case_clauses();
      expect("end");
    } else if (accept("receive")) {
      receive_rest();
    } else if (accept("fun")) {
      fun_rest();
    } else if (accept("try")) {
      try_rest();
    } else {
      unexpected();
    }
  }

  void tuple() {
    expect("{");
    if (accept("}")) return;
    expressions();
    expect("}");
  }

  void list(Language language) {
    expect("[");
    if (accept("]")) return;
    expression();
    if (language == Language::expressions && accept("||")) {
      generators();
      return expect("]");
    }
    while (accept(","))
      expression();
    if (accept("|")) expression();
    expect("]");
  }

  void binary(Language language) {
    const std::size_t begin = at_;
    expect("<<");
    if (!peek().is(">>")) {
      const bool plain = !is_prefix_operator(peek());
      if (!plain) ++at_;
      primary();
      if (plain && language == Language::expressions && accept("||")) {
        generators();
        return expect(">>");
      }
      segment_rest();
      while (accept(",")) {
        if (is_prefix_operator(peek())) ++at_;
        primary();
        segment_rest();
      }
    }
    expect(">>");
    last_binary_ = {begin, at_};
  }

  void segment_rest() {
    if (accept(":")) primary();
    if (!accept("/")) return;
    do {
      expect(TokenKind::atom);
      if (accept(":")) expect(TokenKind::integer);
    } while (accept("-"));
  }

  // What stands after `||`. `<=` is for a binary on its left only.
  void generators() {
    do {
      const std::size_t begin = at_;
      expression();
      const bool is_binary = last_binary_ == std::pair(begin, at_);
      if (accept("<-") || (is_binary && accept("<="))) expression();
    } while (accept(","));
  }

  void guard() {
    do {
      expressions();
    } while (accept(";"));
  }

  // An optional guard and the body.
  void clause_rest() {
    if (accept("when")) guard();
    expect("->");
    expressions();
  }

  void if_clauses() {
    do {
      guard();
      expect("->");
      expressions();
    } while (accept(";"));
  }

  void case_clauses() {
    do {
      expression();
      clause_rest();
    } while (accept(";"));
  }

  void receive_rest() {
    if (!peek().is("after")) case_clauses();
    if (accept("after")) {
      expression();
      expect("->");
      expressions();
    }
    expect("end");
  }

  // `Name/Arity`, `Module:Name/Arity`, or clauses.
  void fun_rest() {
    const bool variable = peek_is(TokenKind::variable);
    if (peek().is("(") || (variable && peek(1).is("("))) return fun_clauses();
    if (!variable) expect(TokenKind::atom);
    if (variable) ++at_;
    if (variable || !peek().is("/")) {
      expect(":");
      if (!peek_is(TokenKind::variable)) {
        expect(TokenKind::atom);
      } else {
        ++at_;
      }
      expect("/");
      if (peek_is(TokenKind::variable)) {
        ++at_;
        return;
      }
    } else {
      ++at_;
    }
    expect(TokenKind::integer);
  }

  void fun_clauses() {
    struct Head {
      std::string_view name;
      std::size_t arity;
      bool operator==(const Head&) const = default;
    };
    std::optional<Head> first;
    std::optional<std::uint32_t> mismatch;
    do {
      const Token begin = peek();
      Head head{};
      if (peek_is(TokenKind::variable)) {
        head.name = source_.text(peek().span);
        ++at_;
      }
      head.arity = pattern_arguments();
      clause_rest();
      if (!first) first = head;
      if (!(*first == head) && !mismatch) mismatch = line(begin);
    } while (accept(";"));
    expect("end");
    if (mismatch) throw Refusal{*mismatch, Term::string("head mismatch")};
  }

  // `(Pattern, ...)`; returns how many.
  std::size_t pattern_arguments() {
    expect("(");
    std::size_t count = 0;
    if (accept(")")) return count;
    do {
      climb(0, Language::patterns);
      ++count;
    } while (accept(","));
    expect(")");
    return count;
  }

  void try_rest() {
    expressions();
    if (accept("of")) case_clauses();
    if (!peek().is("after")) {
      expect("catch");
      catch_clauses();
    }
    if (accept("after")) expressions();
    expect("end");
  }

  void catch_clauses() {
    do {
      const bool name = peek_is(TokenKind::atom) || peek_is(TokenKind::variable);
      const bool has_class = name && peek(1).is(":");
      if (has_class) at_ += 2;
      climb(0, Language::patterns);
      if (has_class && accept(":")) expect(TokenKind::variable);
      clause_rest();
    } while (accept(";"));
  }

  const std::vector<Token> tokens_;
  const SourceText& source_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::pair<std::size_t, std::size_t> last_binary_{0, 0};  // where the last one began and ended
};

// The tokens of the first form, up to the full stop or the end.
std::vector<Token> first_form(const SourceText& source, Dialect dialect) {
  Lexer lexer(source, dialect);
  std::vector<Token> tokens;
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != TokenKind::full_stop && tokens.back().kind != TokenKind::end);
  return tokens;
}

// A character of a literal as io_lib writes it.
std::string escaped(const Term& character) {
  const std::string printed = print(Term::list({character}));
  if (printed.starts_with('"')) return printed.substr(1, printed.size() - 2);
  const auto code_point = static_cast<char32_t>(*character.as_small_integer());
  std::string out;
  if (code_point > 0xFF) {
    append_utf8(out, code_point);
    return out;
  }
  out = "\\";
  for (const unsigned shift : {6U, 3U, 0U})
    out += static_cast<char>('0' + ((code_point >> shift) & 7U));
  return out;
}

std::string otp_character(const Term& character) {
  const std::int64_t code_point = *character.as_small_integer();
  if (code_point == ' ') return "$\\s";
  return "$" + (code_point == '"' ? "\"" : escaped(character));
}

std::string otp_string(const Term& string) {
  std::string out = "\"";
  for (const Term& character : *string.as_list())
    out += escaped(character);
  return out + "\"";
}

}  // namespace

std::string otp_token(const Token& token, const SourceText& source) {
  switch (token.kind) {
    case TokenKind::full_stop:
      return "'.'";
    case TokenKind::atom:
    case TokenKind::integer:
    case TokenKind::floating:
      return print(token.value);
    case TokenKind::character:
      return otp_character(token.value);
    case TokenKind::string:
      return otp_string(token.value);
    case TokenKind::variable:
      return std::string(token.text);
    case TokenKind::punctuation:
    case TokenKind::keyword:
      return print(Term::atom(token.text));
    default:
      return std::string(source.text(token.span));
  }
}

SyntaxError with_otp_view(SyntaxError error, const SourceText& source, Dialect dialect) {
  if (error.kind != SyntaxErrorKind::parse) return error;
  try {
    ExpressionGrammar(first_form(source, dialect), source).judge();
  } catch (const Refusal& refusal) {
    error.otp_line = refusal.line;
    error.otp_what = refusal.what;
  } catch (const SyntaxError& scanned) {
    error.kind = scanned.kind;
  } catch (const TooDeep&) {
    // Ours alone: OTP has no such limit.
  }
  return error;
}

}  // namespace relup
