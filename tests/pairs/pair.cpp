// SPDX-License-Identifier: Apache-2.0
#include "pairs/pair.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/replace_file.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "support/sample_release.hpp"

namespace relup::pairs {
namespace {

using support::SampleApplication;

const std::string directory = RELUP_TESTDATA "/pairs";

std::string path_of(const std::string& name) {
  return join_path(directory, name + ".txt");
}

// A file of an application: SIDE/APP/NAME, NAME possibly with more folders.
struct Member {
  std::string side;
  std::string application;
  std::string name;
};

std::optional<Member> read_member(const std::string& path) {
  const std::size_t first = path.find('/');
  const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return Member{path.substr(0, first), path.substr(first + 1, second - first - 1),
                path.substr(second + 1)};
}

Pair read_pair(const std::filesystem::path& path) {
  const std::string text = real_file_system().read(path.string());
  Pair pair{path.stem().string(), text.substr(0, text.find("-- ")), support::read_txtar(text)};
  if (pair.rule.size() < 20) throw std::runtime_error(pair.name + " does not say its rule");
  return pair;
}

// As build tools do, which keep debug information in every module, unless they make a release.
std::string with_debug_information(const std::string& source) {
  const std::size_t end = source.find(").\n");
  if (end == std::string::npos) throw std::runtime_error("no -module in a source");
  return source.substr(0, end + 2) + " -compile(debug_info).\n" + source.substr(end + 3);
}

std::string label_of(const Pair& pair, const Member& member) {
  return pair.name + "." + member.side + "." + member.application;
}

// The modules by "LABEL/MODULE".
using Compiled = std::map<std::string, std::string>;

const Compiled& compiled() {
  static const Compiled modules = [] {
    support::ModuleSources erlang;
    std::map<std::string, std::string> elixir;
    for (const Pair& pair : all_pairs()) {
      for (const auto& [path, text] : pair.files) {
        const auto member = read_member(path);
        if (!member) continue;
        const std::string label = label_of(pair, *member);
        if (path.ends_with(".ex")) elixir[label] += text;
        if (path.ends_with(".erl")) {
          const std::string module = member->name.substr(0, member->name.size() - 4);
          const bool is_stripped = pair.files.contains("stripped");
          erlang[label + "/" + module] = is_stripped ? text : with_debug_information(text);
        }
      }
    }
    Compiled all = support::compile_modules(erlang);
    all.merge(support::compile_elixir(elixir));
    return all;
  }();
  return modules;
}

// The applications of one side: what is in it, and what is in both.
std::vector<SampleApplication> applications_of(const Pair& pair, const std::string& side,
                                               const std::string& version) {
  std::map<std::string, SampleApplication> applications;
  for (const auto& [path, text] : pair.files) {
    const auto member = read_member(path);
    if (!member || (member->side != side && member->side != "both")) continue;
    SampleApplication& made = applications[member->application];
    made.name = member->application;
    if (made.version.empty()) made.version = version;
    if (member->name == "vsn") made.version = text.substr(0, text.find('\n'));
    const std::string prefix = label_of(pair, *member) + "/";
    for (auto found = compiled().lower_bound(prefix);
         found != compiled().end() && found->first.starts_with(prefix); ++found)
      made.modules[found->first.substr(prefix.size())] = found->second;
  }
  std::vector<SampleApplication> list;
  for (auto& entry : applications)
    list.push_back(std::move(entry.second));
  return list;
}

void write_side(FileSystem& files, const std::string& root, const Pair& pair,
                const std::string& side, const std::string& version) {
  const support::SampleRelease release{version, applications_of(pair, side, version)};
  support::write_release(files, root, release);
  for (const SampleApplication& application : release.applications) {
    const std::string home = join_path(root, "lib/" + application.name + "-" + application.version);
    for (const std::string& from : {side, std::string("both")}) {
      const std::string prefix = from + "/" + application.name + "/";
      for (const auto& [path, text] : pair.files) {
        if (!path.starts_with(prefix)) continue;
        const std::string name = path.substr(prefix.size());
        if (name.starts_with("priv/")) support::write_file(files, join_path(home, name), text);
        if (name.ends_with(".app"))
          support::write_file(files, join_path(home, "ebin/" + name), text);
      }
    }
  }
  const auto rel = pair.files.find(side + "/shop.rel");
  if (rel != pair.files.end()) {
    support::write_file(files, join_path(root, "releases/" + version + "/shop.rel"), rel->second);
  }
}

}  // namespace

const std::vector<Pair>& all_pairs() {
  static const std::vector<Pair> pairs = [] {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
      paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<Pair> read;
    for (const auto& path : paths)
      read.push_back(read_pair(path));
    return read;
  }();
  return pairs;
}

const Pair& find_pair(const std::string& name) {
  for (const Pair& pair : all_pairs()) {
    if (pair.name == name) return pair;
  }
  throw std::runtime_error("no pair " + name);
}

void write_pair(FileSystem& files, const std::string& root, const Pair& pair) {
  write_side(files, join_path(root, "old"), pair, "old", "1.0");
  write_side(files, join_path(root, "new"), pair, "new", "2.0");
}

policy::Policy policy_of(const Pair& pair) {
  const auto wishes = pair.files.find("relup.yaml");
  if (wishes == pair.files.end()) return {};
  policy::ReadPolicy read = policy::read_policy("relup.yaml", wishes->second);
  if (has_errors(read.diagnostics)) throw std::runtime_error(pair.name + ": a bad relup.yaml");
  return std::move(read.policy);
}

void write_expected(const Pair& pair, const support::TxtarFiles& expected) {
  std::string text = real_file_system().read(path_of(pair.name));
  text.resize(std::min(text.size(), text.find("-- expected/")));
  for (const auto& [name, content] : expected)
    text += "-- " + name + " --\n" + content;
  replace_file(real_file_system(), path_of(pair.name), text);
}

}  // namespace relup::pairs
