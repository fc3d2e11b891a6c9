// SPDX-License-Identifier: Apache-2.0
#include "relup/relup_reader.hpp"

#include "term/term_file.hpp"

namespace relup {
namespace {

class RelupReader {
 public:
  RelupReader(const Source& source, Problems& problems) : source_(source), problems_(problems) {}

  Relup read(const Term& term) {
    Relup relup;
    const Term::Elements* parts = term.as_tuple();
    const bool is_framed = parts != nullptr && parts->size() == 3 && parts->front().text() &&
                           (*parts)[1].is_proper_list() && (*parts)[2].is_proper_list();
    if (!is_framed) {
      complain("bad-relup", term,
               "not a relup: expected {Vsn, [{UpFromVsn, Descr, Script}, ...], "
               "[{DownToVsn, Descr, Script}, ...]}");
      return relup;
    }
    relup.version = *parts->front().text();
    read_entries((*parts)[1], relup.up);
    read_entries((*parts)[2], relup.down);
    return relup;
  }

 private:
  void read_entries(const Term& list, std::vector<RelupEntry>& entries) {
    for (const Term& term : *list.as_list()) {
      const Term::Elements* parts = term.as_tuple();
      if (parts == nullptr || parts->size() != 3 || !parts->front().text() ||
          !(*parts)[2].is_proper_list()) {
        complain("bad-relup", term, "not an entry: expected {Vsn, Descr, Script}");
        continue;
      }
      entries.push_back({*parts->front().text(), (*parts)[1], read_script((*parts)[2])});
    }
  }

  Script read_script(const Term& list) {
    Script script;
    for (const Term& step : *list.as_list()) {
      auto read = appup::read_instruction(step);
      if (auto* action = std::get_if<appup::Action>(&read)) {
        script.push_back({std::move(*action), source_, step.span()});
        continue;
      }
      const auto& fault = std::get<appup::InstructionFault>(read);
      complain(fault.rule, step, fault.message);
      problems_.back().diagnostic.notes.push_back("expected " + fault.expected);
    }
    return script;
  }

  void complain(const std::string& rule, const Term& term, const std::string& message) {
    problems_.push_back(make_problem(rule, source_, term.span(), message, Term()));
  }

  const Source& source_;
  Problems& problems_;
};

}  // namespace

ReadRelup read_relup(const std::string& path, std::string bytes, OtpVersion otp) {
  ReadRelup read;
  const auto text = read_first_term(path, std::move(bytes), otp.dialect(), Encoded::whole_file);
  if (const auto* fault = std::get_if<TermFault>(&text)) {
    read.problems.push_back({to_diagnostic(*fault), Term()});
    return read;
  }
  const auto& file = std::get<TermFile>(text);
  Relup relup = RelupReader(file.source, read.problems).read(file.term);
  if (read.problems.empty()) read.relup = std::move(relup);
  return read;
}

}  // namespace relup
