// SPDX-License-Identifier: Apache-2.0
#include "pairs/upgrade.hpp"

#include "support/sample_release.hpp"
#include "term/printer.hpp"

namespace relup::pairs {
namespace {

// The .rel file without its extension.
std::string rel_of(const release::ReleaseTree& tree) {
  return tree.reference.files->place("releases/" + tree.version() + "/" + tree.name());
}

}  // namespace

Upgrade::Upgrade(FileSystem& files, const std::vector<std::string>& bases,
                 const std::string& target, policy::Policy policy)
    : files_(files), target_(load(target)), policy_(std::move(policy)) {
  for (const std::string& root : bases)
    bases_.push_back(load(root));
}

release::ReleaseTree Upgrade::load(const std::string& root) const {
  return release::load_release(release::resolve_reference(files_, root), {});
}

generate::Generated Upgrade::generate() const {
  generate::GenerateRequest request;
  for (const release::ReleaseTree& base : bases_)
    request.old_releases.push_back(&base);
  request.new_release = &target_;
  request.policy = policy_;
  return relup::generate::generate_upgrade(request);
}

CompileResult Upgrade::compile(const generate::Generated& generated) const {
  for (const generate::GeneratedAppup& appup : generated.appups) {
    const std::string directory = target_.find(appup.application)->directory;
    support::write_file(
        files_,
        target_.reference.files->place(directory + "/ebin/" + appup.application.name() + ".appup"),
        appup.text);
  }
  CompileRequest request;
  request.top = rel_of(target_);
  request.path = {target_.reference.files->place("lib/*/ebin")};
  for (const release::ReleaseTree& base : bases_) {
    request.path.push_back(base.reference.files->place("lib/*/ebin"));
    request.up_from.push_back({rel_of(base), Term()});
  }
  request.down_to = request.up_from;
  return relup::compile(files_, request);
}

std::string text_of(const generate::Generated& generated) {
  std::string text;
  for (const generate::GeneratedAppup& appup : generated.appups)
    text += "==> " + appup.application.name() + "-" + appup.version + ".appup\n" + appup.text;
  if (generated.relup) text += "==> relup\n" + term_file(to_term(*generated.relup));
  return text;
}

}  // namespace relup::pairs
