// SPDX-License-Identifier: Apache-2.0
#include "release/rel_file.hpp"

#include <algorithm>
#include <array>

#include "term/printer.hpp"

namespace relup::release {
namespace {

std::optional<RelApplication> read_application(const Term& term) {
  const Term::Elements* parts = term.as_tuple();
  if (parts == nullptr || parts->size() < 2 || parts->size() > 4) return std::nullopt;
  const Atom* name = (*parts)[0].as_atom();
  const std::optional<std::string> version = (*parts)[1].text();
  if (name == nullptr || !version) return std::nullopt;
  RelApplication application{*name, *version, Atom("permanent"), std::nullopt, term.span()};
  // {A,V,Incl} where Incl is a list, {A,V,Type} where it is an atom, {A,V,Type,Incl}.
  std::size_t next = 2;
  if (next < parts->size() && (*parts)[next].as_atom() != nullptr) {
    if (!is_start_type((*parts)[next])) return std::nullopt;
    application.start_type = *(*parts)[next++].as_atom();
  } else if (parts->size() == 4) {
    return std::nullopt;
  }
  if (next < parts->size()) {
    application.included = (*parts)[next++].atoms();
    if (!application.included) return std::nullopt;
  }
  return next == parts->size() ? std::optional(application) : std::nullopt;
}

void check_string(const Term& value, std::string_view what, Term reason, const Source& source,
                  Problems& problems) {
  if (value.text()) return;
  problems.push_back(make_problem(
      "bad-rel-file", source, value.span(),
      "the " + std::string(what) + " of the release is " + print(value) + ", expected a string",
      std::move(reason)));
}

// kernel and stdlib must be there, and permanent.
void check_mandatory(const RelFile& rel, Span place, Problems& problems) {
  for (const std::string_view name : {"kernel", "stdlib"}) {
    const RelApplication* found = rel.find(Atom(name));
    if (found == nullptr) {
      problems.push_back(make_problem("missing-mandatory-application", rel.source, place,
                                      "the release has no " + std::string(name),
                                      tagged("missing_mandatory_app", Term::atom(name))));
    } else if (!(found->start_type == "permanent")) {
      problems.push_back(make_problem(
          "mandatory-application-type", rel.source, found->span,
          std::string(name) + " is of type " + found->start_type.name() + ", it must be permanent",
          tagged("mandatory_app", Term::atom(name), Term(found->start_type))));
    }
  }
}

}  // namespace

const RelApplication* RelFile::find(Atom application) const {
  const auto found = std::find_if(applications.begin(), applications.end(),
                                  [&](const auto& each) { return each.name == application; });
  return found == applications.end() ? nullptr : &*found;
}

bool is_start_type(const Term& term) {
  static constexpr auto types =
      std::to_array<std::string_view>({"permanent", "transient", "temporary", "load", "none"});
  return std::any_of(types.begin(), types.end(),
                     [&](std::string_view type) { return term.is_atom(type); });
}

std::optional<RelFile> read_rel_term(const Term& term, const Source& source, Problems& problems) {
  const Term::Elements* parts = term.as_tuple();
  const Term::Elements* id = term.is_tagged("release", 4) && (*parts)[1].as_tuple() != nullptr
                                 ? (*parts)[1].as_tuple()
                                 : nullptr;
  if (id == nullptr || id->size() != 2 || !(*parts)[2].is_tagged("erts", 2) ||
      !(*parts)[3].is_proper_list()) {
    problems.push_back(make_problem(
        "bad-rel-file", source, term.span(),
        "not a release: expected {release, {Name, Vsn}, {erts, ErtsVsn}, Applications}",
        Term::atom("badly_formatted_release")));
    return std::nullopt;
  }
  const std::size_t before = problems.size();
  const Term& erts = (*(*parts)[2].as_tuple())[1];
  check_string((*id)[0], "name", tagged("illegal_name", (*id)[0]), source, problems);
  check_string((*id)[1], "version", tagged("illegal_form", (*id)[1]), source, problems);
  check_string(erts, "ERTS version", tagged("illegal_form", tagged("erts", erts)), source,
               problems);

  RelFile rel{"", "", "", {}, source};
  Term::Elements illegal;
  for (const Term& entry : *(*parts)[3].as_list()) {
    std::optional<RelApplication> application = read_application(entry);
    if (application) {
      rel.applications.push_back(std::move(*application));
    } else {
      illegal.push_back(entry);
    }
  }
  for (const Term& entry : illegal) {
    Problem problem = make_problem("bad-rel-file", source, entry.span(),
                                   print(entry) + " does not name an application",
                                   tagged("illegal_applications", Term::list(illegal)));
    problem.diagnostic.notes.push_back(
        "expected {App, Vsn}, {App, Vsn, Type}, {App, Vsn, Included} or {App, Vsn, Type, "
        "Included}");
    problems.push_back(std::move(problem));
  }
  if (illegal.empty()) check_mandatory(rel, (*parts)[3].span(), problems);
  if (problems.size() != before) return std::nullopt;
  rel.name = *(*id)[0].text();
  rel.version = *(*id)[1].text();
  rel.erts_version = *erts.text();
  return rel;
}

}  // namespace relup::release
