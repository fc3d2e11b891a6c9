// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elixir terms from text, as far as appups are made of them: tuples, lists, keywords, maps, atoms,
// aliases, numbers, strings and charlists. The first element of the outermost tuple, the version,
// may be any expression (`to_charlist(Mix.Project.config()[:version])`); it is a placeholder. Every
// other expression is a SyntaxError.

#include <variant>
#include <vector>

#include "base/source.hpp"
#include "term/lexer.hpp"
#include "term/term.hpp"

namespace relup::appup {

struct ElixirTerm {
  Term term;
  std::vector<Span> comments;
  std::vector<Span> placeholders;  // the version, where it is an expression
  Span end;                        // right after the term
};

// The only term of `source`.
std::variant<ElixirTerm, SyntaxError> read_elixir_term(const SourceText& source);

// Erlang text of a few tokens, such as a fix has, in Elixir.
std::string to_elixir(const std::string& erlang);

}  // namespace relup::appup
