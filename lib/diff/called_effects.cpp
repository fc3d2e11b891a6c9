// SPDX-License-Identifier: Apache-2.0
#include "diff/called_effects.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "facts/init_effects.hpp"

namespace relup::diff {
namespace {

constexpr std::size_t most_modules = 16;

bool is_of_platform(const release::TreeApplication& application) {
  constexpr auto names = std::to_array<std::string_view>(
      {"kernel", "stdlib", "sasl", "compiler", "crypto", "ssl", "public_key", "asn1", "mnesia",
       "runtime_tools", "tools", "inets", "elixir", "logger", "eex", "mix", "iex"});
  return application.is_of_system || std::any_of(names.begin(), names.end(), [&](auto each) {
           return application.name == each;
         });
}

class CalledEffects {
 public:
  explicit CalledEffects(const release::ReleaseTree& tree) : tree_(tree) {}

  void add_to(ModuleChange& supervisor) {
    const beam::SourceCode* code = supervisor.new_facts->functions();
    if (code == nullptr) return;
    std::set<std::string> modules;
    for (const facts::ReachedCall& call : facts::calls_of_init(*code)) {
      if (call.module == supervisor.name.name()) continue;
      if (!modules.contains(call.module) && modules.size() == most_modules) continue;
      const beam::SourceCode* called = code_of(Atom(call.module));
      if (called == nullptr) continue;
      modules.insert(call.module);
      for (const std::string& effect : facts::side_effects_of(*called, call.function, call.arity))
        supervisor.init_effects.push_back(call.describe() + ", which calls " + effect);
    }
  }

 private:
  // Null where the release does not have it, or where it is of OTP or Elixir.
  const beam::SourceCode* code_of(Atom module) {
    const auto [place, is_new] = modules_.try_emplace(module);
    if (is_new) place->second = read(module);
    return place->second ? place->second->functions() : nullptr;
  }

  std::optional<facts::ModuleFacts> read(Atom module) const {
    const release::TreeApplication* owner = tree_.owner_of(module);
    if (owner == nullptr || is_of_platform(*owner)) return std::nullopt;
    const std::string path = release::ReleaseTree::beam_path(*owner, module);
    const auto files = tree_.reference.files;
    const beam::BeamFile beam(files->place(path), files->read(path));
    facts::ModuleFacts facts = facts::read_module_facts(beam);
    facts.module_source = std::make_shared<const beam::ModuleSource>(
        beam.name(), [files, path] { return files->read(path); });
    return facts;
  }

  const release::ReleaseTree& tree_;
  std::map<Atom, std::optional<facts::ModuleFacts>> modules_;
};

}  // namespace

void add_called_effects(const release::ReleaseTree& new_release,
                        std::vector<ApplicationChange>& applications) {
  CalledEffects effects(new_release);
  for (ApplicationChange& application : applications) {
    for (ModuleChange& module : application.modules) {
      if (module.changes_code && facts::is_supervisor(*module.new_facts)) effects.add_to(module);
    }
  }
}

}  // namespace relup::diff
