// SPDX-License-Identifier: Apache-2.0
//
// Start order. The order of the `.rel` file is kept unless a dependency forces a move: take the
// first application that is left; whatever it uses and includes and still is left must go in front
// of it, in
// `.rel` order; with nothing left to go in front it is next. Meeting, among those to go in front,
// one that was taken before is a cycle; needing one that is neither left nor taken is an error,
// too. An application that includes another may be used by it, if it was taken before.
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

// Sorts, and remembers what does not let itself be sorted.
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
      Taken uses = take(*application, application->uses);
      const Taken includes = take(*application, application->includes);
      note_unplaced(*application, uses.unplaced, includes.unplaced);
      std::vector<const Application*>& before = uses.found;
      before.insert(before.end(), includes.found.begin(), includes.found.end());
      if (before.empty()) {
        order.push_back(application);
      } else {
        put_back(application, before);
      }
      visited_.push_back(application);
    }
    return order;
  }

  // Those that need each other in a circle.
  const std::vector<const Application*>& cycle() const { return cycle_; }
  // Needed by one that comes before them all the same, for instance used by it and included in it.
  const std::vector<Atom>& unplaced() const { return unplaced_; }

 private:
  struct Taken {
    std::vector<const Application*> found;
    std::vector<Atom> unplaced;
  };

  // Takes those of `names` off the work list that must start before `application`.
  Taken take(const Application& application, const std::vector<Atom>& names) {
    Taken taken;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const auto found = std::find_if(work_.begin(), work_.end(),
                                      [&](const auto* each) { return each->name() == *name; });
      if (found != work_.end() && !contains((*found)->includes, application.name())) {
        taken.found.insert(taken.found.begin(), *found);
        work_.erase(found);
      } else if (!is_visited(*name)) {
        taken.unplaced.insert(taken.unplaced.begin(), *name);
      }
    }
    return taken;
  }

  bool is_visited(Atom name) const {
    return std::any_of(visited_.begin(), visited_.end(),
                       [&](const Application* each) { return each->name() == name; });
  }

  void note_unplaced(const Application& application, std::vector<Atom> used,
                     const std::vector<Atom>& included) {
    for (const Atom optional : application.file.optional_applications)
      remove_first(used, optional);
    used.insert(used.end(), included.begin(), included.end());
    unplaced_.insert(unplaced_.begin(), used.begin(), used.end());
  }

  void put_back(const Application* application, const std::vector<const Application*>& before) {
    work_.push_front(application);
    work_.insert(work_.begin(), before.begin(), before.end());
    std::vector<const Application*> met;
    for (const Application* each : before) {
      for (const Application* visited : visited_) {
        if (is_same(each, visited)) met.push_back(each);
      }
    }
    for (const Application* each : met)
      drop(each);
    if (met.empty()) return;
    met.insert(met.begin(), application);
    cycle_.insert(cycle_.begin(), met.begin(), met.end());
  }

  static bool is_same(const Application* left, const Application* right) {
    return left->name() == right->name() && left->version() == right->version();
  }

  void drop(const Application* application) {
    const auto found = std::find_if(work_.begin(), work_.end(),
                                    [&](const auto* each) { return is_same(each, application); });
    if (found != work_.end()) work_.erase(found);
  }

  std::list<const Application*> work_;
  std::vector<const Application*> visited_;  // as often as they were met
  std::vector<const Application*> cycle_;
  std::vector<Atom> unplaced_;
};

Problem cycle_problem(const std::vector<const Application*>& cycle, const RelFile& rel) {
  Term::Elements pairs;
  std::string names;
  for (const Application* application : cycle) {
    const Term pair =
        Term::tuple({Term(application->name()), Term::string(application->version())});
    if (std::find(pairs.begin(), pairs.end(), pair) != pairs.end()) continue;
    pairs.push_back(pair);
    names += (names.empty() ? "" : ", ") + application->name().name();
  }
  return make_problem("circular-applications", rel.source, {0, 0},
                      "these applications need each other in a circle: " + names,
                      tagged("circular_dependencies", Term::list(std::move(pairs))));
}

Problem unplaced_problem(const std::vector<Atom>& unplaced, const RelFile& rel) {
  Problem problem = make_problem("unplaced-application", rel.source, {0, 0},
                                 "no place in the start order for " + print(atom_list(unplaced)),
                                 tagged("undefined_applications", atom_list(unplaced)));
  problem.diagnostic.notes.emplace_back(
      "an application may not be both used and included by another one, nor use one that includes "
      "it and is started later");
  return problem;
}

void report_unsorted(const StartOrder& start_order, const RelFile& rel, Problems& problems) {
  const bool circle = !start_order.cycle().empty();
  const std::vector<Atom> unplaced = unique(start_order.unplaced());
  Problems found;
  if (circle) found.push_back(cycle_problem(start_order.cycle(), rel));
  if (!unplaced.empty()) found.push_back(unplaced_problem(unplaced, rel));
  if (found.size() == 2) {
    const Term both = tagged("apps", Term::list({found[0].reason, found[1].reason}));
    for (Problem& problem : found)
      problem.reason = both;
  }
  problems.insert(problems.end(), found.begin(), found.end());
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
  // What is undefined has no place either; that has been said.
  if (problems.size() == before) report_unsorted(start_order, release.rel, problems);
  if (problems.size() != before) return false;
  Applications sorted;
  sorted.reserve(order.size());
  for (const Application* application : order)
    sorted.push_back(*application);
  applications = std::move(sorted);
  return true;
}

}  // namespace relup::release
