// SPDX-License-Identifier: Apache-2.0
#pragma once

// Erlang terms from text, as `file:consult/1` and systools read them: literal terms, each ended by
// a full stop. Every term keeps its span, and comments are handed out beside it. Text that holds no
// term is a SyntaxError value, which knows its place and what OTP would have said of it.

#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"
#include "term/lexer.hpp"
#include "term/term.hpp"

namespace relup {

// A text whose bytes were decoded by the rule of `epp:read_encoding/1`: a `coding:` comment in the
// first two lines, else UTF-8. Bytes that are not valid there give a SyntaxError (kind encoding).
std::variant<Source, SyntaxError> decode_source(std::string name, std::string bytes);

// The same for a text of which only the first term is wanted: bytes after its full stop that are
// not valid are cut off, for nobody comes to read them.
std::variant<Source, SyntaxError> decode_first_form(std::string name, std::string bytes,
                                                    Dialect dialect = Dialect::otp27);

struct ParsedTerm {
  Term term;
  std::vector<Span> comments;  // those before the full stop
  Span full_stop;
};

// The first term of `source`; what follows its full stop is not looked at (systools reads that
// way).
std::variant<ParsedTerm, SyntaxError> parse_first_term(const SourceText& source,
                                                       Dialect dialect = Dialect::otp27);

// All terms of `source`, as `file:consult/1` reads them. No term at all is an empty list.
std::variant<std::vector<ParsedTerm>, SyntaxError> parse_terms(const SourceText& source,
                                                               Dialect dialect = Dialect::otp27);

// `error` as a diagnostic on `source`.
Diagnostic to_diagnostic(const SyntaxError& error, const Source& source);

// `file:line:column: message` of a syntax error, for an Error.
std::string describe(const SyntaxError& error, const SourceText& source);

}  // namespace relup
