// SPDX-License-Identifier: Apache-2.0
#include "release_user.hpp"

#include <memory>
#include <optional>

#include <unistd.h>

#include "base/confined_files.hpp"
#include "base/error.hpp"
#include "base/user.hpp"
#include "base/words.hpp"
#include "host/ownership.hpp"
#include "node/node_finder.hpp"
#include "node/process_user.hpp"

namespace relup::cmd {
namespace {

// A process becomes another user as a whole and once, so what it has from before is its own, too.
struct Before {
  std::string caller = user_name(::getuid());
  std::unique_ptr<ConfinedFiles> files;
  std::optional<node::NodeAddress> address;
};

Before& before() {
  static Before all;
  return all;
}

node::NodeAddress look_for_node(const HostOptions& options, const host::Host& host) {
  node::FinderRequest request{host.root, host.boot.version};
  if (!options.node.empty()) request.node = options.node;
  if (!options.cookie_file.empty()) request.cookie_file = options.cookie_file;
  return node::find_node(request, node::this_machine(real_file_system()));
}

// The same is told when the node is asked for something.
std::optional<node::NodeAddress> node_if_found(const HostOptions& options, const host::Host& host) {
  try {
    return look_for_node(options, host);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void open_tarball(const ReleaseOptions& options, const host::Host& host) {
  for (const std::string& key : options.trusted_keys)
    before().files->keep_open(key);
  if (options.version.empty()) return;
  std::optional<std::string> named;
  if (!options.tarball.empty()) named = options.tarball;
  try {
    const auto tarball = host::tarball_of(real_file_system(), host, options.version, named);
    if (tarball) before().files->keep_open(*tarball);
  } catch (const Error&) {
    // It is told when the release is asked for.
  }
}

std::optional<User> user_of(const std::optional<node::NodeAddress>& address) {
  if (!address || address->pid.empty()) return std::nullopt;
  return node::user_of_process(real_file_system(), "/proc", address->pid);
}

// What root works as is the node's user already.
void require_user_of_node(const HostOptions& options, const host::Host& host) {
  if (before().address) return;
  const auto address = node_if_found(options, host);
  const auto node = user_of(address);
  if (!node || node->id == root_user || node->id == effective_user()) return;
  const std::string user = user_name(effective_user());
  const std::string its_user = user_name(node->id);
  throw Error(ErrorCode::answer_is_no, "relup runs as " + user + " and the node (process " +
                                           address->pid + ") as " + its_user +
                                           ", who may not write what " + user + " makes")
      .with_hint("call relup as " + its_user + ", or as root");
}

std::string octal(unsigned mode) {
  std::string digits;
  for (; mode != 0; mode >>= 3U)
    digits.insert(digits.begin(), static_cast<char>('0' + (mode & 7U)));
  return digits;
}

}  // namespace

void work_as_release_user(const HostOptions& options, const host::Host& host, Console& console) {
  before().files = std::make_unique<ConfinedFiles>(host.root);
  if (effective_user() != root_user) return;
  FileSystem& files = real_file_system();
  auto address = node_if_found(options, host);
  const std::optional<User> node = user_of(address);
  const auto user = host::user_to_become(files, host.root, effective_user(), node);
  if (!user) return;
  open_tarball(options.release, host);
  const std::string name = user_name(user->id);
  become_user(*user);
  before().address = std::move(address);
  console.detail("works as " + name +
                 (node ? ", as which process " + before().address->pid + " of the node runs"
                       : ", to whom the root belongs") +
                 ", and no longer as root");
}

void require_writable(const HostOptions& options, const host::Host& host) {
  require_user_of_node(options, host);
  std::vector<std::string> refused;
  for (const std::string& path :
       {host.root, host.path("lib"), host.path("releases"), host.path("bin")}) {
    const auto info = real_file_system().info(path);
    if (!info || info->type != FileType::directory || may_write_in(path)) continue;
    refused.push_back(path + " (owner " + user_name(info->owner) + ", mode " + octal(info->mode) +
                      ")");
  }
  if (refused.empty()) return;
  const std::string user = user_name(effective_user());
  const std::string why = before().caller == user ? "" : ", as which the release runs,";
  throw Error(ErrorCode::answer_is_no, user + why + " may not write to " + joined(refused))
      .with_hint("`chown -R " + user + " " + host.root + "` gives the root to " + user);
}

FileSystem& files_of(const host::Host& host) {
  if (!before().files) before().files = std::make_unique<ConfinedFiles>(host.root);
  return *before().files;
}

node::NodeAddress address_of_node(const HostOptions& options, const host::Host& host) {
  return before().address ? *before().address : look_for_node(options, host);
}

std::string caller_name() {
  return before().caller;
}

}  // namespace relup::cmd
