// SPDX-License-Identifier: Apache-2.0
#include "diff/waiting_callers.hpp"

#include <algorithm>
#include <map>

#include "base/words.hpp"
#include "beam/code/lingering.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

beam::BeamFile beam_of(const ReleaseTree& tree, const TreeApplication& application, Atom module) {
  const std::string path = ReleaseTree::beam_path(application, module);
  return {tree.reference.files->place(path), tree.reference.files->read(path)};
}

using Lingering = std::map<Atom, std::set<facts::FunctionName>>;

Lingering lingering_in(const ReleaseTree& tree, const TreeApplication& application) {
  Lingering found;
  for (const Atom module : application.beam_modules) {
    const beam::ModuleCode code = beam::read_module_code(beam_of(tree, application, module));
    for (const beam::FunctionCode* function : beam::lingering_functions(code))
      found[module].insert({function->name, function->arity});
  }
  return found;
}

bool names(const std::vector<Atom>& list, Atom application) {
  return std::find(list.begin(), list.end(), application) != list.end();
}

}  // namespace

std::string WaitingCaller::describe() const {
  return module.name() + " of " + application.name() + " in " +
         print_function(called.name(), function.name.name(), function.arity);
}

std::vector<WaitingCaller> waiting_callers(const ReleaseTree& tree, Atom application) {
  std::vector<WaitingCaller> found;
  const TreeApplication* own = tree.find(application);
  if (own == nullptr) return found;
  std::optional<Lingering> lingering;  // read where somebody needs it
  for (const TreeApplication& other : tree.applications) {
    const release::Application* resolved = tree.release.find(other.name);
    const bool needs = resolved != nullptr && other.name != application &&
                       (names(resolved->file.applications, application) ||
                        names(resolved->file.included_applications, application));
    if (!needs) continue;
    if (!lingering) lingering = lingering_in(tree, *own);
    for (const Atom module : other.beam_modules) {
      for (const beam::Import& call : beam_of(tree, other, module).imports()) {
        const auto called = lingering->find(call.module);
        const facts::FunctionName function{call.function, call.arity};
        if (called != lingering->end() && called->second.contains(function))
          found.push_back({other.name, module, call.module, function});
      }
    }
  }
  return found;
}

std::string describe(const std::vector<WaitingCaller>& callers) {
  constexpr std::size_t most = 3;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < callers.size() && i < most; ++i)
    texts.push_back(callers[i].describe());
  const std::size_t others = callers.size() - texts.size();
  return joined(texts) + (others > 0 ? " and " + std::to_string(others) + " more" : "");
}

}  // namespace relup::diff
