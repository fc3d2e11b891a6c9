// SPDX-License-Identifier: Apache-2.0
#include "pairs/random_releases.hpp"

#include <array>
#include <map>
#include <string>

#include "support/compiled_modules.hpp"

namespace relup::pairs {
namespace {

constexpr std::size_t versions = 5;
// What a module is for: its first letter. A plain one, a server, a supervisor.
const std::array<std::string, 9> names{"p1", "p2", "p3", "p4", "s1", "s2", "s3", "b1", "b2"};

std::string frame_of(const std::string& name, std::size_t version, bool changes_state) {
  switch (name.front()) {
    case 's':
      return "-behaviour(gen_server).\n"
             "-export([init/1, handle_call/3, handle_cast/2" +
             std::string(changes_state ? ", code_change/3" : "") +
             "]).\n"
             "init(_) -> {ok, {}}.\n"
             "handle_call(_, _, S) -> {reply, S, S}.\n"
             "handle_cast(_, S) -> {noreply, S}.\n" +
             (changes_state
                  ? "code_change(_, S, _) -> {ok, {" + std::to_string(version) + ", S}}.\n"
                  : "");
    case 'b':
      return "-behaviour(supervisor).\n-export([init/1]).\n"
             "init(_) -> {ok, {{one_for_one, " +
             std::to_string(version) + ", 5}, []}}.\n";
    default:
      return "";
  }
}

// A module of the pool: it exports some of f0 to f3 and calls some of others.
std::string source_of(const std::string& name, std::size_t version, std::mt19937& engine) {
  std::string exports = "id/0";
  std::string functions = "id() -> " + std::to_string(version) + ".\n";
  for (int i = 0; i < 4; ++i) {
    if (engine() % 3 == 0) continue;
    const std::string function = "f" + std::to_string(i);
    exports += ", " + function + "/0";
    functions += function + "() -> ";
    if (engine() % 2 == 0) {
      functions += names[engine() % names.size()] + ":f" + std::to_string(engine() % 4) + "().\n";
    } else {
      functions += "ok.\n";
    }
  }
  return "-module(" + name + ").\n-export([" + exports + "]).\n" +
         frame_of(name, version, engine() % 3 > 0) + functions;
}

// By "VERSION/MODULE".
const std::map<std::string, std::string>& pool() {
  static const auto modules = [] {
    std::mt19937 engine(20);
    support::ModuleSources sources;
    for (const std::string& name : names) {
      for (std::size_t version = 0; version < versions; ++version)
        sources[std::to_string(version) + "/" + name] = source_of(name, version, engine);
    }
    return support::compile_modules(sources);
  }();
  return modules;
}

// Where a module is at first.
std::size_t home_of(const std::string& name) {
  return static_cast<std::size_t>(name.back() - '0') % 4;
}

using Modules = std::map<std::string, std::size_t>;  // name to version

}  // namespace

struct ReleaseMaker::Content {
  // Their modules with the keys in the pool.
  std::map<std::string, Modules> applications;
};

ReleaseMaker::Content ReleaseMaker::first() {
  Content content;
  for (const std::string& name : names) {
    if (below(6) == 0) continue;
    const std::string application = "app" + std::to_string(home_of(name));
    content.applications[application][name] = below(versions);
  }
  return content;
}

// Modules change, come, go, and now and then move to another application. Where moves are not
// allowed, the home of a module follows from its name.
ReleaseMaker::Content ReleaseMaker::changed(Content content, Moves moves) {
  Content after;
  const bool may_move = moves == Moves::allowed;
  std::map<std::string, std::string> homes;
  for (const auto& [application, modules] : content.applications) {
    for (const auto& module : modules)
      homes[module.first] = application;
  }
  for (const std::string& name : names) {
    const auto home = homes.find(name);
    const std::string anywhere = "app" + std::to_string(may_move ? below(4) : home_of(name));
    if (home == homes.end()) {
      if (below(3) == 0) after.applications[anywhere][name] = below(versions);
      continue;
    }
    if (below(8) == 0) continue;  // it goes
    const std::string& application = may_move && below(8) == 0 ? anywhere : home->second;
    const std::size_t version = content.applications[home->second][name];
    after.applications[application][name] = below(2) == 0 ? version : below(versions);
  }
  return after;
}

std::vector<support::SampleRelease> ReleaseMaker::next() {
  std::vector<Content> contents{first()};
  const std::size_t bases = 1 + below(3);
  const Moves moves = bases == 1 ? Moves::allowed : Moves::none;
  for (std::size_t i = 0; i < bases; ++i)
    contents.push_back(changed(contents[below(contents.size())], moves));
  std::vector<support::SampleRelease> releases;
  std::map<std::string, std::map<Modules, std::size_t>> known;  // versions of each application
  for (const Content& content : contents) {
    support::SampleRelease release{std::to_string(releases.size() + 1), {}};
    for (const auto& [name, modules] : content.applications) {
      auto& versions_of = known[name];
      const std::size_t version =
          versions_of.emplace(modules, versions_of.size() + 1).first->second;
      support::SampleApplication made{name, std::to_string(version)};
      for (const auto& [module, number] : modules)
        made.modules[module] = pool().at(std::to_string(number) + "/" + module);
      release.applications.push_back(std::move(made));
    }
    releases.push_back(std::move(release));
  }
  return releases;
}

}  // namespace relup::pairs
