// SPDX-License-Identifier: Apache-2.0
#include "release/releases_file.hpp"

#include <array>

#include "base/error.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

constexpr std::array<std::pair<std::string_view, ReleaseStatus>, 5> statuses = {{
    {"unpacked", ReleaseStatus::unpacked},
    {"current", ReleaseStatus::current},
    {"permanent", ReleaseStatus::permanent},
    {"old", ReleaseStatus::old},
    {"tmp_current", ReleaseStatus::tmp_current},
}};

// Turns the terms of one RELEASES file into values, and says where one does not fit.
class Reader {
 public:
  Reader(const std::string& name, std::string bytes)
      : file_(read_only_term(name, std::move(bytes))) {}

  std::vector<InstalledRelease> releases() const {
    std::vector<InstalledRelease> releases;
    for (const Term& element : elements(file_.term, "a list of releases"))
      releases.push_back(release(element));
    return releases;
  }

 private:
  InstalledRelease release(const Term& term) const {
    constexpr const char* form = "{release, Name, Vsn, ErtsVsn, Libs, Status}";
    if (!term.is_tagged("release", 6)) fail(term, form);
    const Term::Elements& parts = *term.as_tuple();
    InstalledRelease release;
    release.name = text(parts[1], "the name of a release, a string");
    release.version = text(parts[2], "the version of a release, a string");
    if (!parts[3].is_atom("undefined")) {
      release.erts = text(parts[3], "the version of ERTS, a string or `undefined`");
    }
    for (const Term& element : elements(parts[4], "a list of libraries"))
      release.libraries.push_back(library(element));
    release.status = status(parts[5]);
    return release;
  }

  InstalledLibrary library(const Term& term) const {
    const Term::Elements* parts = term.as_tuple();
    if (parts == nullptr || parts->size() != 3) fail(term, "{Lib, LibVsn, LibDir}");
    const Atom* name = (*parts)[0].as_atom();
    if (name == nullptr) fail((*parts)[0], "the name of a library, an atom");
    return {name->name(), text((*parts)[1], "the version of a library, a string"),
            text((*parts)[2], "the directory of a library, a string")};
  }

  ReleaseStatus status(const Term& term) const {
    for (const auto& [name, status] : statuses) {
      if (term.is_atom(name)) return status;
    }
    fail(term, "a status: unpacked, current, permanent, old or tmp_current");
  }

  const Term::Elements& elements(const Term& term, const char* expected) const {
    if (!term.is_proper_list()) fail(term, expected);
    return *term.as_list();
  }

  std::string text(const Term& term, const char* expected) const {
    const std::optional<std::string> text = term.text();
    if (!text) fail(term, expected);
    return *text;
  }

  [[noreturn]] void fail(const Term& term, const std::string& expected) const {
    const Position place = file_.source->position(term.span().begin);
    throw Error(ErrorCode::bad_input, file_.source->name() + ":" + std::to_string(place.line) +
                                          ":" + std::to_string(place.column) + ": expected " +
                                          expected + ", found " + print(term));
  }

  TermFile file_;
};

Term to_term(const InstalledRelease& release) {
  Term::Elements libraries;
  for (const InstalledLibrary& library : release.libraries) {
    libraries.push_back(Term::tuple({Term::atom(library.name), Term::string(library.version),
                                     Term::string(library.directory)}));
  }
  return tagged("release", Term::string(release.name), Term::string(release.version),
                release.erts ? Term::string(*release.erts) : Term::atom("undefined"),
                Term::list(std::move(libraries)), Term::atom(to_string(release.status)));
}

[[noreturn]] void fail_start_erl_data(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::bad_input, name + ": " + what +
                                        "; expected the version of ERTS, a space, and the version "
                                        "of the release");
}

}  // namespace

std::string_view to_string(ReleaseStatus status) {
  for (const auto& [name, value] : statuses) {
    if (value == status) return name;
  }
  return "unpacked";
}

std::vector<InstalledRelease> parse_releases_file(const std::string& name, std::string bytes) {
  return Reader(name, std::move(bytes)).releases();
}

std::string format_releases_file(const std::vector<InstalledRelease>& releases) {
  Term::Elements elements;
  for (const InstalledRelease& release : releases)
    elements.push_back(to_term(release));
  return term_file(Term::list(std::move(elements)));
}

StartErlData parse_start_erl_data(const std::string& name, const std::string& bytes) {
  constexpr const char* white_space = " \t\r\n";
  const std::size_t end = bytes.find_last_not_of(white_space);
  if (end == std::string::npos) fail_start_erl_data(name, "is empty");
  const std::string line = bytes.substr(0, end + 1);
  const std::size_t erts_end = line.find_first_of(white_space);
  if (erts_end == 0) fail_start_erl_data(name, "begins with white space");
  if (erts_end == std::string::npos) fail_start_erl_data(name, "holds one word only");
  const std::size_t version = line.find_first_not_of(white_space, erts_end);
  if (line.find_first_of("\r\n") != std::string::npos) {
    fail_start_erl_data(name, "holds more than one line");
  }
  return {line.substr(0, erts_end), line.substr(version)};
}

std::string format_start_erl_data(const StartErlData& data) {
  return data.erts + " " + data.version;
}

}  // namespace relup::release
