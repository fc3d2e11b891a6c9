// SPDX-License-Identifier: Apache-2.0
#include "relup/script.hpp"

namespace relup {
namespace {

Term entries_term(const std::vector<RelupEntry>& entries) {
  Term::Elements elements;
  for (const RelupEntry& entry : entries) {
    elements.push_back(
        Term::tuple({Term::string(entry.version), entry.description, to_term(entry.script)}));
  }
  return Term::list(std::move(elements));
}

}  // namespace

Term to_term(const Script& script) {
  Term::Elements elements;
  elements.reserve(script.size());
  for (const appup::Instruction& step : script)
    elements.push_back(appup::to_term(step.action));
  return Term::list(std::move(elements));
}

Term to_term(const Relup& relup) {
  return Term::tuple(
      {Term::string(relup.version), entries_term(relup.up), entries_term(relup.down)});
}

}  // namespace relup
