// SPDX-License-Identifier: Apache-2.0
//
// The configuration of the new release, as a start of it on this node would read and resolve it. An
// install gives it to the applications, so it has to resolve, and to fit into a file.

#include "change/objections.hpp"

namespace relup::change::by_node {
namespace {

// What the configuration may be made of, where the node cannot find it on its own disk yet.
std::vector<live::FileToSend> files_to_send(const ProposedChange& change) {
  std::vector<live::FileToSend> sent;
  if (change.source != ReleaseSource::tarball) return sent;
  const release::ReleaseTree& tree = change.new_release;
  for (const std::string& path : tree.reference.files->paths()) {
    const bool is_compiled = path.ends_with(".beam") || path.ends_with(".boot");
    if (path.starts_with(tree.own_path("")) && !is_compiled)
      sent.emplace_back(path, tree.reference.files->read(path));
  }
  return sent;
}

}  // namespace

Objections unusable_configuration(const NodeView& view) {
  if (view.change == nullptr) return {};
  try {
    view.findings.configuration =
        view.agent.environment(view.change->to, files_to_send(*view.change));
    return {};
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error& error) {
    return {object<ReportedObjection>(ObjectionKind::unusable_configuration, error)};
  }
}

}  // namespace relup::change::by_node
