// SPDX-License-Identifier: Apache-2.0
#include "host/soundness.hpp"

#include "base/error.hpp"
#include "beam/file/code_identity.hpp"
#include "release/boot_script.hpp"
#include "term/term_file.hpp"

namespace relup::host {
namespace {

using release::ReleaseTree;

[[noreturn]] void fail(const ReleaseTree& tree, const std::string& path, const std::string& what) {
  throw Error(ErrorCode::bad_input, tree.reference.files->place(path) + " " + what);
}

// `code:load_binary/3` refuses code of another name with `badfile`.
void check_module(const ReleaseTree& tree, const std::string& path, Atom module) {
  const release::ReleaseFiles& files = *tree.reference.files;
  const beam::BeamFile file(files.place(path), files.read(path));
  if (file.module() != module) fail(tree, path, "holds the module " + file.module().name());
  beam::module_md5(file);  // fails where a chunk is missing that code needs
}

void check_boot_file(const ReleaseTree& tree) {
  const std::string path = release::boot_script_path(tree.version());
  if (!tree.reference.files->exists(path)) fail(tree, path, "is missing, so it would not boot");
  const Term script = release::read_boot_script(*tree.reference.files, tree.version());
  if (!script.is_tagged("script", 3)) fail(tree, path, "is no boot script");
  const Term::Elements* release = (*script.as_tuple())[1].as_tuple();
  if (release == nullptr || release->size() != 2 || (*release)[1] != Term::string(tree.version())) {
    fail(tree, path, "boots another release than " + tree.version());
  }
}

// One list and nothing else (config(4)).
void check_configuration(const ReleaseTree& tree) {
  const std::string path = tree.own_path("sys.config");
  const release::ReleaseFiles& files = *tree.reference.files;
  if (!files.exists(path)) return;
  const Term configuration = parse_single_term(files.place(path), files.read(path));
  if (!configuration.is_proper_list()) fail(tree, path, "is not a list");
}

}  // namespace

void check_soundness(const ReleaseTree& tree, Checkpoint& checkpoint) {
  check_boot_file(tree);
  check_configuration(tree);
  for (const release::TreeApplication& application : tree.applications) {
    for (const Atom module : application.beam_modules) {
      checkpoint.pass();
      check_module(tree, ReleaseTree::beam_path(application, module), module);
    }
  }
}

}  // namespace relup::host
