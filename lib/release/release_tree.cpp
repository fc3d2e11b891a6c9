// SPDX-License-Identifier: Apache-2.0
#include "release/release_tree.hpp"

#include <algorithm>

#include "base/diagnostic_text.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "release/application_order.hpp"
#include "release/system_applications.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

// The first term of a file; none when a problem was added.
std::optional<TermFile> read_term(const ReleaseFiles& files, const std::string& path,
                                  OtpVersion otp, Problems& problems) {
  auto text = read_first_term(files.place(path), files.read(path), otp.dialect());
  if (auto* file = std::get_if<TermFile>(&text)) return std::move(*file);
  problems.push_back({to_diagnostic(std::get<TermFault>(text)), Term()});
  return std::nullopt;
}

[[noreturn]] void throw_problems(const std::string& release, const Problems& problems) {
  std::string message = "the release " + release + " cannot be used:\n";
  for (const Problem& problem : problems)
    message += to_text(problem.diagnostic, {});
  message.pop_back();
  throw Error(ErrorCode::bad_input, message);
}

class TreeLoader {
 public:
  TreeLoader(const ReleaseReference& reference, OtpVersion otp, BadOrder bad_order)
      : reference_(reference),
        files_(*reference.files),
        otp_(otp),
        bad_order_(bad_order),
        lib_(files_.names_in("lib")) {}

  ReleaseTree load() {
    Problems problems;
    const auto read = read_term(files_, reference_.rel_path, otp_, problems);
    if (!read) throw_problems(reference_.version, problems);
    const std::optional<RelFile> rel = read_rel_term(read->term, read->source, problems);
    if (!rel) throw_problems(reference_.version, problems);
    ReleaseTree tree{reference_, {*rel, {}}, {}};
    if (!brings_emulator(files_, rel->erts_version)) {
      of_system_ = applications_of_boot_script(files_, reference_.version);
    }
    for (const RelApplication& wanted : rel->applications)
      load_application(wanted, tree, problems);
    if (!problems.empty()) throw_problems(reference_.version, problems);
    if (put_in_start_order(tree.release, problems)) return tree;
    if (bad_order_ == BadOrder::refused) throw_problems(reference_.version, problems);
    for (Problem& problem : problems)
      tree.faults.push_back(std::move(problem.diagnostic));
    return tree;
  }

 private:
  void load_application(const RelApplication& wanted, ReleaseTree& tree, Problems& problems) {
    const std::string app_file = "/ebin/" + wanted.name.name() + ".app";
    std::string found_versions;
    for (const std::string& candidate : candidates(wanted)) {
      const std::string path = "lib/" + candidate + app_file;
      if (!files_.exists(path)) continue;
      const auto read = read_term(files_, path, otp_, problems);
      if (!read) return;
      std::optional<AppFile> file = read_app_term(read->term, read->source, otp_.major, problems);
      if (!file) return;
      if (file->version != wanted.version) {
        found_versions += (found_versions.empty() ? " (found " : ", ") + file->version;
        continue;
      }
      add(wanted, *file, tree);
      tree.applications.push_back({wanted.name, wanted.version, "lib/" + candidate,
                                   modules_in(files_, "lib/" + candidate + "/ebin"), false});
      return;
    }
    const bool is_absent = found_versions.empty();
    const auto of_system = of_system_.find(wanted.name);
    if (is_absent && of_system != of_system_.end() && of_system->second.version == wanted.version) {
      add(wanted, of_system->second, tree);
      tree.applications.push_back({wanted.name,
                                   wanted.version,
                                   "lib/" + wanted.name.name() + "-" + wanted.version,
                                   {},
                                   true});
      return;
    }
    if (!is_absent) found_versions += ")";
    Problem problem = make_problem("missing-application", tree.release.rel.source, wanted.span,
                                   wanted.name.name() + " " + wanted.version +
                                       " is not in lib/ of " + files_.name() + found_versions,
                                   Term());
    if (is_absent) {
      problem.diagnostic.notes.emplace_back(
          "a release must hold all of its applications, those of OTP too");
    }
    problems.push_back(std::move(problem));
  }

  static void add(const RelApplication& wanted, const AppFile& file, ReleaseTree& tree) {
    const std::vector<Atom> includes = wanted.included.value_or(file.included_applications);
    tree.release.applications.push_back({file, wanted.start_type, file.applications, includes});
  }

  // NAME-VSN first, then whatever else could hold the application.
  std::vector<std::string> candidates(const RelApplication& wanted) const {
    const std::string name = wanted.name.name();
    std::vector<std::string> found{name + "-" + wanted.version};
    for (const std::string& directory : lib_) {
      const bool fits = directory == name || directory.starts_with(name + "-");
      if (fits && directory != found.front()) found.push_back(directory);
    }
    return found;
  }

  const ReleaseReference& reference_;
  const ReleaseFiles& files_;
  OtpVersion otp_;
  BadOrder bad_order_;
  std::vector<std::string> lib_;
  std::map<Atom, AppFile> of_system_;
};

}  // namespace

const TreeApplication* ReleaseTree::find(Atom application) const {
  const auto found = std::find_if(applications.begin(), applications.end(),
                                  [&](const auto& each) { return each.name == application; });
  return found == applications.end() ? nullptr : &*found;
}

const TreeApplication* ReleaseTree::owner_of(Atom module) const {
  const auto found = std::find_if(applications.begin(), applications.end(), [&](const auto& each) {
    return std::binary_search(each.beam_modules.begin(), each.beam_modules.end(), module);
  });
  return found == applications.end() ? nullptr : &*found;
}

std::string ReleaseTree::own_path(const std::string& file) const {
  return "releases/" + version() + "/" + file;
}

std::string ReleaseTree::consolidated_path(Atom protocol) const {
  return own_path("consolidated/" + protocol.name() + ".beam");
}

std::string ReleaseTree::beam_path(const TreeApplication& application, Atom module) {
  return application.directory + "/ebin/" + module.name() + ".beam";
}

std::vector<Atom> modules_in(const ReleaseFiles& files, const std::string& directory) {
  std::vector<Atom> modules;
  for (const std::string& file : files.names_in(directory)) {
    if (file.ends_with(".beam")) modules.emplace_back(file.substr(0, file.size() - 5));
  }
  // Names of files have another order: "a.b.beam" comes before "a.beam".
  std::sort(modules.begin(), modules.end());
  return modules;
}

ReleaseTree load_release(const ReleaseReference& reference, OtpVersion otp, BadOrder bad_order) {
  return TreeLoader(reference, otp, bad_order).load();
}

std::vector<ReleaseTree> load_releases(FileSystem& files, const std::vector<std::string>& texts,
                                       OtpVersion otp, BadOrder bad_order) {
  std::vector<ReleaseTree> trees(texts.size());
  for_each_index(texts.size(), [&](std::size_t index) {
    trees[index] = load_release(resolve_reference(files, texts[index]), otp, bad_order);
  });
  return trees;
}

}  // namespace relup::release
