// SPDX-License-Identifier: Apache-2.0
#include "generate/restarts.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "diff/in_words.hpp"
#include "diff/waiting_callers.hpp"

namespace relup::generate {
namespace {

using diff::ApplicationChange;

// Why something restarts on the ways between two versions.
struct Restart {
  std::string old_version;
  std::string new_version;
  std::string reason;
};

// " between 1.0 and 2.0" where not all ways are meant.
std::string ways_of(const Restart& restart, const std::vector<Restart>& all, std::size_t ways) {
  const bool all_alike =
      all.size() == ways && std::all_of(all.begin(), all.end(), [&](const Restart& each) {
        return each.reason == restart.reason;
      });
  if (all_alike) return "";
  return " between " + restart.old_version + " and " + restart.new_version;
}

// Empty where the emulator can go on. Where all that differs waits for its next start, an upgrade
// without a restart would bring nothing about.
std::string reason_to_restart_emulator(const Base& base) {
  if (!base.cold.emulator.empty()) return base.cold.emulator.front();
  if (base.cold.next_start.empty() || plan::has_hot_changes(base.diff)) return "";
  return describe(base.cold.next_start.front());
}

std::vector<Restart> emulator_restarts(const Bases& bases) {
  std::vector<Restart> restarts;
  for (const Base& base : bases) {
    const std::string reason = reason_to_restart_emulator(base);
    if (reason.empty()) continue;
    restarts.push_back({base.release->version(), base.diff.new_release.version, reason});
  }
  return restarts;
}

void report_settings(const Bases& bases, FindingList& findings) {
  for (const Base& base : bases) {
    for (const diff::SettingsChange& change : base.cold.next_start) {
      findings.add(
          make_finding("boot-setting", Severity::note,
                       describe(change) + ": it takes effect when the emulator starts again"));
    }
  }
}

// The applications whose version some base changes, sorted.
std::set<Atom> upgraded_applications(const Bases& bases) {
  std::set<Atom> applications;
  for (const Base& base : bases) {
    for (const ApplicationChange& change : base.diff.applications) {
      if (change.changes_version()) applications.insert(change.name);
    }
  }
  return applications;
}

// The stop ends the processes of the application; those of others may be inside of its code.
std::string waiting_meanwhile(const Bases& bases, Atom application,
                              const std::string& old_version) {
  for (const Base& base : bases) {
    const release::TreeApplication* files = base.release->find(application);
    if (files == nullptr || files->version != old_version) continue;
    return describe(diff::waiting_callers(*base.release, application));
  }
  return "";
}

// `others` wait in its code.
void tell_of_others(const std::string& others, Diagnostic& finding) {
  if (others.empty()) return;
  finding.message += "; who waits in its code meanwhile is not ended by that: " + others;
  finding.notes.emplace_back(
      "this relup lets them finish in the old code; one that OTP's systools makes of the appup "
      "kills them");
}

}  // namespace

void ApplicationRestarts::add(Atom application, const std::string& old_version,
                              const std::vector<std::string>& reasons) {
  std::vector<std::string>& known = reasons_[{application, old_version}];
  for (const std::string& reason : reasons) {
    if (std::find(known.begin(), known.end(), reason) == known.end()) known.push_back(reason);
  }
}

const std::vector<std::string>* ApplicationRestarts::find(Atom application,
                                                          const std::string& old_version) const {
  const auto found = reasons_.find({application, old_version});
  return found == reasons_.end() ? nullptr : &found->second;
}

std::set<Atom> ApplicationRestarts::between(const Base& base) const {
  std::set<Atom> applications;
  for (const ApplicationChange& change : base.diff.applications) {
    if (find(change.name, change.old_version) != nullptr) applications.insert(change.name);
  }
  return applications;
}

ApplicationRestarts find_application_restarts(const Bases& bases, const policy::Policy& policy,
                                              const std::set<Atom>& edited) {
  ApplicationRestarts restarts;
  for (const Base& base : bases) {
    for (const ApplicationChange& change : base.diff.applications) {
      if (!change.changes_version() || edited.contains(change.name)) continue;
      const auto reasons = base.cold.applications.find(change.name);
      if (policy.restarts(change.name)) {
        restarts.add(change.name, change.old_version, {"relup.yaml says so"});
      } else if (reasons != base.cold.applications.end()) {
        restarts.add(change.name, change.old_version, reasons->second);
      }
    }
  }
  return restarts;
}

void report_application_restarts(const Bases& bases, const ApplicationRestarts& restarts,
                                 FindingList& findings) {
  for (const Atom application : upgraded_applications(bases)) {
    const std::vector<AppupEntry> entries = entries_of(bases, application);
    std::vector<Restart> found;
    for (const AppupEntry& entry : entries) {
      const auto* reasons = restarts.find(application, entry.old_version);
      if (reasons == nullptr) continue;
      found.push_back({entry.old_version, entry.change_from(*entry.bases.front()).new_version,
                       reasons->front()});
    }
    for (const Restart& restart : found) {
      Diagnostic finding =
          make_finding("restart-application", Severity::warning,
                       application.name() + " is restarted" +
                           ways_of(restart, found, entries.size()) + ": " + restart.reason);
      tell_of_others(waiting_meanwhile(bases, application, restart.old_version), finding);
      findings.add(std::move(finding));
    }
  }
}

bool restarts_emulator(const Base& base, const policy::Policy& policy) {
  return policy.emulator_restart() == policy::EmulatorRestart::restart &&
         !reason_to_restart_emulator(base).empty();
}

void report_emulator_restarts(const Bases& bases, const policy::Policy& policy,
                              FindingList& findings) {
  report_settings(bases, findings);
  const std::vector<Restart> restarts = emulator_restarts(bases);
  for (const Restart& restart : restarts) {
    const std::string why = ways_of(restart, restarts, bases.size()) + ": " + restart.reason;
    if (policy.emulator_restart() == policy::EmulatorRestart::refuse) {
      throw Error(ErrorCode::needs_restart, "this cannot be done hot" + why)
          .with_hint(
              "restart the node with the new release, or write `emulator: restart` into "
              "relup.yaml for a relup that restarts the emulator");
    }
    findings.add(
        make_finding("restart-emulator", Severity::warning, "the emulator is restarted" + why));
  }
}

}  // namespace relup::generate
