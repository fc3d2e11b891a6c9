// SPDX-License-Identifier: Apache-2.0
#include "relup/appup_reader.hpp"

#include "appup/kept_appup.hpp"

namespace relup {
namespace {

// {file_problem, {Path, {error, Reason}}}; [] where OTP crashes.
Term syntax_problem(const TermFault& fault) {
  Term reason = otp_reason(fault.error, fault.file);
  if (reason.is_nil()) return reason;
  return file_problem(fault.file, tagged("error", reason));
}

}  // namespace

Term file_problem(const std::string& path, const Term& what) {
  return tagged("file_problem", Term::tuple({Term::string(path), what}));
}

ReadAppup read_appup(const std::string& path, std::string bytes, OtpVersion otp,
                     const std::optional<std::string>& version) {
  ReadAppup read;
  auto text = appup::read_kept_appup(path, std::move(bytes), otp.dialect(), version);
  if (const auto* fault = std::get_if<TermFault>(&text)) {
    read.problems.push_back({to_diagnostic(*fault), syntax_problem(*fault)});
    return read;
  }
  read.form = std::get<appup::KeptAppup>(text).form;
  TermFile& file = std::get<appup::KeptAppup>(text).file;
  read.appup = appup::read_appup_term(file.term, file.source);
  read.comments = std::move(file.comments);
  read.full_stop = file.full_stop;
  if (!read.appup) {
    read.problems.push_back(
        make_problem("bad-appup", file.source, file.term.span(),
                     "not an appup: expected {Vsn, [{UpFromVsn, Instructions}, ...], "
                     "[{DownToVsn, Instructions}, ...]}",
                     file_problem(path, tagged("ok", file.term))));
  }
  return read;
}

}  // namespace relup
