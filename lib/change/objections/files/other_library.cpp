// SPDX-License-Identifier: Apache-2.0
//
// A library that the root has already, under the same version, with other code than the tarball
// has. Two releases share a library directory, and a node keeps the one that is there: the release
// would run with code that nobody has tested it with. What only a release uses that is replaced as
// a whole is replaced with it.

#include "base/words.hpp"
#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

struct OtherLibrary final : Objection {
  explicit OtherLibrary(host::OtherLibrary library) : library_(std::move(library)) {}
  ObjectionKind kind() const override { return ObjectionKind::other_library; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override {
    const std::string& first = library_.present.front();
    const std::size_t more = library_.present.size() - 1;
    return "the tarball has another " + base_name(first) + " than " + first +
           (more == 0 ? "" : " (and " + counted(more, "more file") + ")") +
           ", although both are of " + library_.application;
  }
  std::string hint() const override {
    return "raise the version of the application; a node would keep the old file";
  }

 private:
  host::OtherLibrary library_;
};

}  // namespace

Objections other_library(const FilesView& view) {
  Objections found;
  if (!view.change.incoming) return found;
  for (auto& library :
       host::other_libraries(view.files, view.host, *view.change.incoming, view.checkpoint)) {
    if (view.change.replaces && view.change.replaces->libraries.contains(library.directory))
      continue;
    found.push_back(object<OtherLibrary>(std::move(library)));
  }
  return found;
}

}  // namespace relup::change::by_files
