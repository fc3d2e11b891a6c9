// SPDX-License-Identifier: Apache-2.0
//
// `{load_object_code, {App, Vsn, Modules}}` reads .beam files of the new release, each from the
// library directory of that version. The release handler looks for them when it checks, but it
// checks only what it knows of; whether a tarball has them, its own list of files tells.

#include "base/words.hpp"
#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

struct MissingCode final : Objection {
  MissingCode(std::string version, std::vector<std::string> paths)
      : version_(std::move(version)), paths_(std::move(paths)) {}
  ObjectionKind kind() const override { return ObjectionKind::missing_code; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override {
    return "the relup loads code that release " + version_ + " does not have: " + joined(paths_);
  }
  std::string hint() const override {
    return "the relup is that of another build; make it again with `relup generate`";
  }

 private:
  std::string version_;
  std::vector<std::string> paths_;
};

}  // namespace

Objections missing_code(const FilesView& view) {
  if (!view.change.script) return {};
  const release::ReleaseTree& tree = view.change.new_release;
  std::vector<std::string> missing;
  for (const host::FetchedModule& fetched : view.change.script->fetched) {
    const release::TreeApplication* application = tree.find(fetched.application);
    if (application == nullptr || application->is_of_system) continue;
    const std::string path = "lib/" + fetched.application.name() + "-" + fetched.version +
                             "/ebin/" + fetched.module.name() + ".beam";
    const bool is_there =
        application->version == fetched.version &&
        tree.reference.files->exists(release::ReleaseTree::beam_path(*application, fetched.module));
    if (!is_there) missing.push_back(path);
  }
  if (missing.empty()) return {};
  return {object<MissingCode>(view.change.to, std::move(missing))};
}

}  // namespace relup::change::by_files
