// SPDX-License-Identifier: Apache-2.0
#pragma once

// What no script can do while the node runs (plan/cold_changes.hpp), and what the policy wants
// restarted. Each base is judged by itself: what one of them needs, no other has to bear. Only an
// entry that several bases share restarts its application when one of them needs it.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "generate/bases.hpp"
#include "generate/finding_list.hpp"

namespace relup::generate {

// The applications that restart, and why: by the version that they come from.
class ApplicationRestarts {
 public:
  void add(Atom application, const std::string& old_version,
           const std::vector<std::string>& reasons);

  // Null where the application does not restart.
  const std::vector<std::string>* find(Atom application, const std::string& old_version) const;

  // Those that restart on the ways between `base` and the new release.
  std::set<Atom> between(const Base& base) const;

 private:
  std::map<std::pair<Atom, std::string>, std::vector<std::string>> reasons_;
};

// `edited` are the applications whose appup somebody has written, who knows better.
ApplicationRestarts find_application_restarts(const Bases& bases, const policy::Policy& policy,
                                              const std::set<Atom>& edited);

// A warning (rule `restart-application`) for each reason.
void report_application_restarts(const Bases& bases, const ApplicationRestarts& restarts,
                                 FindingList& findings);

// A note (rule `boot-setting`) for each setting that waits for the next start of the emulator, and
// a warning (rule `restart-emulator`) where the emulator must restart. Where the policy refuses
// that, an Error (needs_restart) that says why.
void report_emulator_restarts(const Bases& bases, const policy::Policy& policy,
                              FindingList& findings);

// Whether the way from this base restarts the emulator, and the policy lets it.
bool restarts_emulator(const Base& base, const policy::Policy& policy);

}  // namespace relup::generate
