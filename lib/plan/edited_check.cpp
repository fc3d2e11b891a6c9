// SPDX-License-Identifier: Apache-2.0
#include "plan/edited_check.hpp"

#include <algorithm>
#include <map>

#include "appup/instruction.hpp"
#include "appup/short_forms.hpp"
#include "appup/version_match.hpp"
#include "plan/completeness.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using diff::ModuleChange;

struct Mentioned {
  std::map<Atom, Span> modules;  // and where each is named first
  bool restarts = false;
};

// What is no instruction is for the compiler to say.
Mentioned read(const Term& instructions) {
  Mentioned mentioned;
  if (!instructions.is_proper_list()) return mentioned;
  for (const Term& term : *instructions.as_list()) {
    const auto read = appup::read_instruction(appup::expand_short_form(term));
    const appup::Action* action = std::get_if<appup::Action>(&read);
    if (action == nullptr) continue;
    mentioned.restarts = mentioned.restarts || appup::is_restart(*action);
    if (const Atom* module = appup::module_of(*action))
      mentioned.modules.emplace(*module, term.span());
  }
  return mentioned;
}

class EditedCheck {
 public:
  EditedCheck(const appup::Appup& appup, const diff::ApplicationChange& change,
              const policy::Policy& policy)
      : appup_(appup), change_(change), policy_(policy) {}

  Diagnostics run() {
    check(appup_.up, "up from ");
    check(appup_.down, "down to ");
    return std::move(findings_);
  }

 private:
  void check(const Term& entries, const std::string& way) {
    const auto found = appup::find_entry(entries, change_.old_version);
    const Term* instructions = std::get_if<Term>(&found);
    if (instructions == nullptr) return;
    const Mentioned mentioned = read(*instructions);
    if (mentioned.restarts) return;
    const std::string entry = "the way " + way + print(Term::string(change_.old_version));
    const auto is_named = [&mentioned](Atom module) { return mentioned.modules.contains(module); };
    for (const ModuleChange* module : missed_modules(change_, is_named, policy_)) {
      add("appup-misses-module", instructions->span(),
          entry + " has no instruction for " + print_atom(module->name.name()) + ", which is " +
              std::string(diff::to_string(module->status)));
    }
    for (const auto& [module, span] : mentioned.modules) {
      const bool differs =
          std::any_of(change_.modules.begin(), change_.modules.end(),
                      [&, name = module](const auto& each) { return each.name == name; });
      if (differs) continue;
      add("appup-needless-module", span,
          entry + " names " + print_atom(module.name()) + ", which did not change");
    }
  }

  void add(const char* rule, Span span, std::string message) {
    Diagnostic finding;
    finding.rule = rule;
    finding.severity = Severity::warning;
    finding.message = std::move(message);
    finding.file = appup_.source->name();
    finding.source = appup_.source;
    finding.span = span;
    findings_.push_back(std::move(finding));
  }

  const appup::Appup& appup_;
  const diff::ApplicationChange& change_;
  const policy::Policy& policy_;
  Diagnostics findings_;
};

}  // namespace

Diagnostics check_edited(const appup::Appup& appup, const diff::ApplicationChange& change,
                         const policy::Policy& policy) {
  return EditedCheck(appup, change, policy).run();
}

}  // namespace relup::plan
