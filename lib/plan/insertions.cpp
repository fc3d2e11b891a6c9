// SPDX-License-Identifier: Apache-2.0
#include "plan/insertions.hpp"

#include <algorithm>

#include "appup/short_forms.hpp"
#include "policy/version_template.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using policy::Insertion;
using Place = policy::Insertion::Place;

Diagnostic fault_at(const Insertion& insertion, Span span, std::string message,
                    std::string expected) {
  Diagnostic fault;
  fault.rule = "policy";
  fault.message = std::move(message);
  fault.file = insertion.source ? insertion.source->name() : "relup.yaml";
  fault.source = insertion.source;
  fault.span = span;
  fault.notes.push_back(std::move(expected));
  return fault;
}

class Inserter {
 public:
  Inserter(const InsertionRequest& request, std::vector<appup::Action>& script,
           Diagnostics& diagnostics)
      : request_(request), script_(script), diagnostics_(diagnostics) {}

  void insert(const Insertion& insertion) {
    const std::vector<appup::Action> actions =
        read_insertion(insertion, request_.direction, request_.from, request_.to, diagnostics_);
    if (actions.empty()) return;
    const auto place = find_place(insertion);
    if (!place) return;
    script_.insert(script_.begin() + static_cast<std::ptrdiff_t>(*place), actions.begin(),
                   actions.end());
    inserted_.insert(inserted_.end(), actions.begin(), actions.end());
    if (insertion.place == Place::first) firsts_ += actions.size();
  }

  std::vector<appup::Action> take_inserted() { return std::move(inserted_); }

 private:
  std::optional<std::size_t> find_place(const Insertion& insertion) {
    if (insertion.place == Place::first) return firsts_;
    if (!insertion.module) return script_.size();
    const auto found =
        std::find_if(script_.begin(), script_.end(), [&](const appup::Action& action) {
          const Atom* module = appup::module_of(action);
          return module != nullptr && *module == *insertion.module;
        });
    if (found == script_.end()) return std::nullopt;  // it does not change in this upgrade
    const auto place = static_cast<std::size_t>(found - script_.begin());
    return insertion.place == Place::before ? place : place + 1;
  }

  const InsertionRequest& request_;
  std::vector<appup::Action>& script_;
  Diagnostics& diagnostics_;
  std::vector<appup::Action> inserted_;
  std::size_t firsts_ = 0;  // instructions that stand first already
};

}  // namespace

std::vector<appup::Action> read_insertion(const Insertion& insertion, appup::Direction direction,
                                          const std::string& from, const std::string& to,
                                          Diagnostics& diagnostics) {
  std::vector<appup::Action> actions;
  for (const Term& term : direction == appup::Direction::up ? insertion.up : insertion.down) {
    const Term filled = policy::with_versions(term, from, to);
    const auto read = appup::read_instruction(appup::expand_short_form(filled));
    if (const auto* action = std::get_if<appup::Action>(&read)) {
      actions.push_back(*action);
    } else {
      const auto& fault = std::get<appup::InstructionFault>(read);
      diagnostics.push_back(
          fault_at(insertion, term.span(), fault.message, "expected " + fault.expected));
    }
  }
  return actions;
}

std::vector<appup::Action> insert_instructions(const InsertionRequest& request,
                                               std::vector<appup::Action>& script,
                                               Diagnostics& diagnostics) {
  Inserter inserter(request, script, diagnostics);
  for (const Insertion& insertion : request.insertions)
    inserter.insert(insertion);
  return inserter.take_inserted();
}

}  // namespace relup::plan
