// SPDX-License-Identifier: Apache-2.0
#include "lint/example.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lint/lint.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "support/txtar.hpp"

namespace relup::lint {
namespace {

using support::SampleApplication;
using support::SampleRelease;
using support::TxtarFiles;

// All of testdata/lint, by the name of the rule.
const std::map<std::string, TxtarFiles>& fixtures() {
  static const auto read = [] {
    std::map<std::string, TxtarFiles> all;
    for (const auto& entry : std::filesystem::directory_iterator(RELUP_TESTDATA "/lint")) {
      if (!entry.is_regular_file() || entry.path().extension() != ".txt") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      all[entry.path().stem().string()] = support::read_txtar(text.str());
    }
    return all;
  }();
  return read;
}

// "old/shop/shop_price.erl" taken apart.
struct SourceFile {
  std::string side;
  std::string application;
  std::string name;
  std::string extension;
};

SourceFile take_apart(const std::string& path) {
  const std::filesystem::path parts(path);
  auto part = parts.begin();
  SourceFile file;
  file.side = (part++)->string();
  file.application = (part++)->string();
  file.name = parts.stem().string();
  file.extension = parts.extension().string();
  return file;
}

// Whether the old release has the Erlang module, too, with the same text.
bool is_as_in_old(const TxtarFiles& files, const std::string& path) {
  if (!path.ends_with(".erl")) return false;
  const auto old = files.find("old" + path.substr(path.find('/')));
  return old != files.end() && old->first != path && old->second == files.at(path);
}

void add_same_as_old(std::map<std::string, std::string>& modules) {
  for (const auto& [rule, files] : fixtures()) {
    for (const auto& [path, text] : files) {
      if (!is_as_in_old(files, path)) continue;
      const SourceFile file = take_apart(path);
      const std::string module = file.application + "/" + file.name;
      modules[rule + ":" + file.side + ":" + module] = modules.at(rule + ":old:" + module);
    }
  }
}

// The compiled modules of all fixtures, made in one go: "NAME:SIDE:APP/MODULE".
const std::map<std::string, std::string>& compiled() {
  static const auto made = [] {
    support::ModuleSources erlang;
    std::map<std::string, std::string> elixir;
    for (const auto& [rule, files] : fixtures()) {
      for (const auto& [path, text] : files) {
        if (path == "relup.yaml" || is_as_in_old(files, path)) continue;
        const SourceFile file = take_apart(path);
        const std::string label = rule + ":" + file.side + ":" + file.application;
        if (file.extension == ".erl") erlang[label + "/" + file.name] = text;
        if (file.extension == ".ex") elixir[label] += text;
      }
    }
    auto modules = support::compile_modules(erlang);
    if (!elixir.empty()) modules.merge(support::compile_elixir(elixir));
    add_same_as_old(modules);
    return modules;
  }();
  return made;
}

// A line of a fixture without the line break.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// The applications that `sides` make up, the later laid over the earlier.
SampleRelease release_of(const std::string& rule, const std::vector<std::string>& sides,
                         const std::string& version) {
  std::map<std::string, SampleApplication> applications;
  for (const std::string& side : sides) {
    const std::string prefix = rule + ":" + side + ":";
    for (auto module = compiled().lower_bound(prefix);
         module != compiled().end() && module->first.starts_with(prefix); ++module) {
      const std::string rest = module->first.substr(prefix.size());
      const std::size_t slash = rest.find('/');
      SampleApplication& application = applications[rest.substr(0, slash)];
      application.name = rest.substr(0, slash);
      application.version = version;
      application.modules[rest.substr(slash + 1)] = module->second;
    }
    for (auto& [name, application] : applications) {
      const auto own = fixtures().at(rule).find(side + "/" + name + "/vsn");
      if (own != fixtures().at(rule).end()) application.version = first_line(own->second);
      const auto needs = fixtures().at(rule).find(side + "/" + name + "/needs");
      if (needs != fixtures().at(rule).end())
        application.needs.push_back(first_line(needs->second));
    }
  }
  SampleRelease release{version, {}};
  for (auto& [name, application] : applications)
    release.applications.push_back(std::move(application));
  return release;
}

class ExampleUpgrade {
 public:
  // `own` is laid over the new release.
  ExampleUpgrade(const std::string& rule, const std::string& own)
      : files_of_rule_(fixtures().at(rule)) {
    write("/old", release_of(rule, {"old"}, "1.0"));
    write("/new", release_of(rule, {"new", own}, "2.0"));
    for (const std::string& side : {std::string("new"), own})
      add_other_files(side);
    releases_ = release::load_releases(files_, {"/old", "/new"}, {});
  }

  void add_to(LintRequest& request) const {
    request.from = {&releases_.front()};
    request.to = &releases_.back();
    const auto policy = files_of_rule_.find("relup.yaml");
    if (policy != files_of_rule_.end()) {
      request.policy = policy::read_policy("relup.yaml", policy->second).policy;
    }
  }

 private:
  void write(const std::string& root, SampleRelease release) {
    const std::string protocols = root + "/releases/" + release.version + "/consolidated/";
    std::erase_if(release.applications, [&](const SampleApplication& application) {
      if (application.name != "consolidated") return false;
      for (const auto& [module, bytes] : application.modules)
        support::write_file(files_, protocols + module + ".beam", bytes);
      return true;
    });
    support::write_release(files_, root, release);
  }

  void add_other_files(const std::string& side) {
    for (const auto& [path, text] : files_of_rule_) {
      if (!path.starts_with(side + "/")) continue;
      const SourceFile file = take_apart(path);
      if (file.extension == ".erl" || file.extension == ".ex" || file.name == "vsn" ||
          file.name == "needs")
        continue;
      support::write_file(
          files_, "/new/lib/" + file.application + "-2.0/ebin/" + file.name + file.extension, text);
    }
  }

  const TxtarFiles& files_of_rule_;
  support::MemoryFileSystem files_;
  std::vector<release::ReleaseTree> releases_;
};

}  // namespace

Diagnostics lint_example(const Rule& rule, Example example) {
  LintRequest request;
  const std::string_view text = example == Example::wrong ? rule.page.wrong : rule.page.right;
  if (text.starts_with("%% relup")) {
    request.relups.push_back({"relup", std::string(text)});
  } else if (!text.empty()) {
    request.appups.push_back({"shop.appup", std::string(text)});
  }
  const std::string name(rule.name);
  if (!fixtures().contains(name)) return lint(request);
  const ExampleUpgrade releases(name, example == Example::wrong ? "wrong" : "right");
  releases.add_to(request);
  return lint(request);
}

Diagnostics lint_against(const std::string& fixture, const std::string& appup,
                         const std::string& name) {
  LintRequest request;
  request.appups.push_back({name, appup});
  const ExampleUpgrade releases(fixture, "new");
  releases.add_to(request);
  return lint(request);
}

}  // namespace relup::lint
