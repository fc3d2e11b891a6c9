// SPDX-License-Identifier: Apache-2.0
#include "generate/generate_upgrade.hpp"

#include <algorithm>

#include "generate/finding_list.hpp"
#include "generate/kept_paths.hpp"
#include "generate/make_appup.hpp"
#include "generate/make_relup.hpp"
#include "generate/restarts.hpp"

namespace relup::generate {
namespace {

using release::TreeApplication;

// Of the applications whose version some base changes.
EditedAppups find_edited_appups(const GenerateRequest& request, const Bases& bases) {
  EditedAppups edited;
  if (!request.edited_appup) return edited;
  for (const TreeApplication& application : request.new_release->applications) {
    if (entries_of(bases, application.name).empty()) continue;
    auto found = request.edited_appup(application);
    if (found) edited.emplace(application.name, std::move(*found));
  }
  return edited;
}

std::set<Atom> names_of(const EditedAppups& edited) {
  std::set<Atom> names;
  for (const auto& each : edited)
    names.insert(each.first);
  return names;
}

// Scripts of other applications can rely only on those that relup writes module by module.
void plan_bases(const GenerateRequest& request, const EditedAppups& edited,
                const ApplicationRestarts& restarts, Bases& bases) {
  for (Base& base : bases) {
    std::set<Atom> foreign = restarts.between(base);
    for (const auto& [application, appup] : edited) {
      if (appup.use == EditedAppup::Use::as_it_is) foreign.insert(application);
    }
    base.plan =
        plan::plan_release(base.diff, request.new_release->release, foreign, request.policy);
  }
}

}  // namespace

Generated generate_upgrade(const GenerateRequest& request) {
  FindingList findings(request.policy);
  Bases bases = compare_bases(request.old_releases, *request.new_release);
  for (const Base& base : bases)
    findings.add(base.diff.findings);
  const EditedAppups edited = find_edited_appups(request, bases);
  report_emulator_restarts(bases, request.policy, findings);
  report_kept_paths(bases, *request.new_release, findings);
  const ApplicationRestarts restarts =
      find_application_restarts(bases, request.policy, names_of(edited));
  report_application_restarts(bases, restarts, findings);
  plan_bases(request, edited, restarts, bases);

  Generated generated;
  GeneratedAppups source;
  const AppupMaker maker(request, bases, restarts, edited, findings);
  for (const TreeApplication& application : request.new_release->applications)
    maker.make(application, generated, source);
  if (!findings.has_errors()) {
    Relup relup = make_relup(request, bases, source, findings);
    if (!findings.has_errors()) generated.relup = std::move(relup);
  }
  generated.diagnostics = findings.take();
  return generated;
}

}  // namespace relup::generate
