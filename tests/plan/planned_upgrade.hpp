// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two releases in memory, compared and planned: what most tests of this folder begin with.

#include "plan/plan_scripts.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"

namespace relup::plan {

class PlannedUpgrade {
 public:
  PlannedUpgrade(const support::SampleRelease& before, const support::SampleRelease& after,
                 const std::set<Atom>& foreign = {}, const policy::Policy& policy = {})
      : policy_(policy) {
    support::write_release(files_, "/old", before);
    support::write_release(files_, "/new", after);
    const release::ReleaseTree top = load("/new");
    diff_ = diff::compare_releases(load("/old"), top);
    plan_ = plan_release(diff_, top.release, foreign, policy_);
  }
  PlannedUpgrade(const PlannedUpgrade&) = delete;  // the plan points to the difference
  PlannedUpgrade& operator=(const PlannedUpgrade&) = delete;

  const diff::ReleaseDiff& diff() const { return diff_; }
  const ReleasePlan& plan() const { return plan_; }

  PlannedScripts scripts(const std::string& application,
                         RebuiltModules rebuilt = RebuiltModules::leave) const {
    return plan_scripts({Atom(application), {&plan_}, rebuilt, &policy_});
  }

 private:
  release::ReleaseTree load(const std::string& root) {
    return release::load_release(release::resolve_reference(files_, root), {});
  }

  policy::Policy policy_;
  support::MemoryFileSystem files_;
  diff::ReleaseDiff diff_;
  ReleasePlan plan_;
};

}  // namespace relup::plan
