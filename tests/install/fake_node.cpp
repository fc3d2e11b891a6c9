// SPDX-License-Identifier: Apache-2.0
#include "install/fake_node.hpp"

#include <algorithm>
#include <stdexcept>

#include "beam/code_identity.hpp"
#include "term/bit_syntax.hpp"
#include "term/printer.hpp"

namespace relup::install {
namespace {

using node::Delivery;
using node::NodeError;
using node::NodeFailure;

// Who there is on the node; the numbers stand for process identifiers.
const std::vector<std::string> processes{"init", "shop_sup", "shop_server", "cashier"};

class FakeChannel final : public node::NodeChannel {
 public:
  explicit FakeChannel(NodeModel& model) : model_(model) {}

  Term call(std::string_view module, std::string_view function, Term::Elements arguments,
            Milliseconds /*deadline*/) override {
    if (is_lost_) throw NodeError(NodeFailure::connection_lost, Delivery::not_sent, "no line");
    try {
      return model_.call(std::string(module) + ":" + std::string(function), arguments);
    } catch (const NodeError& error) {
      is_lost_ = error.failure() == NodeFailure::connection_lost;
      throw;
    }
  }
  const std::string& node_name() const override { return name_; }

 private:
  NodeModel& model_;
  std::string name_ = "shop@127.0.0.1";
  bool is_lost_ = false;
};

bool is_fun(const Term& term, const char* name, std::int64_t arity) {
  return term == external_fun(Atom("erlang"), Atom(name), arity);
}

std::string text_of(const Term& term) {
  return term.text().value();
}

[[noreturn]] void lose_line() {
  throw NodeError(NodeFailure::connection_lost, Delivery::unknown, "the line broke");
}

Term error(Term reason) {
  return tagged("error", std::move(reason));
}

}  // namespace

NodeModel::NodeModel(support::MemoryFileSystem& files, std::string root, const std::string& version)
    : releases{{version, "permanent"}},
      files_(files),
      root_(std::move(root)),
      code_version_(version) {}

std::unique_ptr<node::NodeChannel> NodeModel::connect() {
  ++connections;
  if (is_down) throw NodeError(NodeFailure::not_registered, Delivery::not_sent, "no such node");
  return std::make_unique<FakeChannel>(*this);
}

ModelRelease* NodeModel::find(const std::string& version) {
  const auto found = std::find_if(releases.begin(), releases.end(),
                                  [&](const auto& each) { return each.version == version; });
  return found == releases.end() ? nullptr : &*found;
}

std::string NodeModel::running() const {
  for (const char* status : {"current", "permanent"}) {
    for (const ModelRelease& release : releases) {
      if (release.status == status) return release.version;
    }
  }
  return "";
}

void NodeModel::write_releases_file() {
  std::string text;
  for (const ModelRelease& release : releases)
    text += release.version + " " + release.status + "\n";
  files_.add_file(root_ + "/releases/RELEASES", text);
}

Term NodeModel::call(const std::string& name, const Term::Elements& arguments) {
  if (is_down) lose_line();
  if (before) before(name);
  calls.push_back(name);
  const auto answer = [&]() -> Term {
    const std::string function = name.substr(name.find(':') + 1);
    if (function == "which_releases") return which_releases();
    if (function == "create_RELEASES") return write_releases_file(), Term::atom("ok");
    if (name.starts_with("supervisor:")) return Term::atom("ok");
    if (function == "set_unpacked") return set_unpacked(text_of(arguments.at(0)));
    if (function == "set_removed" || function == "remove_release") {
      return set_removed(text_of(arguments.at(0)));
    }
    if (function == "check_install_release") return check_answer;
    if (function == "install_release") return install(text_of(arguments.at(0)));
    if (function == "make_permanent") return make_permanent(text_of(arguments.at(0)));
    if (name == "init:get_status") return tagged("started", Term::atom("started"));
    if (name == "lists:filter") return filter(arguments.at(0), arguments.at(1));
    if (name == "lists:zipwith") return zip_with(arguments.at(0), arguments.at(1), arguments.at(2));
    if (name == "erlang:process_info") {
      const auto at = static_cast<std::size_t>(*arguments.at(0).as_small_integer());
      return tagged("registered_name", Term::atom(processes.at(at)));
    }
    if (function == "get_supervised_procs") return Term();
    if (name == "erlang:pid_to_list") return Term::string("<0.1.0>");
    if (name == "erlang:system_info") return Term::string("25");
    Term::Elements list;
    if (name == "erlang:processes") {
      for (std::size_t i = 0; i < processes.size(); ++i)
        list.emplace_back(static_cast<std::int64_t>(i));
    } else if (name == "erlang:loaded") {
      for (const auto& application : tree().applications)
        for (const Atom module : application.beam_modules)
          list.emplace_back(module);
    } else if (name == "application:loaded_applications") {
      for (const auto& application : tree().applications)
        list.push_back(Term::tuple(
            {Term(application.name), Term::string(""), Term::string(application.version)}));
    } else {
      throw std::runtime_error("the model does not know " + name);
    }
    return Term::list(std::move(list));
  }();
  if (after) after(name);
  return answer;
}

Term NodeModel::which_releases() const {
  Term::Elements list;
  for (const ModelRelease& release : releases) {
    list.push_back(Term::tuple(
        {Term::string("shop"), Term::string(release.version), Term(), Term::atom(release.status)}));
  }
  return Term::list(std::move(list));
}

Term NodeModel::set_unpacked(const std::string& rel_file) {
  const std::string version = base_name(parent_path(rel_file));
  if (find(version) != nullptr) return error(tagged("existing_release", Term::string(version)));
  if (!files_.is_file(rel_file)) return error(tagged("no_such_file", Term::string(rel_file)));
  releases.insert(releases.begin(), {version, "unpacked"});
  write_releases_file();
  return tagged("ok", Term::string(version));
}

Term NodeModel::set_removed(const std::string& version) {
  if (find(version) == nullptr) return error(tagged("no_such_release", Term::string(version)));
  std::erase_if(releases, [&](const auto& each) { return each.version == version; });
  write_releases_file();
  return Term::atom("ok");
}

void NodeModel::switch_to(const std::string& version) {
  for (ModelRelease& release : releases) {
    if (release.status == "current") release.status = "old";
  }
  if (find(version)->status != "permanent") find(version)->status = "current";
  code_version_ = version;
}

void NodeModel::reboot() {
  for (ModelRelease& release : releases) {
    if (release.status == "current") release.status = "unpacked";
    if (release.status == "permanent") code_version_ = release.version;
  }
}

Term NodeModel::install(const std::string& version) {
  if (find(version) == nullptr) return error(tagged("no_such_release", Term::string(version)));
  const Term done = tagged("ok", Term::string(running()), Term());
  switch (install_behaviour) {
    case InstallBehaviour::refuses:
      return error(tagged("old_processes", Term::atom("shop_server")));
    case InstallBehaviour::installs_silent:
      switch_to(version);
      lose_line();
    case InstallBehaviour::dies_old:
      reboot();
      lose_line();
    case InstallBehaviour::dies_for_good:
      is_down = true;
      lose_line();
    case InstallBehaviour::loads_nothing: {
      const std::string code = code_version_;
      switch_to(version);
      code_version_ = code;
      return done;
    }
    case InstallBehaviour::restarts:
      switch_to(version);
      return tagged("continue_after_restart", Term::string(running()), Term());
    case InstallBehaviour::works:
      break;
  }
  switch_to(version);
  return done;
}

Term NodeModel::make_permanent(const std::string& version) {
  for (ModelRelease& release : releases) {
    if (release.status == "permanent") release.status = "old";
  }
  find(version)->status = "permanent";
  write_releases_file();
  files_.add_file(root_ + "/releases/start_erl.data", "13.1.5 " + version);
  return Term::atom("ok");
}

Term NodeModel::filter(const Term& function, const Term& modules) {
  Term::Elements kept;
  for (const Term& module : *modules.as_list()) {
    const bool is_held = holders.contains(module.as_atom()->name());
    const bool has_old = is_fun(function, "check_old_code", 1) && is_held;
    const bool is_loaded = is_fun(function, "module_loaded", 1) &&
                           !print(digest_of(*module.as_atom())).starts_with("undefined");
    if (has_old || is_loaded) kept.push_back(module);
  }
  return Term::list(std::move(kept));
}

std::vector<std::string> NodeModel::look_at_holders(const std::string& module) {
  auto& looks = holders[module];
  const std::vector<std::string> seen = looks.empty() ? std::vector<std::string>() : looks.front();
  if (looks.size() > 1) looks.pop_front();
  return seen;
}

Term NodeModel::zip_with(const Term& function, const Term& left, const Term& right) {
  Term::Elements results;
  if (is_fun(function, "get_module_info", 2)) {
    for (const Term& module : *left.as_list())
      results.push_back(digest_of(*module.as_atom()));
    return Term::list(std::move(results));
  }
  const std::vector<std::string> held = look_at_holders(right.as_list()->front().as_atom()->name());
  for (const Term& pid : *left.as_list()) {
    const std::string& name = processes.at(static_cast<std::size_t>(*pid.as_small_integer()));
    const bool is_in_it = std::find(held.begin(), held.end(), name) != held.end();
    results.push_back(Term::atom(is_in_it ? "true" : "false"));
  }
  return Term::list(std::move(results));
}

release::ReleaseTree NodeModel::tree() const {
  return release::load_release(release::resolve_reference(files_, root_ + "@" + code_version_), {});
}

// `undefined` where the running code has no such module.
Term NodeModel::digest_of(Atom module) const {
  const release::ReleaseTree running_tree = tree();
  for (const auto& application : running_tree.applications) {
    const auto& modules = application.beam_modules;
    if (std::find(modules.begin(), modules.end(), module) == modules.end()) continue;
    const std::string path = root_ + "/" + release::ReleaseTree::beam_path(application, module);
    const Md5Digest digest = beam::module_md5(beam::BeamFile(path, files_.read(path)));
    return Term::binary({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }
  return Term::atom("undefined");
}

}  // namespace relup::install
