// SPDX-License-Identifier: Apache-2.0
#include "host/host.hpp"

#include "base/clock.hpp"
#include "release/reference.hpp"

namespace relup::host {

namespace {

// The release handler writes the file in place when it commits, so for a moment it is empty.
std::optional<std::string> read_start_erl_data(FileSystem& files, const std::string& path) {
  constexpr int tries = 10;
  std::optional<std::string> data = files.read_if_exists(path);
  for (int i = 0; i < tries && data && data->empty(); ++i) {
    real_clock().sleep(Milliseconds{5});
    data = files.read_if_exists(path);
  }
  return data;
}

}  // namespace

Host read_host(FileSystem& files, const std::string& root, const std::string& origin) {
  Host host{root, origin, {}, ""};
  const std::optional<std::string> data = read_start_erl_data(files, host.start_erl_data());
  if (!data) {
    throw Error(ErrorCode::usage, root + " is no release root: it has no releases/start_erl.data")
        .with_hint("name the root with --root, or run relup inside of it");
  }
  host.boot = release::parse_start_erl_data(host.start_erl_data(), *data);
  const std::optional<std::string> rel = rel_file_of(files, host, host.boot.version);
  if (!rel) {
    throw Error(ErrorCode::bad_input, host.start_erl_data() + " says that version " +
                                          host.boot.version +
                                          " boots, but there is no .rel file of it in " +
                                          host.release_directory(host.boot.version));
  }
  host.name = base_name(*rel);
  host.name.resize(host.name.size() - std::string_view(".rel").size());
  const std::string suffix = "-" + host.boot.version;
  if (host.name.ends_with(suffix)) host.name.resize(host.name.size() - suffix.size());
  return host;
}

release::StartErlData read_boot(FileSystem& files, const Host& host) {
  return release::parse_start_erl_data(host.start_erl_data(), files.read(host.start_erl_data()));
}

std::optional<std::string> rel_file_of(FileSystem& files, const Host& host,
                                       const std::string& version) {
  if (!files.is_directory(host.release_directory(version))) return std::nullopt;
  const release::DirectoryFiles tree(files, host.root);
  try {
    return host.path(release::find_rel_file(tree, version));
  } catch (const Error&) {
    return std::nullopt;
  }
}

release::ReleaseTree release_on(FileSystem& files, const Host& host, const std::string& version) {
  return release::load_release(release::resolve_reference(files, host.root + "@" + version), {});
}

Error no_such_release(const Host& host, const std::string& version) {
  return Error(ErrorCode::usage, "there is no release " + version + " on this host")
      .with_hint("put its tarball to " +
                 host.path("releases/" + host.name + "-" + version + ".tar.gz") +
                 ", or name it with --tarball");
}

std::optional<std::string> tarball_of(FileSystem& files, const Host& host,
                                      const std::string& version,
                                      const std::optional<std::string>& named) {
  if (named) {
    if (!files.is_file(*named)) {
      throw Error(ErrorCode::usage, "there is no tarball " + *named);
    }
    return named;
  }
  for (const std::string& name : {host.name + "-" + version, version}) {
    const std::string path = host.path("releases/" + name + ".tar.gz");
    if (files.is_file(path)) return path;
  }
  return std::nullopt;
}

}  // namespace relup::host
