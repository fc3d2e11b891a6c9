// SPDX-License-Identifier: Apache-2.0
//
// The configuration of the new release, as a start of it on this node would read and resolve it. An
// install gives it to the applications, so it has to resolve, and to fit into a file. With it a
// start is tried, which takes long: it is begun here, and unworkable_start hears of its end.

#include "change/objections.hpp"
#include "change/start_trial.hpp"

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

Objections resolve(const NodeView& view) {
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

}  // namespace

Objections unusable_configuration(const NodeView& view) {
  if (view.change == nullptr) return {};
  Objections found = resolve(view);
  const ProposedChange& change = *view.change;
  const bool is_packed = change.source == ReleaseSource::tarball;
  view.findings.start = begin_start(view.agent, view.agent.host(), change.new_release,
                                    is_packed ? change.old_release : change.new_release,
                                    is_packed ? std::nullopt : view.findings.configuration);
  return found;
}

}  // namespace relup::change::by_node
