// SPDX-License-Identifier: Apache-2.0
#include "change/right_root.hpp"

namespace relup::change {
namespace {

using host::NodeRoot;
using host::ReleasesFolder;

class OtherRoot final : public Objection {
 public:
  OtherRoot(const host::Host& host, std::string node, std::string other, NodeRoot which)
      : root_(host.root), node_(std::move(node)), other_(std::move(other)), which_(which) {}
  ObjectionKind kind() const override { return ObjectionKind::node_of_another_root; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override {
    if (which_ == NodeRoot::gone)
      return "the node " + node_ + " was started from " + other_ +
             ", which is not there any more; this root is " + root_;
    return "the node " + node_ + " runs from the root " + other_ + ", not from " + root_;
  }
  std::string hint() const override {
    if (which_ == NodeRoot::gone)
      return "was the root moved? Restart the node from " + root_ + ", then try again";
    return "work on that one with --root " + other_ + ", or start the node from " + root_;
  }

 private:
  std::string root_;
  std::string node_;
  std::string other_;
  NodeRoot which_;
};

class OtherReleasesFolder final : public Objection {
 public:
  OtherReleasesFolder(const host::Host& host, std::string node, std::string folder,
                      ReleasesFolder which)
      : ours_(host.path("releases")),
        node_(std::move(node)),
        folder_(std::move(folder)),
        which_(which) {}
  ObjectionKind kind() const override { return ObjectionKind::other_releases_folder; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override {
    return "the release handler of " + node_ + " keeps its releases in " + folder_ +
           (which_ == ReleasesFolder::chosen ? " (RELDIR, or releases_dir of sasl)"
                                             : ", since the emulator is that of another release") +
           ", not in " + ours_;
  }
  std::string hint() const override {
    return which_ == ReleasesFolder::chosen
               ? "start the node without that setting, or with RELDIR=" + ours_
               : "start the node with the emulator of its own release, or with RELDIR=" + ours_;
  }

 private:
  std::string ours_;
  std::string node_;
  std::string folder_;
  ReleasesFolder which_;
};

}  // namespace

Objections against_place(FileSystem& files, const host::Host& host, const std::string& node,
                         const host::NodePlace& place) {
  const NodeRoot root = host::root_of(files, host, place);
  if (root != NodeRoot::this_one) return {object<OtherRoot>(host, node, place.root.path, root)};
  const ReleasesFolder folder = host::releases_folder_of(files, host, place);
  if (folder == ReleasesFolder::chosen || folder == ReleasesFolder::of_another_root)
    return {object<OtherReleasesFolder>(host, node, place.releases->path, folder)};
  return {};
}

}  // namespace relup::change
