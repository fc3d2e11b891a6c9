// SPDX-License-Identifier: Apache-2.0
//
// A tarball under the version of a release that is unpacked already, with another content, is
// unpacked anew. Not so where a restart would boot that release: its files must stay what they are.

#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

struct ReplacedReleaseBoots final : Objection {
  ReplacedReleaseBoots(std::string tarball, std::string version)
      : tarball_(std::move(tarball)), version_(std::move(version)) {}
  ObjectionKind kind() const override { return ObjectionKind::replaced_release_boots; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return tarball_ + " has another content than the release " + version_ +
           " that is unpacked here, which a restart would boot";
  }
  std::string hint() const override { return "pack it under a version of its own"; }

 private:
  std::string tarball_;
  std::string version_;
};

}  // namespace

Objections replaced_release_boots(const FilesView& view) {
  if (!view.change.replaces || !view.change.incoming) return {};
  const std::string& version = view.change.to;
  if (!view.change.replaces->boots && host::read_boot(view.files, view.host).version != version) {
    return {};
  }
  return {object<ReplacedReleaseBoots>(view.change.incoming->tarball, version)};
}

}  // namespace relup::change::by_files
