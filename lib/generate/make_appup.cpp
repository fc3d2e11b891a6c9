// SPDX-License-Identifier: Apache-2.0
//
// Bases that share an entry have the same version of the application, so almost always they need
// the same instructions. They may differ where another application takes part, from which a module
// moved or whose struct is a state, and where one version was built twice. An entry has no room for
// that: it is planned for each of its bases, and when the plans differ, that is said.

#include "generate/make_appup.hpp"

#include <algorithm>

#include "appup/appup_name.hpp"
#include "merge/merge_appup.hpp"
#include "plan/edited_check.hpp"
#include "plan/live_data_check.hpp"
#include "plan/state_check.hpp"
#include "plan/supervision_findings.hpp"

namespace relup::generate {
namespace {

using appup::Direction;
using diff::ApplicationChange;
using release::TreeApplication;

using Plans = std::vector<const plan::ReleasePlan*>;

Plans plans_of(const Bases& bases) {
  Plans plans;
  for (const Base& base : bases)
    plans.push_back(&base.plan);
  return plans;
}

// Scripts of one instruction each.
plan::PlannedScripts decided(Atom application, const appup::Action& up, const appup::Action& down,
                             const std::vector<std::string>& because) {
  return {
      {up},
      {down},
      {},
      {{Direction::up, application, up, because}, {Direction::down, application, down, because}}};
}

bool is_same(const std::vector<appup::Action>& left, const std::vector<appup::Action>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const appup::Action& one, const appup::Action& other) {
                      return appup::to_term(one) == appup::to_term(other);
                    });
}

Diagnostic differing_bases(const AppupEntry& entry, const Base& other) {
  const std::string& first = entry.bases.front()->release->version();
  Diagnostic finding = make_finding(
      "shared-entry", Severity::warning,
      "releases " + first + " and " + other.release->version() + " both have " +
          entry.application.name() + " " + entry.old_version +
          ", but need different instructions to leave it; the entry has those of " + first);
  finding.notes.emplace_back("give it another version in one of them, or generate two relups");
  return finding;
}

std::string appup_in_tree(const TreeApplication& application) {
  return appup::appup_path(application.directory, application.name);
}

}  // namespace

AppupMaker::AppupMaker(const GenerateRequest& request, const Bases& bases,
                       const ApplicationRestarts& restarts, const EditedAppups& edited,
                       FindingList& findings)
    : request_(request),
      bases_(bases),
      restarts_(restarts),
      edited_(edited),
      findings_(findings),
      ties_(plans_of(bases)) {}

void AppupMaker::make(const TreeApplication& application, Generated& generated,
                      GeneratedAppups& source) const {
  const Entries entries = entries_of(bases_, application.name);
  if (entries.empty()) return;
  const auto edited = edited_.find(application.name);
  GeneratedAppup appup = edited == edited_.end()
                             ? write(application, entries, generated)
                             : take_edited(edited->second, application, entries, generated);
  const std::string name = appup.is_edited ? appup.origin : appup_in_tree(application);
  Diagnostics faults;
  source.add(application.name, name, appup.text, request_.otp, faults);
  for (Diagnostic& fault : faults)
    findings_.add_fault(std::move(fault));
  const appup::Appup* read = source.find(application.name);
  if (appup.is_edited && read != nullptr) check_edited(entries, *read);
  generated.appups.push_back(std::move(appup));
}

GeneratedAppup AppupMaker::write(const TreeApplication& application, const Entries& entries,
                                 Generated& generated) const {
  const std::string ebin =
      request_.new_release->reference.files->place(application.directory + "/ebin");
  for (const AppupEntry& entry : entries)
    check_states(entry, ebin);
  GeneratedAppup appup{application.name, application.version};
  appup.text = appup::generated_text(application.name.name(),
                                     make_document(application, entries, generated));
  return appup;
}

// As it will be: what relup would write now is merged into it, or nothing is.
GeneratedAppup AppupMaker::take_edited(const EditedAppup& edited,
                                       const TreeApplication& application, const Entries& entries,
                                       Generated& generated) const {
  GeneratedAppup appup{application.name, application.version, edited.text, true, false,
                       edited.file};
  if (edited.use == EditedAppup::Use::as_it_is) return appup;
  merge::MergeResult merged =
      merge::merge_appup(edited.file, edited.text, make_document(application, entries, generated),
                         application.name.name());
  findings_.add(std::move(merged.diagnostics));
  appup.is_merged = merged.text != edited.text;
  appup.text = std::move(merged.text);
  return appup;
}

appup::AppupDocument AppupMaker::make_document(const TreeApplication& application,
                                               const Entries& entries, Generated& generated) const {
  appup::AppupDocument document{application.version, {}, {}};
  for (const AppupEntry& entry : entries) {
    plan::PlannedScripts scripts = scripts_of(entry);
    findings_.add(std::move(scripts.notes));
    generated.entries.push_back(
        {application.name, entry.old_version, application.version, std::move(scripts.decisions)});
    document.up.push_back({entry.old_version, std::move(scripts.up)});
    document.down.push_back({entry.old_version, std::move(scripts.down)});
  }
  return document;
}

plan::PlannedScripts AppupMaker::scripts_of(const AppupEntry& entry) const {
  const Atom application = entry.application;
  if (application == "kernel" || application == "stdlib" || application == "sasl") {
    return decided(application, appup::RestartNewEmulator{}, appup::RestartEmulator{},
                   {application.name() + " is under everything else"});
  }
  if (const auto* reasons = restarts_.find(application, entry.old_version)) {
    const appup::RestartApplication restart{application};
    return decided(application, restart, restart, *reasons);
  }
  return plan_by_module(entry);
}

plan::PlannedScripts AppupMaker::plan_by_module(const AppupEntry& entry) const {
  const auto plan_for = [&](const Base& base) {
    return plan::plan_scripts(
        {entry.application, {&base.plan}, request_.rebuilt, &request_.policy, &ties_});
  };
  plan::PlannedScripts scripts = plan_for(*entry.bases.front());
  for (std::size_t i = 1; i < entry.bases.size(); ++i) {
    const plan::PlannedScripts others = plan_for(*entry.bases[i]);
    if (is_same(others.up, scripts.up) && is_same(others.down, scripts.down)) continue;
    findings_.add(differing_bases(entry, *entry.bases[i]));
  }
  return scripts;
}

// The state of processes, and the children of supervisors. Neither lives on when the application
// restarts.
void AppupMaker::check_states(const AppupEntry& entry, const std::string& ebin) const {
  if (restarts_.find(entry.application, entry.old_version) != nullptr) return;
  for (const Base* base : entry.bases) {
    const ApplicationChange& change = entry.change_from(*base);
    findings_.add(plan::check_states(change, ebin));
    const auto supervision = request_.policy.supervision(entry.application);
    findings_.add(plan::check_live_data(change, ebin, supervision));
    findings_.add(plan::check_supervision(change, ebin, supervision));
  }
}

void AppupMaker::check_edited(const Entries& entries, const appup::Appup& appup) const {
  for (const AppupEntry& entry : entries) {
    for (const Base* base : entry.bases)
      findings_.add(plan::check_edited(appup, entry.change_from(*base), request_.policy));
  }
}

}  // namespace relup::generate
