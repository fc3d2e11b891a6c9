// SPDX-License-Identifier: Apache-2.0
#include "generate/policy_names.hpp"

#include <algorithm>

#include "base/nearest_name.hpp"
#include "generate/finding_list.hpp"

namespace relup::generate {
namespace {

using policy::NamePattern;
using release::TreeApplication;

class NameCheck {
 public:
  explicit NameCheck(const GenerateRequest& request) {
    releases_ = request.old_releases;
    releases_.push_back(request.new_release);
  }

  Diagnostics run(const policy::ReleaseWishes& wishes) {
    for (const NamePattern& modules : wishes.scope.leave_alone)
      check_modules(modules, NamePattern("*"));
    for (const policy::ApplicationEntry& entry : wishes.applications) {
      if (!check_application(entry.applications)) continue;
      for (const NamePattern& modules : entry.scope.leave_alone)
        check_modules(modules, entry.applications);
      for (const policy::ModuleEntry& special : entry.modules)
        check_modules(special.modules, entry.applications);
    }
    return std::move(findings_);
  }

 private:
  template <typename Each>
  void for_applications(const NamePattern& names, Each each) const {
    for (const release::ReleaseTree* release : releases_) {
      for (const TreeApplication& application : release->applications) {
        if (names.matches(application.name.name())) each(application);
      }
    }
  }

  bool check_application(const NamePattern& name) {
    std::vector<std::string> known;
    for_applications(NamePattern("*"), [&](const TreeApplication& application) {
      known.push_back(application.name.name());
    });
    return check("application", name, known, "");
  }

  void check_modules(const NamePattern& name, const NamePattern& applications) {
    std::vector<std::string> known;
    for_applications(applications, [&](const TreeApplication& application) {
      for (const Atom module : application.beam_modules)
        known.push_back(module.name());
    });
    const bool is_all = applications.text() == "*";
    check("module", name, known, is_all ? "" : " in " + applications.text());
  }

  bool check(const std::string& kind, const NamePattern& name,
             const std::vector<std::string>& known, const std::string& where) {
    const bool is_pattern = name.text().find('*') != std::string::npos;
    const bool is_known =
        is_pattern || std::any_of(known.begin(), known.end(),
                                  [&](const std::string& each) { return name.matches(each); });
    if (is_known) return true;
    Diagnostic finding = make_finding("policy", Severity::error,
                                      "relup.yaml speaks of the " + kind + " " + name.text() +
                                          where + ", and none of the releases has it");
    const std::string meant = nearest_name(name.text(), known);
    finding.notes.push_back(meant.empty() ? "take it out, or correct the name"
                                          : "is " + meant + " meant?");
    findings_.push_back(std::move(finding));
    return false;
  }

  std::vector<const release::ReleaseTree*> releases_;
  Diagnostics findings_;
};

}  // namespace

Diagnostics unknown_names(const GenerateRequest& request) {
  return NameCheck(request).run(request.policy.wishes());
}

}  // namespace relup::generate
