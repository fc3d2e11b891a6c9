// SPDX-License-Identifier: Apache-2.0
#include "release/system_applications.hpp"

#include "release/boot_script.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

// An .app term stands somewhere in an instruction: {apply, {application, load, [App]}}, and that of
// kernel in {kernelProcess, application_controller, {application_controller, start, [App]}}.
void collect(const Term& term, std::map<Atom, Term>& found) {
  if (term.is_tagged("application", 3) && (*term.as_tuple())[1].as_atom() != nullptr &&
      (*term.as_tuple())[2].as_list() != nullptr && (*term.as_tuple())[1] != Term::atom("load")) {
    found.emplace(*(*term.as_tuple())[1].as_atom(), term);
    return;
  }
  const Term::Elements* parts = term.as_tuple() != nullptr ? term.as_tuple() : term.as_list();
  if (parts == nullptr) return;
  for (const Term& part : *parts)
    collect(part, found);
}

// Read as a file would be, so that places in it can be told.
std::optional<AppFile> read(const std::string& place, const Term& application) {
  const TermFile file = read_only_term(place, print(application) + ".");
  Problems problems;
  return read_app_term(file.term, file.source, 0, problems);
}

}  // namespace

bool brings_emulator(const ReleaseFiles& files, const std::string& erts_version) {
  return !files.names_in("erts-" + erts_version).empty();
}

std::map<Atom, AppFile> applications_of_boot_script(const ReleaseFiles& files,
                                                    const std::string& version) {
  const std::string path = boot_script_path(version);
  if (!files.exists(path)) return {};
  std::map<Atom, Term> terms;
  collect(read_boot_script(files, version), terms);
  std::map<Atom, AppFile> applications;
  for (const auto& [name, term] : terms) {
    if (auto file = read(files.place(path), term)) applications.emplace(name, std::move(*file));
  }
  return applications;
}

}  // namespace relup::release
