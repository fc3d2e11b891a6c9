// SPDX-License-Identifier: Apache-2.0
#include "diff/module_facts.hpp"

#include <algorithm>

#include "term/printer.hpp"

namespace relup::diff {
namespace {

std::string listed(const std::vector<FunctionName>& functions) {
  std::string text;
  for (const FunctionName& function : functions) {
    text += (text.empty() ? "" : ", ") + print_atom(function.name.name()) + "/" +
            std::to_string(function.arity);
  }
  return text;
}

std::vector<FunctionName> missing_in(const std::vector<FunctionName>& some,
                                     const std::vector<FunctionName>& others) {
  std::vector<FunctionName> missing;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(missing));
  return missing;
}

}  // namespace

bool ModuleFacts::exports_function(std::string_view name, unsigned arity) const {
  return std::binary_search(exports.begin(), exports.end(), FunctionName{Atom(name), arity});
}

ModuleFacts read_module_facts(const std::string& file, std::string bytes) {
  const beam::BeamFile beam(file, std::move(bytes));
  ModuleFacts facts{beam.module(), beam::code_identity(beam), {}, beam.imports(), {}};
  for (const beam::Function& function : beam.exports()) {
    facts.exports.push_back({function.name, function.arity});
  }
  std::sort(facts.exports.begin(), facts.exports.end());
  facts.behaviours = beam::behaviours(beam.attributes());
  return facts;
}

std::vector<std::string> reasons_of_change(const ModuleFacts& before, const ModuleFacts& after) {
  std::vector<std::string> reasons;
  const std::vector<FunctionName> added = missing_in(after.exports, before.exports);
  const std::vector<FunctionName> removed = missing_in(before.exports, after.exports);
  if (!added.empty()) reasons.push_back("now exports " + listed(added));
  if (!removed.empty()) reasons.push_back("no longer exports " + listed(removed));
  if (before.identity.md5 == after.identity.md5) {
    reasons.emplace_back("attributes");
  } else if (reasons.empty()) {
    reasons.emplace_back("code");
  }
  return reasons;
}

}  // namespace relup::diff
