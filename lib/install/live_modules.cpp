// SPDX-License-Identifier: Apache-2.0
//
// Many questions in one call: `lists:filter(fun erlang:check_old_code/1, Modules)` and
// `lists:zipwith(fun erlang:get_module_info/2, Modules, [md5, ...])` run on the node with functions
// that it has already; an external fun has a form on the wire, a fun of ours would not.

#include "install/live_modules.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "beam/code_identity.hpp"
#include "term/bit_syntax.hpp"
#include "term/printer.hpp"

namespace relup::install {
namespace {

constexpr Milliseconds deadline{30'000};

Term erlang_fun(std::string_view name, std::int64_t arity) {
  return external_fun(Atom("erlang"), Atom(name), arity);
}

std::string hexadecimal(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += {digits[value >> 4U], digits[value & 15U]};
  }
  return text;
}

std::string_view bytes_of(const Md5Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::vector<Atom> LiveModules::filter(std::string_view function, const std::vector<Atom>& modules) {
  const Term answer =
      channel_.call("lists", "filter", {erlang_fun(function, 1), atom_list(modules)}, deadline);
  return answer.atoms().value_or(std::vector<Atom>());
}

std::vector<Atom> LiveModules::with_old_code(const std::vector<Atom>& modules) {
  return filter("check_old_code", modules);
}

std::vector<Atom> LiveModules::loaded() {
  const Term answer = channel_.call("erlang", "loaded", {}, deadline);
  std::vector<Atom> modules = answer.atoms().value_or(std::vector<Atom>());
  std::sort(modules.begin(), modules.end());
  return modules;
}

OldCode LiveModules::holders(Atom module) {
  const Term processes = channel_.call("erlang", "processes", {}, deadline);
  const Term::Elements& pids = *processes.as_list();
  const Term modules = Term::list(Term::Elements(pids.size(), Term(module)));
  // A process that ends meanwhile answers false.
  const Term answers = channel_.call(
      "lists", "zipwith", {erlang_fun("check_process_code", 2), processes, modules}, deadline);
  OldCode old_code{module, {}};
  for (std::size_t i = 0; i < pids.size() && i < answers.as_list()->size(); ++i) {
    if (!(*answers.as_list())[i].is_atom("true")) continue;
    const Term name =
        channel_.call("erlang", "process_info", {pids[i], Term::atom("registered_name")}, deadline);
    const Term text = channel_.call("erlang", "pid_to_list", {pids[i]}, deadline);
    old_code.processes.push_back(name.is_tagged("registered_name", 2)
                                     ? print((*name.as_tuple())[1])
                                     : text.text().value_or("a process"));
  }
  return old_code;
}

std::vector<std::string> LiveModules::version_differences(const release::ReleaseTree& tree) {
  const Term answer = channel_.call("application", "loaded_applications", {}, deadline);
  std::vector<std::string> differences;
  for (const Term& entry : *answer.as_list()) {
    const Term::Elements& parts = *entry.as_tuple();  // {App, Description, Vsn}
    const release::TreeApplication* application = tree.find(*parts.at(0).as_atom());
    const std::string version = parts.at(2).text().value_or("");
    if (application == nullptr || application->version == version) continue;
    differences.push_back("application " + application->name.name() + " is " + version + ", not " +
                          application->version);
  }
  return differences;
}

namespace {

// A release of Mix runs its protocols consolidated (relup/protocol_switch.hpp).
std::string path_of_running(const release::ReleaseTree& tree,
                            const release::TreeApplication& application, Atom module) {
  const std::string consolidated =
      "releases/" + tree.version() + "/consolidated/" + module.name() + ".beam";
  return tree.reference.files->exists(consolidated)
             ? consolidated
             : release::ReleaseTree::beam_path(application, module);
}

}  // namespace

std::vector<std::string> LiveModules::differences(const release::ReleaseTree& tree) {
  std::vector<std::pair<Atom, const release::TreeApplication*>> owners;
  std::vector<Atom> modules;
  for (const release::TreeApplication& application : tree.applications) {
    for (const Atom module : application.beam_modules)
      owners.emplace_back(module, &application);
  }
  for (const auto& owner : owners)
    modules.push_back(owner.first);
  const std::vector<Atom> present = filter("module_loaded", modules);
  const Term digests =
      channel_.call("lists", "zipwith",
                    {erlang_fun("get_module_info", 2), atom_list(present),
                     Term::list(Term::Elements(present.size(), Term::atom("md5")))},
                    deadline);
  std::vector<std::string> differences = version_differences(tree);
  std::size_t next = 0;
  for (const auto& [module, application] : owners) {
    if (next >= present.size() || !(present[next] == module)) continue;
    const Term::Bits* live = (*digests.as_list())[next++].as_bits();
    const std::string path = path_of_running(tree, *application, module);
    const beam::BeamFile file(tree.reference.files->place(path), tree.reference.files->read(path));
    const Md5Digest expected = beam::module_md5(file);
    if (live != nullptr && live->bytes == bytes_of(expected)) continue;
    differences.push_back(module.name() + " in memory is " +
                          (live == nullptr ? "unknown" : hexadecimal(live->bytes)) + ", " + path +
                          " is " + hexadecimal(bytes_of(expected)));
  }
  return differences;
}

}  // namespace relup::install
