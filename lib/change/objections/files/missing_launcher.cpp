// SPDX-License-Identifier: Apache-2.0
//
// A start script with the version written into it (host/launcher.hpp) is replaced at the commit,
// for which that of the new release has to be there, or to come with it.

#include "change/objections.hpp"
#include "host/launcher.hpp"

namespace relup::change {

Objections missing_launcher(FileSystem& files, const host::Host& host, const std::string& version) {
  try {
    host::check_launcher(files, host, version);
    return {};
  } catch (const Error& error) {
    return {object<ReportedObjection>(ObjectionKind::missing_launcher, error)};
  }
}

namespace by_files {

Objections missing_launcher(const FilesView& view) {
  const std::string& version = view.change.to;
  const release::ReleaseFiles& incoming = *view.change.new_release.reference.files;
  if (view.change.incoming && incoming.exists(host::launcher_of(view.host.name, version))) {
    return {};
  }
  return change::missing_launcher(view.files, view.host, version);
}

}  // namespace by_files
}  // namespace relup::change
