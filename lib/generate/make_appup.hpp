// SPDX-License-Identifier: Apache-2.0
#pragma once

// The appup of one application of the new release, with an entry for each version of it that some
// base has. What somebody wrote wins, what somebody edited is merged with what relup would write
// now, and both are held against the releases.

#include <map>

#include "appup/appup_text.hpp"
#include "generate/bases.hpp"
#include "generate/finding_list.hpp"
#include "generate/generate_upgrade.hpp"
#include "generate/generated_appups.hpp"
#include "generate/restarts.hpp"

namespace relup::generate {

using EditedAppups = std::map<Atom, EditedAppup>;

class AppupMaker {
 public:
  // Everything must outlive this, and `bases` must have their plans.
  AppupMaker(const GenerateRequest& request, const Bases& bases,
             const ApplicationRestarts& restarts, const EditedAppups& edited,
             FindingList& findings);

  // Puts the appup into `generated` with the decisions of its entries, and into `source` what the
  // compiler shall read of it. Nothing where no base has another version of the application.
  void make(const release::TreeApplication& application, Generated& generated,
            GeneratedAppups& source) const;

 private:
  using Entries = std::vector<AppupEntry>;

  GeneratedAppup write(const release::TreeApplication& application, const Entries& entries,
                       Generated& generated) const;
  GeneratedAppup take_edited(const EditedAppup& edited, const release::TreeApplication& application,
                             const Entries& entries, Generated& generated) const;
  appup::AppupDocument make_document(const release::TreeApplication& application,
                                     const Entries& entries, Generated& generated) const;
  plan::PlannedScripts scripts_of(const AppupEntry& entry) const;
  plan::PlannedScripts plan_by_module(const AppupEntry& entry) const;
  void check_states(const AppupEntry& entry, const std::string& ebin) const;
  void check_edited(const Entries& entries, const appup::Appup& appup) const;

  const GenerateRequest& request_;
  const Bases& bases_;
  const ApplicationRestarts& restarts_;
  const EditedAppups& edited_;
  FindingList& findings_;
  plan::ReleaseTies ties_;
};

}  // namespace relup::generate
