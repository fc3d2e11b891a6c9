// SPDX-License-Identifier: Apache-2.0
#include "generate/generate_upgrade.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "generate/finding_list.hpp"
#include "generate/kept_paths.hpp"
#include "generate/make_appup.hpp"
#include "generate/make_relup.hpp"
#include "generate/policy_names.hpp"
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

// Without a new version there is no relup: it says how one version becomes another.
void check_versions(const GenerateRequest& request) {
  for (const release::ReleaseTree* old_release : request.old_releases) {
    if (old_release->version() != request.new_release->version()) continue;
    throw Error(ErrorCode::bad_input, "both releases are " + request.new_release->name() + " " +
                                          request.new_release->version() +
                                          ": the version was not raised")
        .with_hint("raise the version of the release, and of each application that changed");
  }
}

// What speaks against an upgrade that changes code while it runs is a warning where the emulator
// starts anew.
void report_difference(const Base& base, const policy::Policy& policy, FindingList& findings) {
  for (Diagnostic finding : base.diff.findings) {
    if (finding.severity == Severity::error && restarts_emulator(base, policy)) {
      finding.severity = Severity::warning;
    }
    findings.add(std::move(finding));
  }
}

}  // namespace

Generated generate_upgrade(const GenerateRequest& request) {
  FindingList findings(request.policy);
  Bases bases = compare_bases(request.old_releases, *request.new_release);
  check_versions(request);
  findings.add(unknown_names(request));
  for (const Base& base : bases)
    report_difference(base, request.policy, findings);
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
