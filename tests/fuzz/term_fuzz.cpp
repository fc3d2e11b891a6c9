// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a text of Erlang terms. What is read must print as text that reads back the same,
// in every form that we write; what is not must have a place in the text.

#include "base/diagnostic_text.hpp"
#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"
#include "term/external.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::fuzz {
namespace {

void check_term(const Term& term) {
  // Said first, for a quoted atom may hold what looks like another coding comment.
  const std::string coding = "%% coding: utf-8\n";
  require(parse_single_term("printed", coding + print(term) + ".") == term, "print");
  require(parse_single_term("pretty", term_file(term)) == term, "pretty_print");
  require(decode_external(encode_external(term), {.depth = 1000}) == term, "the external format");
}

void check_text(const Source& source, Dialect dialect) {
  const auto parsed = parse_terms(*source, dialect);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    require(!to_text(to_diagnostic(*error, source), TextStyle{}).empty(), "a diagnostic");
    return;
  }
  for (const ParsedTerm& one : std::get<std::vector<ParsedTerm>>(parsed)) {
    require(one.full_stop.end <= source->text().size(), "a place outside of the text");
    check_term(one.term);
  }
}

}  // namespace
}  // namespace relup::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relup;
  const auto decoded = decode_source("fuzzed", std::string(fuzz::bytes_of(data, size)));
  const auto* source = std::get_if<Source>(&decoded);
  if (source == nullptr) return 0;
  fuzz::check_text(*source, Dialect::otp25);
  fuzz::check_text(*source, Dialect::otp27);
  return 0;
}
