// SPDX-License-Identifier: Apache-2.0
#include "relup/appup_scripts.hpp"

#include <cerrno>

#include "appup/appup_name.hpp"
#include "appup/version_match.hpp"
#include "relup/appup_reader.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using appup::Direction;
using release::Application;
using release::RelApplication;
using release::RelFile;

AppupScript implied(Term instruction) {
  return {Term::list({std::move(instruction)}), nullptr};
}

// Scripts for the applications that `one` has and `other` lacks, in the order of the .rel file.
template <typename MakeInstruction>
void append_for_missing(const RelFile& one, const RelFile& other, MakeInstruction make,
                        std::vector<AppupScript>& scripts) {
  for (const RelApplication& application : one.applications) {
    if (other.find(application.name) == nullptr) scripts.push_back(implied(make(application)));
  }
}

Problem no_entry(const Application& application, const appup::Appup& appup, Direction direction,
                 const std::string& version) {
  const bool up = direction == Direction::up;
  const std::string name = application.name().name();
  Problem problem = make_problem(
      "no-relup-entry", appup.source, (up ? appup.up : appup.down).span(),
      (up ? "no entry to upgrade " + name + " from " : "no entry to downgrade " + name + " to ") +
          version,
      tagged("no_relup", Term::string(appup.source->name()),
             release::application_record(application), Term::string(version)));
  problem.diagnostic.notes.push_back("add {" + print(Term::string(version)) +
                                     ", Instructions} to the " + (up ? "first" : "second") +
                                     " list");
  return problem;
}

// An appup that cannot be read, with the answer of `file:open/2` as systools_lib:read_term/1 passes
// it on.
Problem no_appup(const std::string& path, const Error& error) {
  const bool is_missing = error.error_number() == ENOENT;
  const Term why = Term::atom(posix_name(error.error_number()));
  Problem problem = make_file_problem(
      "missing-appup", path, is_missing ? "there is no " + path : error.message(),
      file_problem(path, tagged("error", tagged("open", Term::string(path), why))));
  problem.diagnostic.notes.push_back(
      "the version of the application changes, so it needs an appup; `relup generate` writes one");
  return problem;
}

class Collector {
 public:
  Collector(const Way& way, AppupSource& appups, Problems& problems)
      : way_(way), appups_(appups), problems_(problems) {}

  CollectedScripts collect(AddedRestart restart) {
    std::vector<AppupScript>& scripts = collected_.scripts;
    check_erts();
    append_for_missing(way_.to.rel, way_.from.rel, add_application, scripts);
    for (const Application& application : way_.top().applications)
      collect_appup(application);
    append_for_missing(way_.from.rel, way_.to.rel, remove_application, scripts);
    if (restart == AddedRestart::emulator)
      scripts.push_back(implied(Term::atom("restart_emulator")));
    move_erts_warning_last();
    return std::move(collected_);
  }

 private:
  static Term add_application(const RelApplication& application) {
    return tagged("add_application", Term(application.name), Term(application.start_type));
  }
  static Term remove_application(const RelApplication& application) {
    return tagged("remove_application", Term(application.name));
  }

  // A changed emulator is started before everything else, in both directions.
  void check_erts() {
    const RelFile& top = way_.top().rel;
    const RelFile& base = way_.base().rel;
    if (top.erts_version == base.erts_version) return;
    collected_.scripts.push_back(implied(Term::atom("restart_new_emulator")));
    const auto side = [](const RelFile& rel) {
      return Term::tuple({Term::string(rel.name), Term::string(rel.erts_version)});
    };
    erts_warning_ = make_problem("erts-version-changed", top.source, {0, 0},
                                 "ERTS changes from " + base.erts_version + " to " +
                                     top.erts_version + ": the emulator is restarted",
                                 tagged("erts_vsn_changed", Term::tuple({side(top), side(base)})));
  }

  // OTP finds it after it has been through the appups.
  void move_erts_warning_last() {
    if (erts_warning_) collected_.warnings.push_back(std::move(*erts_warning_));
  }

  void collect_appup(const Application& application) {
    const RelApplication* other = way_.base().rel.find(application.name());
    if (other == nullptr || other->version == application.version()) return;
    const appup::Appup* appup = appups_.find(application, problems_);
    if (appup == nullptr) return;
    check_version(application, *appup);
    const Term& entries = way_.direction == Direction::up ? appup->up : appup->down;
    const auto found = appup::find_entry(entries, other->version);
    if (const Term* instructions = std::get_if<Term>(&found)) {
      collected_.scripts.push_back({*instructions, appup->source});
    } else if (const auto* fault = std::get_if<appup::EntryFault>(&found)) {
      Problem problem =
          make_problem(fault->rule, appup->source, fault->span, fault->message, Term());
      problem.diagnostic.notes.push_back("expected " + fault->expected);
      problems_.push_back(std::move(problem));
    } else {
      problems_.push_back(no_entry(application, *appup, way_.direction, other->version));
    }
  }

  void check_version(const Application& application, const appup::Appup& appup) {
    const Term version = Term::string(application.version());
    if (appup.version == version) return;
    Problem warning = make_problem(
        "appup-version", appup.source, appup.version.span(),
        "the appup says version " + print(appup.version) + ", the application is " + print(version),
        tagged("bad_vsn", Term::tuple({appup.version, version})));
    warning.diagnostic.fix =
        Fix{"write the version of the application", {{appup.version.span(), print(version)}}};
    collected_.warnings.push_back(std::move(warning));
  }

  const Way& way_;
  AppupSource& appups_;
  Problems& problems_;
  CollectedScripts collected_;
  std::optional<Problem> erts_warning_;
};

}  // namespace

AppupFiles::Read AppupFiles::read(const std::string& path) const {
  Read read;
  auto bytes = read_or_error(files_, path);
  if (const auto* error = std::get_if<Error>(&bytes)) {
    read.problems.push_back(no_appup(path, *error));
    return read;
  }
  ReadAppup appup = read_appup(path, std::move(std::get<std::string>(bytes)), otp_);
  read.appup = std::move(appup.appup);
  read.problems = std::move(appup.problems);
  return read;
}

const appup::Appup* AppupFiles::find(const Application& application, Problems& problems) {
  const std::string path =
      join_path(application.file.directory, appup::appup_name(application.name()));
  auto known = read_.find(path);
  if (known == read_.end()) known = read_.emplace(path, read(path)).first;
  const Read& found = known->second;
  problems.insert(problems.end(), found.problems.begin(), found.problems.end());
  return found.appup ? &*found.appup : nullptr;
}

CollectedScripts collect_scripts(const Way& way, AddedRestart restart, AppupSource& appups,
                                 Problems& problems) {
  return Collector(way, appups, problems).collect(restart);
}

}  // namespace relup
