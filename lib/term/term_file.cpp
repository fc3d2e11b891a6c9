// SPDX-License-Identifier: Apache-2.0
#include "term/term_file.hpp"

#include "base/error.hpp"

namespace relup {

std::variant<TermFile, TermFault> read_first_term(std::string name, std::string bytes,
                                                  Dialect dialect, Encoded encoded) {
  const auto decoded = encoded == Encoded::first_term
                           ? decode_first_form(name, std::move(bytes), dialect)
                           : decode_source(name, std::move(bytes));
  if (const auto* error = std::get_if<SyntaxError>(&decoded)) {
    return TermFault{*error, std::move(name), nullptr};
  }
  const Source& source = std::get<Source>(decoded);
  auto parsed = parse_first_term(*source, dialect);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    return TermFault{*error, std::move(name), source};
  }
  auto& first = std::get<ParsedTerm>(parsed);
  return TermFile{source, std::move(first.term), std::move(first.comments), first.full_stop};
}

TermFile read_only_term(const std::string& name, std::string bytes) {
  const auto decoded = decode_source(name, std::move(bytes));
  if (const auto* error = std::get_if<SyntaxError>(&decoded)) {
    throw Error(ErrorCode::bad_input, describe({*error, name, nullptr}));
  }
  const Source& source = std::get<Source>(decoded);
  auto parsed = parse_terms(*source);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    throw Error(ErrorCode::bad_input, describe({*error, name, source}));
  }
  auto& terms = std::get<std::vector<ParsedTerm>>(parsed);
  if (terms.size() != 1) {
    throw Error(ErrorCode::bad_input,
                name + ": holds " + std::to_string(terms.size()) + " terms, expected one");
  }
  ParsedTerm& only = terms.front();
  return {source, std::move(only.term), std::move(only.comments), only.full_stop};
}

Term parse_single_term(const std::string& name, std::string bytes) {
  return read_only_term(name, std::move(bytes)).term;
}

Diagnostic to_diagnostic(const TermFault& fault) {
  if (fault.source) return to_diagnostic(fault.error, fault.source);
  Diagnostic diagnostic;
  diagnostic.rule = "syntax";
  diagnostic.message = fault.error.message;
  diagnostic.file = fault.file;
  if (!fault.error.expected.empty()) {
    diagnostic.notes.push_back("expected " + fault.error.expected);
  }
  return diagnostic;
}

std::string describe(const TermFault& fault) {
  if (fault.source) return describe(fault.error, *fault.source);
  return fault.file + ": " + fault.error.message;
}

Term otp_reason(const SyntaxError& error, const std::string& file) {
  if (error.kind != SyntaxErrorKind::parse) return tagged("read", Term::string(file));
  if (error.otp_what.is_nil()) return Term();
  const Term what = Term::tuple(
      {Term(static_cast<std::int64_t>(error.otp_line)), Term::atom("erl_parse"), error.otp_what});
  return tagged("parse", Term::string(file), what);
}

}  // namespace relup
