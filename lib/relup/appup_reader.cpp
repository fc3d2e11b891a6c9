// SPDX-License-Identifier: Apache-2.0
#include "relup/appup_reader.hpp"

#include "term/parser.hpp"

namespace relup {
namespace {

// What went wrong with the text of an appup, as systools_lib:read_term/1 answers it.
Term syntax_problem(const SyntaxError& error, const std::string& path) {
  if (error.kind != SyntaxErrorKind::parse) {
    return file_problem(path, tagged("error", tagged("read", Term::string(path))));
  }
  if (error.otp_what.is_nil()) return Term();
  const Term what = Term::tuple(
      {Term(static_cast<std::int64_t>(error.otp_line)), Term::atom("erl_parse"), error.otp_what});
  return file_problem(path, tagged("error", tagged("parse", Term::string(path), what)));
}

}  // namespace

Term file_problem(const std::string& path, const Term& what) {
  return tagged("file_problem", Term::tuple({Term::string(path), what}));
}

ReadAppup read_appup(const std::string& path, std::string bytes, release::OtpVersion otp) {
  ReadAppup read;
  const auto decoded = decode_first_form(path, std::move(bytes), otp.dialect());
  if (const auto* error = std::get_if<SyntaxError>(&decoded)) {
    read.problems.push_back(
        make_file_problem("syntax", path, error->message, syntax_problem(*error, path)));
    return read;
  }
  const Source& source = std::get<Source>(decoded);
  auto parsed = parse_first_term(*source, otp.dialect());
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    read.problems.push_back({to_diagnostic(*error, source), syntax_problem(*error, path)});
    return read;
  }
  ParsedTerm& whole = std::get<ParsedTerm>(parsed);
  read.appup = appup::read_appup_term(whole.term, source);
  read.comments = std::move(whole.comments);
  read.full_stop = whole.full_stop;
  if (!read.appup) {
    read.problems.push_back(
        make_problem("bad-appup", source, whole.term.span(),
                     "not an appup: expected {Vsn, [{UpFromVsn, Instructions}, ...], "
                     "[{DownToVsn, Instructions}, ...]}",
                     file_problem(path, tagged("ok", whole.term))));
  }
  return read;
}

}  // namespace relup
