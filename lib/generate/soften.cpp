// SPDX-License-Identifier: Apache-2.0
#include "generate/soften.hpp"

#include <algorithm>
#include <array>

#include "beam/file/beam_file.hpp"

namespace relup::generate {
namespace {

using release::ReleaseTree;

bool loads_library(const ReleaseTree& release, Atom module) {
  const release::TreeApplication* application = release.owner_of(module);
  if (application == nullptr) return false;
  const std::string path = ReleaseTree::beam_path(*application, module);
  const release::ReleaseFiles& files = *release.reference.files;
  const auto imports = beam::BeamFile(files.place(path), files.read(path)).imports();
  return std::any_of(imports.begin(), imports.end(), [](const beam::Import& import) {
    return import.module == "erlang" && import.function == "load_nif";
  });
}

// Whether somebody wrote how the module is to be purged. An instruction for a whole application has
// no word for it.
bool says_how(const appup::Instruction& step) {
  if (!step.source) return false;
  const std::string_view text = step.source->text(step.span);
  constexpr auto whole = std::to_array<std::string_view>(
      {"restart_application", "add_application", "remove_application"});
  return std::none_of(whole.begin(), whole.end(), [&](std::string_view each) {
    return text.find(each) != std::string_view::npos;
  });
}

bool is_left_out(const appup::Action& action, const ReleaseTree& origin,
                 const ReleaseTree& target) {
  if (std::holds_alternative<appup::PurgeModules>(action)) return true;
  const auto* remove = std::get_if<appup::Remove>(&action);
  return remove != nullptr && target.owner_of(remove->module) != nullptr &&
         !loads_library(origin, remove->module);
}

}  // namespace

void soften(Script& script, const ReleaseTree& origin, const ReleaseTree& target) {
  for (appup::Instruction& step : script) {
    if (says_how(step)) continue;
    if (auto* load = std::get_if<appup::Load>(&step.action)) {
      load->pre_purge = load->post_purge = appup::Purge::soft;
    } else if (auto* remove = std::get_if<appup::Remove>(&step.action)) {
      remove->pre_purge = remove->post_purge = appup::Purge::soft;
    }
  }
  std::erase_if(script, [&](const appup::Instruction& step) {
    return !says_how(step) && is_left_out(step.action, origin, target);
  });
}

}  // namespace relup::generate
