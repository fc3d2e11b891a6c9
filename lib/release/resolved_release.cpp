// SPDX-License-Identifier: Apache-2.0
#include "release/resolved_release.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "release/application_order.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

Term not_found_reason(const std::string& file) {
  return tagged("not_found", Term::string(file));
}

Problem not_found(const std::string& file, const std::string& searched) {
  return make_file_problem("file-not-found", file, "there is no " + file + " " + searched,
                           not_found_reason(file));
}

// Whether `file:path_open/3` looks into the next directory; what is there and cannot be opened ends
// its search.
bool is_passed_over(const Error& error) {
  return error.error_number() == ENOENT || error.error_number() == ENOTDIR;
}

// What OTP cannot open, or cut into tokens, is not there for it.
bool is_absent(const Term& reason) {
  return reason.is_tagged("read", 2) || reason.is_tagged("not_found", 2);
}

Term parse_error(const std::string& path, const SyntaxError& error) {
  return tagged("parse_error",
                Term::tuple({Term::string(path), Term(static_cast<std::int64_t>(error.otp_line)),
                             error.otp_what}));
}

// What `lists:keyfind(Name, 1, Incls)` finds: the first mention of the application that overrides.
std::optional<std::vector<Atom>> overriding_includes(const RelFile& rel, Atom name) {
  for (const RelApplication& application : rel.applications) {
    if (application.name == name && application.included) return application.included;
  }
  return std::nullopt;
}

std::vector<Atom> without(std::vector<Atom> atoms, const std::vector<Atom>& removed) {
  std::erase_if(atoms, [&](Atom atom) {
    return std::find(removed.begin(), removed.end(), atom) != removed.end();
  });
  return atoms;
}

Problem wrong_version(const RelApplication& wanted, const AppFile& found, const RelFile& rel) {
  const auto pair = [](std::string_view tag, const std::string& version) {
    return Term::tuple({Term::string(tag), Term::string(version)});
  };
  const Term reason = tagged(
      "no_valid_version",
      Term::tuple({pair("should be", wanted.version),
                   Term::tuple({Term::string("found file"), Term::string(found.source->name()),
                                Term::string(found.version)})}));
  Problem problem = make_problem("application-version", rel.source, wanted.span,
                                 wanted.name.name() + " " + wanted.version +
                                     " is not on the path: " + found.source->name() +
                                     " is version " + found.version,
                                 reason);
  problem.diagnostic.notes.push_back("add the directory of version " + wanted.version +
                                     " to the path, or correct the version in the .rel file");
  return problem;
}

Problem name_mismatch(const RelApplication& wanted, const AppFile& found) {
  const Term reason =
      tagged("bad_application_name",
             Term::tuple({Term(wanted.name),
                          Term::tuple({Term(found.name), Term::string(found.version)})}));
  return make_problem(
      "application-name", found.source, {0, 0},
      "the file is named for " + wanted.name.name() + " but describes " + found.name.name(),
      reason);
}

// [], for a text on which OTP crashes, stays [].
Term error_reading(Atom name, const Term& reason) {
  if (reason.is_nil()) return reason;
  return tagged("error_reading", Term::tuple({Term(name), reason}));
}

// systools answers one list of all application problems, the last one first.
Problems combined(Problems problems) {
  std::reverse(problems.begin(), problems.end());
  Term::Elements reasons;
  for (const Problem& problem : problems)
    reasons.push_back(problem.reason);
  const bool crash = std::any_of(reasons.begin(), reasons.end(),
                                 [](const Term& reason) { return reason.is_nil(); });
  const Term list = crash ? Term() : Term::list(reasons);
  for (Problem& problem : problems)
    problem.reason = list;
  return problems;
}

// The application of a file of the right version, with the includes that the .rel file wants.
std::optional<Application> accept(const RelApplication& wanted, const AppFile& file,
                                  const RelFile& rel, Problems& problems) {
  Application application{file, wanted.start_type, file.applications, file.included_applications};
  if (const auto includes = overriding_includes(rel, file.name)) {
    const std::vector<Atom> unknown = without(*includes, application.includes);
    if (!unknown.empty()) {
      problems.push_back(
          make_problem("included-application", rel.source, wanted.span,
                       "the .rel file includes applications that " + file.source->name() +
                           " does not: " + print(atom_list(unknown)),
                       error_reading(wanted.name, tagged("override_include", atom_list(unknown)))));
      return std::nullopt;
    }
    application.includes = *includes;
  }
  if (file.name == wanted.name) return application;
  problems.push_back(name_mismatch(wanted, file));
  return std::nullopt;
}

}  // namespace

const Application* ResolvedRelease::find(Atom name) const {
  const auto found = std::find_if(applications.begin(), applications.end(),
                                  [&](const Application& each) { return each.name() == name; });
  return found == applications.end() ? nullptr : &*found;
}

ReleaseReader::ReleaseReader(FileSystem& files, const std::vector<std::string>& path_patterns,
                             OtpVersion otp)
    : files_(files), path_(files, path_patterns), otp_(otp) {}

std::optional<ResolvedRelease> ReleaseReader::read(const std::string& name, Problems& problems) {
  const std::optional<RelFile> rel = read_rel(name, problems);
  if (!rel) return std::nullopt;
  ResolvedRelease release{*rel, {}};
  Problems faults;
  for (const RelApplication& wanted : rel->applications) {
    if (auto application = find_application(wanted, *rel, faults)) {
      release.applications.push_back(std::move(*application));
    }
  }
  if (!faults.empty()) {
    faults = combined(std::move(faults));
    problems.insert(problems.end(), faults.begin(), faults.end());
    return std::nullopt;
  }
  if (!put_in_start_order(release, problems)) return std::nullopt;
  return release;
}

std::optional<RelFile> ReleaseReader::read_rel(const std::string& name, Problems& problems) {
  const std::string file = name + ".rel";
  std::vector<std::string> directories{"."};
  directories.insert(directories.end(), path_.directories().begin(), path_.directories().end());
  for (const std::string& directory : directories) {
    const std::string path = directory == "." ? file : join_path(directory, file);
    auto bytes = read_or_error(files_, path);
    if (const auto* error = std::get_if<Error>(&bytes)) {
      if (is_passed_over(*error)) continue;
      problems.push_back(
          make_file_problem("file-not-found", path, error->message(), not_found_reason(file)));
      return std::nullopt;
    }
    const auto text =
        read_first_term(path, std::move(std::get<std::string>(bytes)), otp_.dialect());
    if (const auto* fault = std::get_if<TermFault>(&text)) {
      problems.push_back({to_diagnostic(*fault), otp_reason(fault->error, file)});
      return std::nullopt;
    }
    const auto& rel = std::get<TermFile>(text);
    return read_rel_term(rel.term, rel.source, problems);
  }
  problems.push_back(not_found(file, "in the current directory or on the path"));
  return std::nullopt;
}

const ReleaseReader::Read& ReleaseReader::read_app(const std::string& path) {
  const auto known = apps_.find(path);
  if (known != apps_.end()) return known->second;
  Read read;
  auto bytes = read_or_error(files_, path);
  if (const auto* error = std::get_if<Error>(&bytes)) {
    read.problems.push_back(make_file_problem("file-not-found", path, error->message(),
                                              not_found_reason(base_name(path))));
    return apps_.emplace(path, std::move(read)).first->second;
  }
  const auto text = read_first_term(path, std::move(std::get<std::string>(bytes)), otp_.dialect());
  if (const auto* fault = std::get_if<TermFault>(&text)) {
    // Where OTP would crash, it looks no further, and neither do we.
    read.is_parse_error =
        fault->error.kind == SyntaxErrorKind::parse && !fault->error.otp_what.is_nil();
    read.problems.push_back(
        {to_diagnostic(*fault), read.is_parse_error ? parse_error(path, fault->error)
                                                    : otp_reason(fault->error, base_name(path))});
  } else {
    const auto& file = std::get<TermFile>(text);
    read.file = read_app_term(file.term, file.source, otp_.major, read.problems);
  }
  return apps_.emplace(path, std::move(read)).first->second;
}

// Goes along the path: the first file of the wanted version wins, a file of another version or one
// that does not parse or open is remembered as the reason should none come, any other fault ends
// the search.
std::optional<Application> ReleaseReader::find_application(const RelApplication& wanted,
                                                           const RelFile& rel, Problems& problems) {
  const std::string file = wanted.name.name() + ".app";
  // Mostly the folder says it, and no other needs to be looked into. What is not as it should be is
  // looked for everywhere.
  for (const std::string& directory : path_.called_after(wanted.name.name())) {
    const Read& read = read_app(join_path(directory, file));
    if (!read.file) break;
    if (read.file->version == wanted.version) return accept(wanted, *read.file, rel, problems);
  }
  std::optional<Problem> first;
  std::optional<Problem> unreadable;
  for (const std::string& directory : path_.holding(file)) {
    const Read& read = read_app(join_path(directory, file));
    if (read.file && read.file->version == wanted.version) {
      return accept(wanted, *read.file, rel, problems);
    }
    if (read.file) {
      if (!first) first = wrong_version(wanted, *read.file, rel);
    } else if (read.is_parse_error) {
      if (!first) first = read.problems.front();
    } else if (!is_absent(read.problems.front().reason)) {
      first = read.problems.front();
      break;
    } else if (!unreadable) {
      unreadable = read.problems.front();
    }
  }
  if (!first && unreadable) {
    first = unreadable;
    first->reason = not_found_reason(file);
  } else if (!first) {
    first = not_found(file, "on the path");
    first->diagnostic.source = rel.source;
    first->diagnostic.file = rel.source->name();
    first->diagnostic.span = wanted.span;
  }
  first->reason = error_reading(wanted.name, first->reason);
  problems.push_back(std::move(*first));
  return std::nullopt;
}

Term release_record(const RelFile& rel) {
  Term::Elements applications;
  Term::Elements includes;
  for (const RelApplication& application : rel.applications) {
    applications.push_back(Term::tuple(
        {Term(application.name), Term::string(application.version), Term(application.start_type)}));
    if (application.included) {
      includes.push_back(Term::tuple({Term(application.name), atom_list(*application.included)}));
    }
  }
  return tagged("release", Term::string(rel.name), Term::string(rel.version),
                Term::string(rel.erts_version), Term::list(std::move(applications)),
                Term::list(std::move(includes)));
}

Term application_record(const Application& application) {
  const AppFile& file = application.file;
  return Term::tuple(
      {Term::atom("application"), Term(file.name), Term(application.start_type),
       Term::string(file.version), file.id, file.description, atom_list(file.modules),
       atom_list(application.uses), atom_list(file.optional_applications),
       atom_list(application.includes), atom_list(file.registered), file.environment, file.max_time,
       file.max_processes, file.start_module, file.start_phases, Term::string(file.directory)});
}

}  // namespace relup::release
