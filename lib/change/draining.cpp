// SPDX-License-Identifier: Apache-2.0
#include "change/draining.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds longest_pause{250};
constexpr std::size_t names_shown = 3;

std::string count_in(const live::OldCode& old_code) {
  std::vector<std::string> names = old_code.processes;
  std::string more;
  if (names.size() > names_shown + 1) {
    more = " and " + std::to_string(names.size() - names_shown) + " more";
    names.resize(names_shown);
  }
  return std::to_string(old_code.processes.size()) + " in " + old_code.module.name() + ": " +
         joined(names) + more;
}

}  // namespace

Milliseconds longer(Milliseconds pause) {
  return std::min(2 * pause, longest_pause);
}

bool has_module(const std::vector<Atom>& modules, Atom module) {
  return std::find(modules.begin(), modules.end(), module) != modules.end();
}

std::vector<Atom> without(const std::vector<Atom>& modules, const std::vector<Atom>& others) {
  std::vector<Atom> rest;
  std::copy_if(modules.begin(), modules.end(), std::back_inserter(rest),
               [&](Atom module) { return !has_module(others, module); });
  return rest;
}

std::vector<live::OldCode> old_code_in_use(live::AgentVerbs& agent,
                                           const std::vector<Atom>& modules) {
  std::vector<live::OldCode> in_use = agent.old_code(modules);
  std::erase_if(in_use, [](const live::OldCode& each) { return each.processes.empty(); });
  return in_use;
}

OldCodeUse wait_for_old_code(live::AgentVerbs& agent, Clock& clock,
                             const std::vector<Atom>& modules, Milliseconds patience,
                             Interruption& interruption) {
  const auto deadline = clock.steady() + patience;
  OldCodeUse use;
  use.left = use.still = old_code_in_use(agent, modules);
  Milliseconds pause = first_pause;
  while (!use.still.empty() && clock.steady() < deadline && !interruption.signal()) {
    clock.sleep(pause);
    pause = longer(pause);
    use.still = old_code_in_use(agent, modules);
  }
  std::erase_if(use.left, [&](const live::OldCode& each) {
    return std::any_of(use.still.begin(), use.still.end(),
                       [&](const live::OldCode& other) { return other.module == each.module; });
  });
  return use;
}

std::string describe_all(const std::vector<live::OldCode>& old_code) {
  std::vector<std::string> texts;
  texts.reserve(old_code.size());
  for (const live::OldCode& each : old_code)
    texts.push_back(live::describe(each));
  return joined(texts, "; ");
}

std::string census(const std::vector<live::OldCode>& old_code) {
  std::vector<std::string> texts;
  texts.reserve(old_code.size());
  for (const live::OldCode& each : old_code)
    texts.push_back(count_in(each));
  return joined(texts, "; ");
}

std::string kill_options(const std::vector<live::OldCode>& old_code) {
  std::vector<std::string> texts;
  texts.reserve(old_code.size());
  for (const live::OldCode& each : old_code)
    texts.push_back("--kill " + each.module.name());
  return joined(texts, " ");
}

}  // namespace relup::change
