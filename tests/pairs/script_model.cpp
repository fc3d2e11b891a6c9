// SPDX-License-Identifier: Apache-2.0
//
// A gap is looked for after every step that changes code: from the modules that both releases have,
// along the calls of whatever is loaded now. A call that one of the two releases could not answer
// either, while it is at rest, is no gap, and leads nowhere.

#include "pairs/script_model.hpp"

#include <algorithm>

#include "term/printer.hpp"

namespace relup::pairs {
namespace {

using appup::Direction;
using Loaded = std::map<Atom, const ModelModule*>;

bool answers(const Loaded& loaded, const beam::Import& call) {
  const auto found = loaded.find(call.module);
  return found != loaded.end() && found->second->exports_function(call.function.name(), call.arity);
}

Loaded all_of(const ModelRelease& release) {
  Loaded loaded;
  for (const auto& [name, facts] : release.modules)
    loaded.emplace(name, &facts);
  return loaded;
}

using Calls = std::set<std::tuple<Atom, Atom, Atom, unsigned>>;  // caller, then M, F, A

// Of what can be reached from `open`; calls in `ignored` lead nowhere.
Calls unanswered(const Loaded& loaded, const std::set<Atom>& known, std::set<Atom> open,
                 const Calls& ignored) {
  Calls calls;
  std::set<Atom> seen = open;
  while (!open.empty()) {
    const Atom caller = *open.begin();
    open.erase(open.begin());
    const auto code = loaded.find(caller);
    if (code == loaded.end()) continue;
    for (const beam::Import& call : code->second->imports) {
      const Calls::value_type key(caller, call.module, call.function, call.arity);
      if (!known.contains(call.module) || ignored.contains(key)) continue;
      if (!answers(loaded, call)) calls.insert(key);
      if (seen.insert(call.module).second) open.insert(call.module);
    }
  }
  return calls;
}

std::set<Atom> running_in(const ModelRelease& release) {
  std::set<Atom> running;
  for (const auto& [name, library] : release.libraries)
    if (library.runs) running.insert(name);
  return running;
}

bool runs_by_itself(const release::ResolvedRelease& release, Atom name) {
  const release::Application& application = *release.find(name);
  const bool is_included = std::any_of(
      release.applications.begin(), release.applications.end(), [name](const auto& each) {
        return std::count(each.includes.begin(), each.includes.end(), name) > 0;
      });
  return !is_included && application.start_type != "load" && application.start_type != "none";
}

}  // namespace

ModelRelease model_of(const release::ReleaseTree& tree) {
  ModelRelease release;
  for (const release::TreeApplication& application : tree.applications) {
    ModelRelease::Library& library = release.libraries[application.name];
    library.version = application.version;
    library.runs = runs_by_itself(tree.release, application.name);
    for (const Atom module : application.beam_modules) {
      const std::string path = release::ReleaseTree::beam_path(application, module);
      library.modules.insert(module);
      beam::BeamFile file(path, tree.reference.files->read(path));
      facts::ModuleFacts facts = facts::read_module_facts(file);
      release.modules.emplace(module, ModelModule{std::move(facts), std::move(file)});
    }
  }
  return release;
}

// One script.
class ModelNode::Run {
 public:
  Run(ModelNode& node, Direction direction, const ModelRelease& target)
      : node_(node), direction_(direction), target_(target) {
    for (const ModelRelease* release : {node.release_, &target}) {
      for (const auto& module : release->modules)
        known_.insert(module.first);
    }
    for (const auto& module : target.modules) {
      if (node.release_->modules.contains(module.first)) roots_.insert(module.first);
    }
    for (const ModelRelease* release : {node.release_, &target})
      at_rest_.merge(unanswered(all_of(*release), known_, known_, {}));
  }

  void step(const appup::Instruction& instruction) {
    step_ = print(appup::to_term(instruction.action));
    std::visit([this](const auto& action) { take(action); }, instruction.action);
  }

  void end() {
    step_ = "the end";
    if (points_ != 1) fault("there are " + std::to_string(points_) + " points of no return");
    for (const Atom module : suspended_)
      fault(module.name() + " is still suspended");
    for (const auto& [module, facts] : target_.modules) {
      const auto found = node_.loaded_.find(module);
      if (found == node_.loaded_.end()) {
        fault(module.name() + " is not loaded");
      } else if (beam::compare_code(found->second->file, facts.file).any()) {
        fault(module.name() + " is not that of the release");
      }
    }
    for (const auto& loaded : node_.loaded_) {
      if (!target_.modules.contains(loaded.first)) fault(loaded.first.name() + " is still loaded");
    }
    const std::set<Atom> wanted = running_in(target_);
    for (const Atom application : wanted) {
      if (!node_.running_.contains(application)) fault(application.name() + " does not run");
    }
    for (const Atom application : node_.running_) {
      if (!wanted.contains(application)) fault(application.name() + " still runs");
    }
  }

 private:
  void fault(const std::string& what) { node_.faults_.push_back(step_ + ": " + what); }

  void expect(bool is_right, const std::string& otherwise) {
    if (!is_right) fault(otherwise);
  }

  void expect_past_the_point() { expect(points_ > 0, "before the point of no return"); }

  void take(const appup::LoadObjectCode& step) {
    expect(points_ == 0, "behind the point of no return");
    const auto library = target_.libraries.find(step.library);
    if (library == target_.libraries.end()) return fault("no such library");
    expect(step.version.text() == library->second.version, "another version of the library");
    for (const Atom module : step.modules) {
      expect(library->second.modules.contains(module), "the library has no " + module.name());
      object_code_.insert(module);
    }
  }

  void take(const appup::PointOfNoReturn&) { ++points_; }

  void take(const appup::Load& step) {
    expect_past_the_point();
    if (!object_code_.contains(step.module)) return fault("no object code was loaded");
    const auto found = target_.modules.find(step.module);
    if (found == target_.modules.end()) return fault("the release has no such module");
    node_.loaded_[step.module] = &found->second;
    find_gaps();
  }

  void take(const appup::Remove& step) {
    expect_past_the_point();
    expect(node_.loaded_.erase(step.module) == 1, "it is not loaded");
    find_gaps();
  }

  void take(const appup::PurgeModules&) { expect_past_the_point(); }

  void take(const appup::Suspend& step) {
    expect_past_the_point();
    for (const auto& target : step.targets)
      expect(suspended_.insert(target.module).second, target.module.name() + " is suspended");
  }

  void take(const appup::Resume& step) {
    for (const Atom module : step.modules)
      expect(suspended_.erase(module) == 1, module.name() + " is not suspended");
  }

  // Whoever is suspended is asked by the code that is loaded; a callback that is not there crashes
  // the upgrade.
  void take(const appup::CodeChange& step) {
    const char* mode = direction_ == Direction::up ? "up" : "down";
    expect(step.mode && *step.mode == mode, "in the other direction");
    for (const auto& entry : step.modules) {
      const Atom module = entry.first;
      expect(suspended_.contains(module), module.name() + " is not suspended");
      const auto code = node_.loaded_.find(module);
      if (code == node_.loaded_.end()) {
        fault(module.name() + " is not loaded");
        continue;
      }
      const ModelModule& facts = *code->second;
      const bool is_server = facts::state_position(facts) > 0 || !facts::is_supervisor(facts);
      expect(!is_server || facts::state_callback(facts), module.name() + " has no code_change");
    }
  }

  void take(const appup::Apply& step) {
    if (!(step.module == "application")) return;
    const Atom* application = step.arguments.as_list()->front().as_atom();
    if (step.function == "start") {
      start(*application);
    } else if (step.function == "stop") {
      expect(node_.running_.erase(*application) == 1, "it does not run");
    }
  }

  void start(Atom application) {
    expect_past_the_point();
    expect(node_.running_.insert(application).second, "it runs already");
    const auto library = target_.libraries.find(application);
    if (library == target_.libraries.end()) return fault("no such application");
    for (const Atom module : library->second.modules)
      expect(node_.loaded_.contains(module), module.name() + " is not loaded");
  }

  template <typename Other>
  void take(const Other&) {
    fault("the model does not know this step");
  }

  void find_gaps() {
    for (const auto& call : unanswered(node_.loaded_, known_, roots_, at_rest_)) {
      const auto& [caller, module, function, arity] = call;
      node_.gaps_.push_back({caller, module,
                             "after " + step_ + ": " + caller.name() + " calls " + module.name() +
                                 ":" + function.name() + "/" + std::to_string(arity)});
    }
  }

  ModelNode& node_;
  Direction direction_;
  const ModelRelease& target_;
  std::set<Atom> known_;  // modules of either release
  std::set<Atom> roots_;  // of both
  Calls at_rest_;         // calls that one of the releases does not answer
  std::string step_;
  std::set<Atom> object_code_;
  std::set<Atom> suspended_;
  int points_ = 0;
};

ModelNode::ModelNode(const ModelRelease& release)
    : release_(&release), loaded_(all_of(release)), running_(running_in(release)) {}

void ModelNode::run(const Script& script, Direction direction, const ModelRelease& target) {
  Run run(*this, direction, target);
  for (const appup::Instruction& instruction : script)
    run.step(instruction);
  run.end();
  release_ = &target;
}

bool same_state(const ModelNode& left, const ModelNode& right) {
  const auto is_same = [](const auto& one, const auto& other) {
    return one.first == other.first &&
           !beam::compare_code(one.second->file, other.second->file).any();
  };
  return left.running() == right.running() &&
         std::equal(left.loaded().begin(), left.loaded().end(), right.loaded().begin(),
                    right.loaded().end(), is_same);
}

}  // namespace relup::pairs
