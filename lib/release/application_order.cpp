// SPDX-License-Identifier: Apache-2.0
//
// Start order. The order of the `.rel` file is kept unless a dependency forces a move: take the
// first application that is left; whatever it uses and includes and still is left must go in front
// of it, in
// `.rel` order; with nothing left to go in front it is next. Meeting, among those to go in front,
// one that was taken before is a cycle. An application that includes another may be used by it.
//
// An application that is included in another one is started by that one. So whoever uses the
// included application in fact waits for the outermost application that includes it, unless it is
// inside of the same one.

#include "release/application_order.hpp"

#include <algorithm>
#include <list>
#include <unordered_set>

#include "term/printer.hpp"

namespace relup::release {
namespace {

using Applications = std::vector<Application>;

bool contains(const std::vector<Atom>& atoms, Atom atom) {
  return std::find(atoms.begin(), atoms.end(), atom) != atoms.end();
}

// `List -- [Atom]`: the first occurrence only.
void remove_first(std::vector<Atom>& atoms, Atom atom) {
  const auto found = std::find(atoms.begin(), atoms.end(), atom);
  if (found != atoms.end()) atoms.erase(found);
}

std::vector<Atom> unique(const std::vector<Atom>& atoms) {
  std::vector<Atom> kept;
  std::unordered_set<Atom> seen;
  for (const Atom atom : atoms) {
    if (seen.insert(atom).second) kept.push_back(atom);
  }
  return kept;
}

void check_undefined(const ResolvedRelease& release, Problems& problems) {
  std::unordered_set<Atom> defined;
  for (const Application& application : release.applications)
    defined.insert(application.name());
  std::vector<Atom> undefined;
  for (const Application& application : release.applications) {
    std::vector<Atom> needed = application.uses;
    for (const Atom optional : application.file.optional_applications)
      remove_first(needed, optional);
    needed.insert(needed.end(), application.includes.begin(), application.includes.end());
    std::copy_if(needed.begin(), needed.end(), std::back_inserter(undefined),
                 [&](Atom name) { return !defined.contains(name); });
  }
  undefined = unique(undefined);
  for (const Atom name : undefined) {
    const auto user = std::find_if(
        release.applications.begin(), release.applications.end(), [&](const Application& each) {
          return contains(each.uses, name) || contains(each.includes, name);
        });
    Problem problem = make_problem(
        "undefined-application", user->file.source, {0, 0},
        user->name().name() + " needs " + name.name() + ", which the release does not have",
        tagged("undefined_applications", atom_list(undefined)));
    problem.diagnostic.notes.push_back("add " + name.name() + " to " + release.rel.source->name());
    problems.push_back(std::move(problem));
  }
}

// A name that an application claims: a module, a registered name, an included application.
struct Claim {
  Atom name;
  const Application* application;
};

Term claim_term(const Claim& claim, bool with_version) {
  const AppFile& file = claim.application->file;
  Term::Elements parts{Term(claim.name), Term(file.name)};
  if (with_version) parts.push_back(Term::string(file.version));
  parts.push_back(Term::string(file.directory));
  return Term::tuple(std::move(parts));
}

void check_duplicates(std::vector<Claim> claims, std::string_view reason, std::string_view what,
                      Problems& problems) {
  std::stable_sort(claims.begin(), claims.end(),
                   [](const Claim& left, const Claim& right) { return left.name < right.name; });
  const bool with_version = reason != "duplicate_modules";
  Term::Elements pairs;
  std::vector<std::pair<Claim, Claim>> found;
  for (std::size_t i = 0; i + 1 < claims.size(); ++i) {
    if (!(claims[i].name == claims[i + 1].name)) continue;
    found.emplace(found.begin(), claims[i], claims[i + 1]);
    pairs.insert(pairs.begin(), Term::tuple({claim_term(claims[i], with_version),
                                             claim_term(claims[i + 1], with_version)}));
  }
  for (const auto& [first, second] : found) {
    problems.push_back(make_problem(
        "duplicate-" + std::string(what), second.application->file.source, {0, 0},
        "the " + std::string(what) + " " + first.name.name() + " is claimed by " +
            first.application->name().name() + " and by " + second.application->name().name(),
        tagged(reason, Term::list(pairs))));
  }
}

template <typename Names>
std::vector<Claim> claims_of(const Applications& applications, Names names) {
  std::vector<Claim> claims;
  for (const Application& application : applications) {
    for (const Atom name : names(application))
      claims.push_back({name, &application});
  }
  return claims;
}

// The outermost application that includes `name`, or `name` itself.
Atom top_of(Atom name, const std::vector<Claim>& included) {
  // A chain of inclusions is no longer than the list of them, unless it bites its tail.
  for (std::size_t step = 0; step <= included.size(); ++step) {
    const auto found = std::find_if(included.begin(), included.end(),
                                    [&](const Claim& claim) { return claim.name == name; });
    if (found == included.end()) break;
    name = found->application->name();
  }
  return name;
}

std::vector<Atom> uses_of_tops(const Application& application, const std::vector<Claim>& included) {
  const Atom own_top = top_of(application.name(), included);
  std::vector<Atom> uses = application.uses;
  for (const Atom used : application.uses) {
    if (used == own_top) {
      remove_first(uses, own_top);
      continue;
    }
    const bool is_included = std::any_of(included.begin(), included.end(),
                                         [&](const Claim& claim) { return claim.name == used; });
    if (!is_included) continue;
    const Atom top = top_of(used, included);
    if (contains(uses, top)) {
      remove_first(uses, used);
    } else if (!(top == own_top)) {
      remove_first(uses, used);
      uses.push_back(top);
    }
  }
  return uses;
}

void sort_by_rel_position(std::vector<Atom>& names, const RelFile& rel) {
  const auto position = [&](Atom name) {
    return std::find_if(rel.applications.begin(), rel.applications.end(),
                        [&](const RelApplication& each) { return each.name == name; }) -
           rel.applications.begin();
  };
  std::stable_sort(names.begin(), names.end(),
                   [&](Atom left, Atom right) { return position(left) < position(right); });
}

// Sorts; the result is empty when there is a cycle, whose members then stand in `cycle`.
class StartOrder {
 public:
  explicit StartOrder(const Applications& applications) {
    for (const Application& application : applications)
      work_.push_back(&application);
  }

  std::vector<const Application*> sort() {
    std::vector<const Application*> order;
    while (!work_.empty()) {
      const Application* application = work_.front();
      work_.pop_front();
      std::vector<const Application*> before = take(*application, application->uses);
      const auto includes = take(*application, application->includes);
      before.insert(before.end(), includes.begin(), includes.end());
      if (before.empty()) {
        order.push_back(application);
      } else {
        put_back(application, before);
      }
      visited_.insert(application->name());
    }
    return order;
  }

  const std::vector<const Application*>& cycle() const { return cycle_; }

 private:
  // Takes those of `names` off the work list that must start before `application`.
  std::vector<const Application*> take(const Application& application,
                                       const std::vector<Atom>& names) {
    std::vector<const Application*> taken;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const auto found = std::find_if(work_.begin(), work_.end(),
                                      [&](const auto* each) { return each->name() == *name; });
      if (found == work_.end() || contains((*found)->includes, application.name())) continue;
      taken.insert(taken.begin(), *found);
      work_.erase(found);
    }
    return taken;
  }

  void put_back(const Application* application, const std::vector<const Application*>& before) {
    std::vector<const Application*> met;
    work_.push_front(application);
    for (auto each = before.rbegin(); each != before.rend(); ++each) {
      if (visited_.contains((*each)->name())) {
        met.insert(met.begin(), *each);
      } else {
        work_.push_front(*each);
      }
    }
    if (met.empty()) return;
    met.insert(met.begin(), application);
    cycle_.insert(cycle_.begin(), met.begin(), met.end());
  }

  std::list<const Application*> work_;
  std::unordered_set<Atom> visited_;
  std::vector<const Application*> cycle_;
};

void report_cycle(const std::vector<const Application*>& cycle, const RelFile& rel,
                  Problems& problems) {
  Term::Elements pairs;
  std::string names;
  std::unordered_set<const Application*> seen;
  for (const Application* application : cycle) {
    if (!seen.insert(application).second) continue;
    pairs.push_back(Term::tuple({Term(application->name()), Term::string(application->version())}));
    names += (names.empty() ? "" : ", ") + application->name().name();
  }
  problems.push_back(make_problem("circular-applications", rel.source, {0, 0},
                                  "these applications need each other in a circle: " + names,
                                  tagged("circular_dependencies", Term::list(std::move(pairs)))));
}

}  // namespace

bool put_in_start_order(ResolvedRelease& release, Problems& problems) {
  const std::size_t before = problems.size();
  Applications& applications = release.applications;
  check_undefined(release, problems);
  check_duplicates(claims_of(applications, [](const auto& each) { return each.file.registered; }),
                   "duplicate_register", "registered name", problems);
  const std::vector<Claim> included =
      claims_of(applications, [](const auto& each) { return each.includes; });
  check_duplicates(included, "duplicate_include", "included application", problems);
  check_duplicates(claims_of(applications, [](const auto& each) { return each.file.modules; }),
                   "duplicate_modules", "module", problems);

  std::vector<std::vector<Atom>> uses;
  for (const Application& application : applications) {
    uses.push_back(uses_of_tops(application, included));
  }
  for (std::size_t i = 0; i < applications.size(); ++i) {
    applications[i].uses = std::move(uses[i]);
    sort_by_rel_position(applications[i].uses, release.rel);
    sort_by_rel_position(applications[i].includes, release.rel);
  }
  StartOrder start_order(applications);
  const std::vector<const Application*> order = start_order.sort();
  if (!start_order.cycle().empty()) report_cycle(start_order.cycle(), release.rel, problems);
  if (problems.size() != before) return false;
  Applications sorted;
  sorted.reserve(order.size());
  for (const Application* application : order)
    sorted.push_back(*application);
  applications = std::move(sorted);
  return true;
}

}  // namespace relup::release
