// SPDX-License-Identifier: Apache-2.0
//
// A recursive descent parser without a lexer of its own: in literals the first character tells what
// comes. A string with an interpolation, a call, an operator, a variable is an expression.

#include "appup/elixir_term.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "term/utf8.hpp"

namespace relup::appup {
namespace {

constexpr int deepest = 500;
constexpr std::string_view alias_prefix = "Elixir.";

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
bool starts_name(char byte) {
  return (byte >= 'a' && byte <= 'z') || byte == '_';
}
bool starts_alias(char byte) {
  return byte >= 'A' && byte <= 'Z';
}
bool continues_name(char byte) {
  return starts_name(byte) || starts_alias(byte) || is_digit(byte);
}
char closing_of(char opening) {
  static constexpr std::string_view pairs = "{}[]()<>";
  const std::size_t at = pairs.find(opening);
  return at == std::string_view::npos ? opening : pairs[at + 1];
}

class Reader {
 public:
  explicit Reader(const SourceText& source) : text_(source.text()) {}

  ElixirTerm read() {
    skip();
    if (rest().empty()) fail(at_, SyntaxErrorKind::empty, "no term in the file");
    Term term = read_term(0);
    const std::uint32_t end = at_;
    skip();
    if (!rest().empty()) not_a_term(at_);
    return {std::move(term), std::move(comments_), std::move(placeholders_), {end, end}};
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  Span since(std::uint32_t begin) const { return {begin, at_}; }

  [[noreturn]] void fail(std::uint32_t begin, SyntaxErrorKind kind, std::string message) const {
    SyntaxError error;
    error.kind = kind;
    error.span = {begin, std::min(begin + 1, static_cast<std::uint32_t>(text_.size()))};
    error.message = std::move(message);
    error.expected = "one literal term: a tuple of atoms, strings, tuples and lists";
    throw error;
  }
  [[noreturn]] void not_a_term(std::uint32_t begin) const {
    fail(begin, SyntaxErrorKind::parse, "not a literal term");
  }

  // Blanks and comments.
  void skip() {
    while (!rest().empty()) {
      const char byte = peek();
      if (byte == '#') {
        const std::uint32_t begin = at_;
        at_ = static_cast<std::uint32_t>(std::min(text_.find('\n', at_), text_.size()));
        if (comments_.empty() || comments_.back().begin < begin) comments_.push_back(since(begin));
      } else if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
        ++at_;
      } else {
        return;
      }
    }
  }

  bool take(std::string_view mark) {
    if (!rest().starts_with(mark)) return false;
    at_ += static_cast<std::uint32_t>(mark.size());
    return true;
  }

  Term read_term(int depth) {
    const std::uint32_t begin = at_;
    if (depth > deepest) fail(begin, SyntaxErrorKind::parse, "terms nested too deep");
    Term term = read_kind(depth);
    const Span span = since(begin);
    skip();
    static constexpr std::string_view ends = ",}])>";
    const bool is_pair = rest().starts_with("=>");
    if (!rest().empty() && !is_pair && depth > 0 && ends.find(peek()) == std::string_view::npos) {
      not_a_term(begin);
    }
    at_ = span.end;
    return std::move(term).at(span);
  }

  Term read_kind(int depth) {
    const std::uint32_t begin = at_;
    const char byte = peek();
    if (take("{")) return Term::tuple(read_elements('}', depth));
    if (take("[")) return Term::list(read_elements(']', depth));
    if (take("%{")) return read_map(depth);
    if (take("<<")) return read_binary(begin);
    if (rest().starts_with("\"\"\"") || rest().starts_with("'''")) not_a_term(begin);
    if (byte == '"') return Term::binary(read_quoted());
    if (byte == '\'') return Term::string(read_quoted());
    if (byte == ':') return read_atom();
    if (byte == '~') return read_sigil();
    if (is_digit(byte) || (byte == '-' && is_digit(peek(1)))) return read_number();
    if (starts_alias(byte)) return read_alias();
    if (starts_name(byte)) return read_word();
    not_a_term(begin);
  }

  // Up to the closing bracket. Keywords may stand last.
  Term::Elements read_elements(char closing, int depth) {
    Term::Elements elements;
    Term::Elements keywords;
    skip();
    while (peek() != closing) {
      const std::uint32_t begin = at_;
      const bool is_version = depth == 0 && elements.empty() && closing == '}';
      if (auto key = read_key()) {
        skip();
        Term value = read_term(depth + 1);
        keywords.push_back(Term::tuple({std::move(*key), std::move(value)}).at(since(begin)));
      } else {
        elements.push_back(is_version ? read_version() : read_term(depth + 1));
      }
      skip();
      if (!take(",") && peek() != closing) not_a_term(begin);
      skip();
    }
    ++at_;
    if (closing == ']') {
      elements.insert(elements.end(), keywords.begin(), keywords.end());
    } else if (!keywords.empty()) {
      elements.push_back(Term::list(std::move(keywords)));
    }
    return elements;
  }

  // `soft:`, `"soft":`; nothing is read where none stands here.
  std::optional<Term> read_key() {
    const std::uint32_t begin = at_;
    std::string name;
    if (peek() == '"') {
      try {
        name = read_quoted();
      } catch (const SyntaxError&) {
        at_ = begin;
        return std::nullopt;
      }
    } else if (starts_name(peek()) || starts_alias(peek())) {
      name = read_name();
    }
    const bool is_key = at_ > begin && peek() == ':' && peek(1) != ':' && !continues_name(peek(1));
    if (is_key) {
      ++at_;
      return Term::atom(name).at(since(begin));
    }
    at_ = begin;
    return std::nullopt;
  }

  // The version of the appup, which may be an expression.
  Term read_version() {
    const std::uint32_t begin = at_;
    try {
      Term literal = read_term(1);
      skip();
      if (peek() == ',') return literal;
    } catch (const SyntaxError&) {
      // an expression, then
    }
    at_ = begin;
    skip_expression();
    const Span span = since(begin);
    if (span.begin == span.end) not_a_term(begin);
    placeholders_.push_back(span);
    return Term::string(text_.substr(span.begin, span.end - span.begin)).at(span);
  }

  void skip_expression() {
    for (int depth = 0; !rest().empty(); ++at_) {
      const char byte = peek();
      if (byte == '"' || byte == '\'') {
        for (++at_; !rest().empty() && peek() != byte; ++at_) {
          if (peek() == '\\') ++at_;
        }
        continue;
      }
      if (depth == 0 && byte == ',') return;
      if (byte == '(' || byte == '[' || byte == '{') ++depth;
      if (byte == ')' || byte == ']' || byte == '}') --depth;
      if (depth < 0) return;
    }
  }

  Term read_map(int depth) {
    Term::Pairs pairs;
    skip();
    while (!take("}")) {
      const std::uint32_t begin = at_;
      std::optional<Term> key = read_key();
      if (!key) {
        key = read_term(depth + 1);
        skip();
        if (!take("=>")) not_a_term(begin);
      }
      skip();
      Term value = read_term(depth + 1);
      pairs.emplace_back(std::move(*key), std::move(value));
      skip();
      if (!take(",") && peek() != '}') not_a_term(begin);
      skip();
    }
    return Term::map(std::move(pairs));
  }

  Term read_binary(std::uint32_t begin) {
    skip();
    if (peek() != '"') not_a_term(begin);
    std::string bytes = read_quoted();
    skip();
    if (!take(">>")) not_a_term(begin);
    return Term::binary(std::move(bytes));
  }

  std::string read_quoted() {
    const std::uint32_t begin = at_;
    const char quote = peek();
    ++at_;
    return read_until(quote, begin);
  }

  std::string read_until(char closing, std::uint32_t begin) {
    std::string text;
    while (peek() != closing) {
      if (rest().empty() || rest().starts_with("#{")) not_a_term(begin);
      if (take("\\")) {
        text += read_escape(begin);
      } else {
        text += peek();
        ++at_;
      }
    }
    ++at_;
    return text;
  }

  std::string read_escape(std::uint32_t begin) {
    static constexpr std::string_view names = "nrtsedabfv0";
    static constexpr std::string_view values("\n\r\t \033\177\a\b\f\v\0", 11);
    const char byte = peek();
    if (byte == 'x' || byte == 'u') not_a_term(begin);
    ++at_;
    if (byte == '\n') return "";
    const std::size_t known = names.find(byte);
    return std::string(1, known == std::string_view::npos ? byte : values[known]);
  }

  Term read_atom() {
    const std::uint32_t begin = at_;
    ++at_;
    if (peek() == '"' || peek() == '\'') return Term::atom(read_quoted());
    if (!starts_name(peek()) && !starts_alias(peek())) not_a_term(begin);
    return Term::atom(read_name());
  }

  // ~c"1.0", ~s(text), ~w[a b]a
  Term read_sigil() {
    const std::uint32_t begin = at_;
    ++at_;
    const char kind = peek();
    ++at_;
    const char opening = peek();
    ++at_;
    if (std::string_view("\"'([{</|").find(opening) == std::string_view::npos) not_a_term(begin);
    const std::string text = read_until(closing_of(opening), begin);
    if (continues_name(peek())) not_a_term(begin);
    if (kind == 'c' || kind == 'C') return Term::string(text);
    if (kind == 's' || kind == 'S') return Term::binary(text);
    not_a_term(begin);
  }

  Term read_number() {
    const std::uint32_t begin = at_;
    const bool is_negative = take("-");
    std::string digits;
    while (is_digit(peek()) || peek() == '_') {
      if (peek() != '_') digits += peek();
      ++at_;
    }
    constexpr std::size_t most_digits = 18;
    if (digits.size() > most_digits || peek() == '.' || continues_name(peek())) not_a_term(begin);
    const std::int64_t number = std::stoll(digits);
    return Term(is_negative ? -number : number);
  }

  std::string read_name() {
    const std::uint32_t begin = at_;
    while (continues_name(peek()) || peek() == '@')
      ++at_;
    if (peek() == '?' || peek() == '!') ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Term read_alias() {
    std::string name(alias_prefix);
    name += read_name();
    while (peek() == '.' && starts_alias(peek(1))) {
      ++at_;
      name += "." + read_name();
    }
    return Term::atom(name);
  }

  Term read_word() {
    const std::uint32_t begin = at_;
    const std::string word = read_name();
    if (word != "true" && word != "false" && word != "nil") not_a_term(begin);
    return Term::atom(word);
  }

  std::string_view text_;
  std::uint32_t at_ = 0;
  std::vector<Span> comments_;
  std::vector<Span> placeholders_;
};

std::string elixir_atom(const std::string& name) {
  return name.starts_with(alias_prefix) ? name.substr(alias_prefix.size()) : ":" + name;
}

}  // namespace

std::variant<ElixirTerm, SyntaxError> read_elixir_term(const SourceText& source) {
  try {
    return Reader(source).read();
  } catch (const SyntaxError& error) {
    return error;
  }
}

std::string to_elixir(const std::string& erlang) {
  const Source source = make_source("", erlang);
  Lexer lexer(*source, Dialect::otp27);
  std::string elixir;
  std::uint32_t at = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    elixir += source->text({at, token.span.begin});
    elixir += token.kind == TokenKind::atom ? elixir_atom(token.value.as_atom()->name())
                                            : std::string(source->text(token.span));
    at = token.span.end;
  }
  return elixir + std::string(source->text({at, static_cast<std::uint32_t>(erlang.size())}));
}

}  // namespace relup::appup
