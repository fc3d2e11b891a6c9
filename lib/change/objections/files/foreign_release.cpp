// SPDX-License-Identifier: Apache-2.0
//
// A release that somebody else has unpacked, root for example. The node resolves the settings into
// its folder, which then fails in the middle of an install.

#include "change/objections.hpp"
#include "host/ownership.hpp"

namespace relup::change {
namespace {

struct ForeignRelease final : Objection {
  ForeignRelease(host::ForeignFolder folder, std::string root)
      : folder_(std::move(folder)), root_(std::move(root)) {}
  ObjectionKind kind() const override { return ObjectionKind::foreign_release; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override {
    return folder_.path + " belongs to " + user_name(folder_.owner) + ", and " +
           user_name(folder_.owner_above) + ", to whom the folder above belongs, may not write it";
  }
  std::string hint() const override {
    return "`chown -R " + user_name(folder_.owner_above) + " " + root_ + "` gives all of it to " +
           user_name(folder_.owner_above);
  }

 private:
  host::ForeignFolder folder_;
  std::string root_;
};

}  // namespace

Objections foreign_folders(FileSystem& files, const host::Host& host,
                           const std::vector<std::string>& paths) {
  Objections found;
  for (const std::string& path : paths) {
    if (auto folder = host::foreign_folder(files, host.path(path)))
      found.push_back(object<ForeignRelease>(*std::move(folder), host.root));
  }
  return found;
}

namespace by_files {

Objections foreign_release(const FilesView& view) {
  return foreign_folders(view.files, view.host, {"releases/" + view.change.to});
}

}  // namespace by_files
}  // namespace relup::change
