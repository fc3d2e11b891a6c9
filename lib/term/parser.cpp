// SPDX-License-Identifier: Apache-2.0
//
// A recursive descent parser for literals that knows the common expressions, too: calls, operators,
// variables, map updates. An expression is no term, but whoever wrote one is helped more by "not a
// literal" with its place than by "unexpected (". What OTP says of such a text is another matter,
// see otp_syntax.hpp.

#include "term/parser.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "term/bit_syntax.hpp"
#include "term/external.hpp"
#include "term/otp_syntax.hpp"
#include "term/printer.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr int deepest = 500;  // nested terms; OTP has no limit, a stack has

// What an expression came to: a term, or none.
struct Expression {
  Term term;
  Span span;
  Span not_a_term;  // what makes it none
  bool is_term = true;
  bool is_string = false;  // a string literal, which the bit syntax tells from a list
};

Expression none(Span span) {
  return {Term(), span, span, false};
}

bool is_infix(const Token& token) {
  static constexpr auto operators = std::to_array<std::string_view>(
      {"+",   "-",  "*",   "/",   "div",     "rem",    "band", "bor", "bxor", "bsl",
       "bsr", "or", "xor", "and", "++",      "--",     "==",   "/=",  "=<",   "<",
       ">=",  ">",  "=:=", "=/=", "andalso", "orelse", "=",    "!"});
  // What mostly follows a term, and is none of them.
  static constexpr std::string_view others = ",}])";
  if (token.kind != TokenKind::punctuation && token.kind != TokenKind::keyword) return false;
  return others.find(token.text.front()) == std::string_view::npos &&
         std::find(operators.begin(), operators.end(), token.text) != operators.end();
}

bool is_prefix(const Token& token) {
  return token.is("+") || token.is("-") || token.is("not") || token.is("bnot") || token.is("catch");
}

// `term` with 0.0 wherever it has -0.0.
Term with_positive_zeros(const Term& term) {
  const auto each = [](const Term::Elements& elements) {
    Term::Elements converted;
    for (const Term& element : elements)
      converted.push_back(with_positive_zeros(element));
    return converted;
  };
  if (const double* number = term.as_float()) return *number == 0 ? Term(0.0) : term;
  if (const Term::Elements* elements = term.as_tuple()) return Term::tuple(each(*elements));
  if (const Term::Pairs* pairs = term.as_map()) {
    Term::Pairs converted;
    for (const auto& [key, value] : *pairs)
      converted.emplace_back(with_positive_zeros(key), with_positive_zeros(value));
    return Term::map(std::move(converted));
  }
  if (!term.is_list() || term.is_nil()) return term;
  const Term* tail = term.tail();
  return Term::list(each(*term.as_list()), tail == nullptr ? Term() : with_positive_zeros(*tail));
}

// Before OTP 27, keys that differ in the sign of a zero are one key; the pair that stands last
// counts.
void drop_equal_zeros(Term::Pairs& pairs) {
  std::map<Term, std::size_t> last;
  std::vector<Term> keys;
  for (const auto& pair : pairs) {
    keys.push_back(with_positive_zeros(pair.first));
    last.insert_or_assign(keys.back(), keys.size() - 1);
  }
  Term::Pairs kept;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (last.at(keys[i]) == i) kept.push_back(std::move(pairs[i]));
  }
  pairs = std::move(kept);
}

class Parser {
 public:
  Parser(const SourceText& source, Dialect dialect, std::uint32_t begin)
      : source_(source), dialect_(dialect), lexer_(source, dialect, begin) {
    advance();
  }

  ParsedTerm term() {
    const Expression expression = read_expression(0);
    std::optional<Expression> second;
    while (token_.is(",")) {
      advance();
      const Expression next = read_expression(0);
      if (!second) second = next;
    }
    if (token_.kind != TokenKind::full_stop) unexpected("`.`");
    if (second) not_a_literal(second->span);
    if (!expression.is_term) {
      fail(expression.not_a_term, "not a literal term",
           "atoms, numbers, strings, tuples, lists, maps");
    }
    return {expression.term, lexer_.comments(), token_.span};
  }

  bool at_end() const { return token_.kind == TokenKind::end; }
  std::uint32_t offset() const { return lexer_.offset(); }

 private:
  void advance() { token_ = lexer_.next(); }

  Expression read_expression(int depth);
  Expression read_prefix(int depth);
  Expression read_postfix(int depth);
  Expression read_simple(int depth);
  Expression read_primary(int depth);
  Expression read_string();
  Expression read_tuple(int depth);
  Expression read_list(int depth);
  Expression read_map(int depth);
  Expression read_binary(int depth);
  BitSegment read_segment(int depth, Expression& whole);
  Expression read_fun(int depth);
  void read_arguments(int depth, std::string_view closing);

  void expect(std::string_view mark) {
    if (!token_.is(mark)) unexpected("`" + std::string(mark) + "`");
    advance();
  }

  Term::Elements take_waiting(std::size_t first) {
    const auto begin = waiting_.begin() + static_cast<std::ptrdiff_t>(first);
    Term::Elements elements(std::make_move_iterator(begin),
                            std::make_move_iterator(waiting_.end()));
    waiting_.erase(begin, waiting_.end());
    return elements;
  }

  [[noreturn]] void unexpected(const std::string& expected);
  [[noreturn]] static void fail(Span span, std::string message, std::string expected);
  [[noreturn]] void not_a_literal(Span span) {
    fail(span, "a second expression", "one term and a full stop");
  }
  void check_depth(int depth) const;

  const SourceText& source_;
  Dialect dialect_;
  Lexer lexer_;
  Token token_;
  // The elements read so far of all open tuples and lists, the innermost ones last: each compound
  // is allocated once, when its size is known.
  Term::Elements waiting_;
};

void Parser::unexpected(const std::string& expected) {
  const bool end = token_.kind == TokenKind::end;
  const std::string found = end ? "the end of the file" : "`" + otp_token(token_, source_) + "`";
  fail(token_.span, "unexpected " + found, end ? "a term ended by a full stop" : expected);
}

void Parser::fail(Span span, std::string message, std::string expected) {
  SyntaxError error;
  error.kind = SyntaxErrorKind::parse;
  error.span = {span.begin, std::max(span.end, span.begin)};
  error.message = std::move(message);
  error.expected = std::move(expected);
  throw error;
}

void Parser::check_depth(int depth) const {
  if (depth <= deepest) return;
  fail(token_.span, "terms nested more than " + std::to_string(deepest) + " deep",
       "a flatter term");
}

// Precedence does not matter: an infix operator never makes a term.
Expression Parser::read_expression(int depth) {
  Expression left = read_prefix(depth);
  while (is_infix(token_)) {
    const Span mark = token_.span;
    advance();
    const Expression right = read_prefix(depth);
    left = {Term(), {left.span.begin, right.span.end}, mark, false};
  }
  return left;
}

Expression Parser::read_prefix(int depth) {
  check_depth(depth);
  if (!is_prefix(token_)) return read_postfix(depth);
  const Token sign = token_;
  advance();
  const Expression operand = read_prefix(depth + 1);
  const Span span{sign.span.begin, operand.span.end};
  const bool literal = operand.is_term &&
                       source_.text({operand.span.begin, operand.span.begin + 1}) != "-" &&
                       source_.text({operand.span.begin, operand.span.begin + 1}) != "+";
  const bool number = operand.term.is_integer() || operand.term.as_float() != nullptr;
  if (!literal || !number || !(sign.is("-") || sign.is("+"))) return none(span);
  return {(sign.is("-") ? negated(operand.term) : operand.term).at(span), span, {}, true};
}

// Calls, record access, map updates: `f(X)`, `m:f`, `R#r.f`. None of them is a term.
Expression Parser::read_postfix(int depth) {
  Expression base = read_primary(depth);
  while (token_.is("(") || token_.is(":") || token_.is("#")) {
    const Token mark = token_;
    advance();
    if (mark.is("(")) {
      read_arguments(depth, ")");
    } else if (mark.is("#") && token_.is("{")) {
      read_map(depth + 1);
    } else if (mark.is("#")) {
      if (token_.kind != TokenKind::atom) unexpected("`{` or the name of a record");
      advance();
      read_tuple(depth + 1);
    } else {
      read_simple(depth);
    }
    base = {Term(), {base.span.begin, token_.span.begin}, mark.span, false};
  }
  return base;
}

void Parser::read_arguments(int depth, std::string_view closing) {
  if (!token_.is(closing)) {
    read_expression(depth + 1);
    while (token_.is(",")) {
      advance();
      read_expression(depth + 1);
    }
  }
  expect(closing);
}

// Where an expression must do without an operator, maps and records stand in brackets only.
Expression Parser::read_simple(int depth) {
  check_depth(depth);
  if (token_.is("#")) unexpected("an atom, a number, a string, a bit string, or (...)");
  return read_primary(depth);
}

Expression Parser::read_primary(int depth) {
  const Span span = token_.span;
  switch (token_.kind) {
    case TokenKind::atom:
    case TokenKind::integer:
    case TokenKind::floating:
    case TokenKind::character:
    case TokenKind::sigil: {
      Expression literal{std::move(token_.value), span, {}, true};
      advance();
      return literal;
    }
    case TokenKind::string:
      return read_string();
    case TokenKind::variable:
      advance();
      return none(span);
    default:
      break;
  }
  if (token_.is("{")) return read_tuple(depth);
  if (token_.is("[")) return read_list(depth);
  if (token_.is("<<")) return read_binary(depth);
  if (token_.is("fun")) return read_fun(depth);
  if (token_.is("#")) {
    advance();
    if (token_.kind != TokenKind::atom) return read_map(depth);
    advance();
    return none({span.begin, read_tuple(depth).span.end});
  }
  if (token_.is("(")) {
    advance();
    Expression inner = read_expression(depth + 1);
    expect(")");
    return inner;
  }
  unexpected("a term");
}

// Adjacent strings are one.
Expression Parser::read_string() {
  Span span = token_.span;
  Term::Elements characters;
  while (token_.kind == TokenKind::string) {
    characters.insert(characters.end(), token_.value.as_list()->begin(),
                      token_.value.as_list()->end());
    span.end = token_.span.end;
    advance();
  }
  return {Term::list(std::move(characters)).at(span), span, {}, true, true};
}

void absorb(Expression& whole, const Expression& part) {
  if (whole.is_term && !part.is_term) {
    whole.is_term = false;
    whole.not_a_term = part.not_a_term;
  }
}

Expression Parser::read_tuple(int depth) {
  Expression whole;
  whole.span = token_.span;
  expect("{");
  const std::size_t first = waiting_.size();
  while (!token_.is("}")) {
    Expression element = read_expression(depth + 1);
    absorb(whole, element);
    waiting_.push_back(std::move(element.term));
    if (!token_.is(",")) break;
    advance();
    if (token_.is("}")) unexpected("a term after the comma");
  }
  whole.span.end = token_.span.end;
  if (!token_.is("}")) unexpected("`,` or `}`");
  advance();
  whole.term = Term::tuple(take_waiting(first)).at(whole.span);
  return whole;
}

Expression Parser::read_list(int depth) {
  Expression whole;
  whole.span = token_.span;
  expect("[");
  const std::size_t first = waiting_.size();
  Term tail;
  while (!token_.is("]")) {
    Expression element = read_expression(depth + 1);
    absorb(whole, element);
    waiting_.push_back(std::move(element.term));
    if (token_.is("|")) {
      advance();
      const Expression rest = read_expression(depth + 1);
      absorb(whole, rest);
      tail = rest.term;
      break;
    }
    if (!token_.is(",")) break;
    advance();
    if (token_.is("]")) unexpected("a term after the comma");
  }
  whole.span.end = token_.span.end;
  if (!token_.is("]")) unexpected("`,` or `]`");
  advance();
  whole.term = Term::list(take_waiting(first), std::move(tail)).at(whole.span);
  return whole;
}

Expression Parser::read_map(int depth) {
  Expression whole;
  whole.span = token_.span;
  expect("{");
  Term::Pairs pairs;
  while (!token_.is("}")) {
    Expression key = read_expression(depth + 1);
    absorb(whole, key);
    if (token_.is(":=")) absorb(whole, none(token_.span));
    if (!token_.is("=>") && !token_.is(":=")) unexpected("`=>`");
    advance();
    Expression value = read_expression(depth + 1);
    absorb(whole, value);
    pairs.emplace_back(std::move(key.term), std::move(value.term));
    if (!token_.is(",")) break;
    advance();
    if (token_.is("}")) unexpected("a key after the comma");
  }
  whole.span.end = token_.span.end;
  if (!token_.is("}")) unexpected("`,` or `}`");
  advance();
  if (dialect_ == Dialect::otp25) drop_equal_zeros(pairs);
  whole.term = Term::map(std::move(pairs)).at(whole.span);
  return whole;
}

Expression Parser::read_binary(int depth) {
  Expression whole;
  whole.span = token_.span;
  expect("<<");
  BitBuilder bits;
  while (!token_.is(">>")) {
    const BitSegment segment = read_segment(depth + 1, whole);
    if (whole.is_term && !bits.append(segment)) absorb(whole, none(segment.span));
    if (!token_.is(",")) break;
    advance();
    if (token_.is(">>")) unexpected("a segment after the comma");
  }
  whole.span.end = token_.span.end;
  if (!token_.is(">>")) unexpected("`,` or `>>`");
  advance();
  whole.term = bits.finish().at(whole.span);
  return whole;
}

// `Value`, `Value:Size`, `Value/Type-Type`, `Value:Size/Types`.
BitSegment Parser::read_segment(int depth, Expression& whole) {
  BitSegment segment;
  const Token sign = token_;
  if (is_prefix(sign) && !sign.is("catch")) advance();
  Expression value = read_simple(depth);
  if (is_prefix(sign)) {
    const bool number =
        value.is_term && (value.term.is_integer() || value.term.as_float() != nullptr);
    if (number && sign.is("-")) value.term = negated(value.term);
    if (!number || !(sign.is("-") || sign.is("+"))) absorb(whole, none(sign.span));
  }
  absorb(whole, value);
  segment.is_string = value.is_string;
  segment.value = value.term;
  segment.span = value.span;
  if (token_.is(":")) {
    advance();
    const Expression size = read_simple(depth);
    absorb(whole, size);
    segment.size = size.term;
  }
  if (!token_.is("/")) return segment;
  do {
    advance();
    if (token_.kind != TokenKind::atom) unexpected("a type, as in /integer-little");
    std::string type = token_.value.as_atom()->name();
    advance();
    if (token_.is(":")) {
      advance();
      if (token_.kind != TokenKind::integer) unexpected("a unit, as in unit:8");
      type += ":" + print(token_.value);
      advance();
    }
    segment.types.push_back(type);
  } while (token_.is("-"));
  return segment;
}

// `fun M:F/A` is a literal; every other fun is an expression with clauses, which no term file
// holds.
Expression Parser::read_fun(int depth) {
  const Span begin = token_.span;
  advance();
  const auto read_part = [&](TokenKind kind, const std::string& expected) {
    if (token_.kind != kind && token_.kind != TokenKind::variable) unexpected(expected);
    return read_primary(depth);
  };
  const Expression module = read_part(TokenKind::atom, "fun m:f/1");
  const bool external = token_.is(":");
  Expression function = module;
  if (external) {
    advance();
    function = read_part(TokenKind::atom, "a function's name, as in fun m:f/1");
  }
  expect("/");
  const Expression arity = read_part(TokenKind::integer, "an arity, as in fun m:f/1");
  const Span span{begin.begin, arity.span.end};
  const std::int64_t* count = arity.term.as_small_integer();
  if (!external || !module.is_term || module.term.as_atom() == nullptr || !function.is_term ||
      function.term.as_atom() == nullptr || count == nullptr || *count < 0 || *count > 255) {
    return none(span);
  }
  return {external_fun(*module.term.as_atom(), *function.term.as_atom(), *count).at(span),
          span,
          {},
          true};
}

}  // namespace

std::variant<ParsedTerm, SyntaxError> parse_first_term(const SourceText& source, Dialect dialect) {
  try {
    Parser parser(source, dialect, 0);
    if (parser.at_end()) {
      SyntaxError error;
      error.kind = SyntaxErrorKind::empty;
      error.message = "no term in the file";
      error.expected = "a term ended by a full stop";
      return error;
    }
    return parser.term();
  } catch (const SyntaxError& error) {
    return with_otp_view(error, source, dialect);
  }
}

std::variant<std::vector<ParsedTerm>, SyntaxError> parse_terms(const SourceText& source,
                                                               Dialect dialect) {
  try {
    std::vector<ParsedTerm> terms;
    std::uint32_t offset = 0;
    for (;;) {
      Parser parser(source, dialect, offset);
      if (parser.at_end()) return terms;
      terms.push_back(parser.term());
      offset = parser.offset();
    }
  } catch (const SyntaxError& error) {
    return error;
  }
}

std::string describe(const SyntaxError& error, const SourceText& source) {
  const Position position = source.position(error.span.begin);
  std::string text = source.name() + ":" + std::to_string(position.line) + ":" +
                     std::to_string(position.column) + ": " + error.message;
  if (!error.expected.empty()) text += "; expected " + error.expected;
  return text;
}

Diagnostic to_diagnostic(const SyntaxError& error, const Source& source) {
  Diagnostic diagnostic;
  diagnostic.rule = "syntax";
  diagnostic.message = error.message;
  diagnostic.file = source->name();
  diagnostic.source = source;
  diagnostic.span = error.span;
  if (!error.expected.empty()) diagnostic.notes.push_back("expected " + error.expected);
  return diagnostic;
}

}  // namespace relup
