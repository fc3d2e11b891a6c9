// SPDX-License-Identifier: Apache-2.0
#include "change/fake_node.hpp"

#include <algorithm>
#include <stdexcept>

#include "beam/file/code_identity.hpp"
#include "host/boot_repair.hpp"
#include "node/agent_module.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::change {
namespace {

using node::Delivery;
using node::NodeError;
using node::NodeFailure;

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
  const std::string& own_name() const override { return own_name_; }

 private:
  NodeModel& model_;
  std::string name_ = "shop@127.0.0.1";
  std::string own_name_ = "relup-1-1@127.0.0.1";
  bool is_lost_ = false;
};

Term code(const std::string& /*function*/) {
  return Term::atom("true");
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

Term full_disk() {
  return error(Term::atom("enospc"));
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

// With the libraries of the .rel files, in paths relative to the root.
std::vector<release::InstalledRelease> NodeModel::known_releases() const {
  const host::BootState disk = host::read_boot_state(files_, root_);
  std::vector<release::InstalledRelease> known;
  for (const ModelRelease& each : releases) {
    release::InstalledRelease line{"shop", each.version, {}, {}, {}};
    const host::UnpackedRelease* unpacked = disk.find(each.version);
    if (unpacked != nullptr && !each.is_invented) line = host::entry_of(root_, *unpacked, line);
    for (const auto status : {release::ReleaseStatus::current, release::ReleaseStatus::permanent,
                              release::ReleaseStatus::old}) {
      if (each.status == to_string(status)) line.status = status;
    }
    known.push_back(std::move(line));
  }
  return known;
}

void NodeModel::write_releases_file() {
  files_.add_file(root_ + "/releases/RELEASES",
                  release::format_releases_file(host::as_written(known_releases())));
}

// False where the disk is full.
bool NodeModel::overwrite(const std::string& file, const std::string& text) {
  try {
    files_.overwrite(root_ + "/" + file, text);
    return true;
  } catch (const NodeError&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

bool NodeModel::rewrite_releases_file() {
  return overwrite("releases/RELEASES",
                   release::format_releases_file(host::as_written(known_releases())));
}

Term NodeModel::call(const std::string& name, const Term::Elements& arguments) {
  if (is_down) lose_line();
  if (before) before(name);
  calls.push_back(name);
  const auto answer = [&]() -> Term {
    const std::string function = name.substr(name.find(':') + 1);
    if (name.starts_with("code:")) return code(function);
    if (name == "erl_eval:expr") return tagged("value", Term::atom("ok"), Term());
    if (name == std::string(node::agent_modules().front().name) + ":ask")
      return ask_agent(arguments.at(0));
    if (function == "which_releases") return which_releases();
    if (function == "set_unpacked") return set_unpacked(text_of(arguments.at(0)));
    if (function == "set_removed") return set_removed(text_of(arguments.at(0)));
    if (function == "check_install_release") return check_answer;
    if (function == "install_release") return install(text_of(arguments.at(0)));
    if (function == "make_permanent") return make_permanent(text_of(arguments.at(0)));
    if (name == "erlang:module_loaded") return Term::atom("true");
    if (name == "init:get_status") return tagged("started", Term::atom("started"));
    throw std::runtime_error("the model does not know " + name);
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
  const std::vector<ModelRelease> old = releases;
  releases.insert(releases.begin(), {version, "unpacked"});
  if (!rewrite_releases_file()) return releases = old, full_disk();
  return tagged("ok", Term::string(version));
}

Term NodeModel::set_removed(const std::string& version) {
  if (find(version) == nullptr) return error(tagged("no_such_release", Term::string(version)));
  const std::vector<ModelRelease> old = releases;
  std::erase_if(releases, [&](const auto& each) { return each.version == version; });
  if (!rewrite_releases_file()) return releases = old, full_disk();
  return Term::atom("ok");
}

void NodeModel::switch_to(const std::string& version) {
  for (ModelRelease& release : releases) {
    if (release.status == "current") release.status = "old";
  }
  if (find(version)->status != "permanent") find(version)->status = "current";
  code_version_ = version;
}

Term NodeModel::incarnation() const {
  return Term::tuple(
      {Term::string(os_pid), Term(starts_), Term::string("<0.44.0>"), Term::string("")});
}

void NodeModel::reboot() {
  ++starts_;
  job_.reset();
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
      job_ = done;
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
  return rewrite_releases_file() ? done : full_disk();
}

// start_erl.data first, as OTP does.
Term NodeModel::make_permanent(const std::string& version) {
  if (!overwrite("releases/start_erl.data", "13.1.5 " + version)) return full_disk();
  const std::vector<ModelRelease> old = releases;
  for (ModelRelease& release : releases) {
    if (release.status == "permanent") release.status = "old";
  }
  find(version)->status = "permanent";
  if (!rewrite_releases_file()) return releases = old, full_disk();
  return Term::atom("ok");
}

// What the agent does by way of the release handler is called by its name there, so that tests can
// break it.
Term NodeModel::folder(const std::string& path) const {
  const std::optional<FileInfo> info = files_.info(path);
  if (!info) return Term::tuple({Term::string(path), Term::atom("none")});
  const auto inode = static_cast<std::int64_t>(info->identity.inode);
  return Term::tuple({Term::string(path), Term::tuple({Term(std::int64_t{1}), Term(inode)})});
}

Term NodeModel::place(const std::string& named) const {
  const std::string& from = runs_from.empty() ? root_ : runs_from;
  const auto pair = [](std::string_view key, Term value) {
    return Term::tuple({Term::atom(key), std::move(value)});
  };
  return Term::list(
      {pair("release", Term::tuple({Term::string("shop"), Term::string(running())})),
       pair("named", folder(named)), pair("root", folder(from)),
       pair("emulator", folder(emulator.empty() ? from : emulator)),
       pair("releases", folder(releases_folder.empty() ? from + "/releases" : releases_folder))});
}

Term NodeModel::ask_agent(const Term& verb) {
  const Term::Elements* parts = verb.as_tuple();
  const std::string name =
      parts == nullptr ? verb.as_atom()->name() : parts->front().as_atom()->name();
  if (name == "forget") return job_.reset(), Term::atom("ok");
  if (name == "join") return Term::atom("ok");
  if (name == "incarnation") return incarnation();
  if (name == "applications") return applications();
  if (name == "library_directories") return Term();
  if (name == "loaded") return loaded(parts->at(1));
  if (name == "old_code") return old_code(parts->at(1));
  if (name == "purge_softly") return purge_softly(parts->at(1));
  if (name == "purge_brutally") return purge_brutally(parts->at(1));
  if (name == "purged_by_commit") return atom_list(purged_by_commit);
  if (name == "confirm_within") return confirmation = verb, Term::atom("ok");
  if (name == "call_off_confirmation") return confirmation.reset(), Term::atom("ok");
  if (name == "probe") return Term::atom("a_probe");
  if (name == "probe_outcome" && parts->at(1).is_atom("a_rehearsal")) return start_answer;
  if (name == "probe_outcome") {
    return probe_answer.empty() ? Term::atom("holds") : tagged("fails", Term::string(probe_answer));
  }
  if (name == "begin_rehearsal") return ++starts_tried, Term::atom("a_rehearsal");
  if (name == "rehearsal_fits") return Term::atom(parts->at(1) == start_mark ? "true" : "false");
  if (name == "outcome") return outcome();
  if (name == "forecast") return forecast();
  if (name == "lines") return std::exchange(lines, Term());
  if (name == "listeners") return listeners_answer;
  if (name == "environment") return configuration_answer;
  if (name == "logging") return logging_answer;
  if (name == "children") return Term();
  if (name == "begin_trial") return Term::atom("begun");
  if (name == "trial") return tagged("done", trial_answer);
  if (name == "settings" || name == "command_line") return Term();
  if (name == "place") return place(text_of(parts->at(1)));
  if (name == "booted_release") {
    return Term::tuple({Term::string("shop"), Term::string(code_version_), Term::atom("here")});
  }
  if (name == "confirmation") return Term::atom("none");
  if (name == "status") {
    return Term::tuple({Term::string("25"), Term::string(code_version_),
                        Term::tuple({Term::atom("here"), which_releases()}), Term(),
                        Term::tuple({Term(std::int64_t{0}), Term(std::int64_t{0})})});
  }
  if (name == "known_releases") {
    call("release_handler:which_releases", {});
    return parse_single_term("known", release::format_releases_file(known_releases()));
  }
  if (name == "settle") return calls.emplace_back("agent:settle"), settle(parts->at(2));
  if (name == "register") return call("release_handler:set_unpacked", {parts->at(2)});
  if (name == "check_install") return call("release_handler:check_install_release", {parts->at(1)});
  if (name == "commit") {
    confirmation.reset();
    const Term done = call("release_handler:make_permanent", {parts->at(2)});
    return done.is_atom("ok") ? tagged("ok", Term()) : done;
  }
  if (name == "install") {
    job_ = call("release_handler:install_release", {parts->at(2)});
    return Term::atom("ok");
  }
  throw std::runtime_error("the model's agent does not know " + name);
}

Term NodeModel::settle(const Term& known) {
  releases.clear();
  for (const auto& each : release::parse_releases_file("known", print(known) + "."))
    releases.push_back({each.version, std::string(to_string(each.status))});
  return Term::atom("ok");
}

Term NodeModel::forecast() const {
  Term::Elements parts{tagged("heart", Term::atom("true"))};
  if (busy_process) {
    const Term process = Term::tuple({Term::binary(*busy_process), Term::binary(""),
                                      Term::binary("shop_sup"), Term::binary("shop")});
    const Term place = Term::tuple({Term::binary("shop_server:wait/1"), Term::atom("waiting")});
    const Term late = Term::tuple(
        {process, Term::atom("stuck"), place, Term(std::int64_t{3}), Term::atom("shop_server")});
    parts.push_back(tagged("late", Term::list({late})));
  }
  parts.insert(parts.end(), told.begin(), told.end());
  return Term::list(std::move(parts));
}

Term NodeModel::outcome() const {
  if (unfinished_install) {
    return tagged("running", tagged("install", Term::string(*unfinished_install)),
                  Term(std::int64_t{3'000}));
  }
  const Term what = tagged("install", Term::string(running()));
  return job_ ? tagged("done", what, *job_) : Term::atom("none");
}

Term NodeModel::loaded(const Term& modules) const {
  Term::Elements list;
  for (const Term& module : *modules.as_list()) {
    const Term digest = digest_of(*module.as_atom());
    if (digest.as_atom() == nullptr) list.push_back(Term::tuple({module, digest}));
  }
  return Term::list(std::move(list));
}

Term NodeModel::applications() const {
  Term::Elements list;
  if (runs_no_release) return Term();
  for (const auto& application : tree().applications)
    list.push_back(Term::tuple({Term(application.name), Term::string(application.version)}));
  return Term::list(std::move(list));
}

Term NodeModel::old_code(const Term& modules) {
  Term::Elements list;
  for (const Term& module : *modules.as_list()) {
    const std::string& name = module.as_atom()->name();
    if (!holders.contains(name)) continue;
    Term::Elements names;
    for (const std::string& process : look_at_holders(name))
      names.push_back(Term::string(process));
    list.push_back(Term::tuple({module, Term::list(std::move(names))}));
  }
  return Term::list(std::move(list));
}

// Old code that nobody runs goes.
Term NodeModel::purge_softly(const Term& modules) {
  Term::Elements held;
  const Term found = old_code(modules);
  for (const Term& each : *found.as_list()) {
    if (each.as_tuple()->at(1).is_nil()) {
      holders.erase(each.as_tuple()->at(0).as_atom()->name());
    } else {
      held.push_back(each);
    }
  }
  return Term::list(std::move(held));
}

Term NodeModel::purge_brutally(const Term& modules) {
  Term found = old_code(modules);
  for (const Term& each : *found.as_list()) {
    const std::string name = each.as_tuple()->at(0).as_atom()->name();
    for (const Term& process : *each.as_tuple()->at(1).as_list())
      purges.push_back("brutal " + name + ": " + text_of(process));
    holders.erase(name);
  }
  return found;
}

std::vector<std::string> NodeModel::look_at_holders(const std::string& module) {
  auto& looks = holders[module];
  const std::vector<std::string> seen = looks.empty() ? std::vector<std::string>() : looks.front();
  if (looks.size() > 1) looks.pop_front();
  return seen;
}

release::ReleaseTree NodeModel::tree() const {
  return release::load_release(release::resolve_reference(files_, root_ + "@" + code_version_), {});
}

// `undefined` where the running code has no such module.
Term NodeModel::digest_of(Atom module) const {
  if (patched.contains(module)) return Term::binary("another code 16");
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

}  // namespace relup::change
