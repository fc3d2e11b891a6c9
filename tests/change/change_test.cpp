// SPDX-License-Identifier: Apache-2.0
#include "change/change_test.hpp"

#include "generate/generate_upgrade.hpp"
#include "release/pack.hpp"
#include "support/compiled_modules.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"

namespace relup::change {
namespace {

std::string server(const std::string& state) {
  return R"(-module(shop_server).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> {ok, )" +
         state + R"(}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, State}.
)";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"1/shop_server", server("0")},
      {"2/shop_server", server("#{}")},
      {"1/shop_price", "-module(shop_price).\n-export([f/0]).\nf() -> 1.\n"},
      {"2/shop_price", "-module(shop_price).\n-export([f/0]).\nf() -> 2.\n"},
      {"2/shop_stats", "-module(shop_stats).\n-export([f/0]).\nf() -> 2.\n"},
  });
  return modules;
}

support::SampleRelease shop(const std::string& version, const std::string& label) {
  support::SampleApplication application{"shop", version};
  for (const auto& [key, bytes] : compiled()) {
    if (key.starts_with(label)) application.modules[key.substr(2)] = bytes;
  }
  return {version, {application}};
}

}  // namespace

void set_up_host(support::MemoryFileSystem& files) {
  support::write_release(files, root, shop("1.0.0", "1/"));
  support::write_release(files, "/build/shop", shop("1.1.0", "2/"));
  const auto load = [&](const std::string& place) {
    return release::load_release(release::resolve_reference(files, place), {});
  };
  const release::ReleaseTree from = load(root);
  const release::ReleaseTree to = load("/build/shop");
  generate::GenerateRequest request;
  request.old_releases = {&from};
  request.new_release = &to;
  const generate::Generated generated = generate::generate_upgrade(request);
  support::write_file(files, "/build/shop/releases/1.1.0/relup",
                      term_file(to_term(*generated.relup)));
  release::pack_release(files, to, tarball);
}

void replace_in_tarball(support::MemoryFileSystem& files, const std::string& path,
                        const std::string& bytes) {
  support::write_file(files, "/build/shop/" + path, bytes);
  files.remove_file(tarball);
  const auto tree = release::load_release(release::resolve_reference(files, "/build/shop"), {});
  release::pack_release(files, tree, tarball);
}

void unpack_by_hand(support::MemoryFileSystem& files) {
  const std::string build = "/build/shop/";
  for (const std::string directory : {"lib/shop-1.1.0", "releases/1.1.0"}) {
    for (const std::string& path : files.files_below(build + directory))
      files.add_file(root + "/" + path.substr(build.size()), files.read(path));
  }
  files.remove_file(tarball);
}

std::vector<std::string> differences(const Snapshot& before, const Snapshot& now) {
  std::vector<std::string> found;
  for (const auto& [path, bytes] : before) {
    const auto same = now.find(path);
    if (same == now.end()) {
      found.push_back("lost " + path);
    } else if (same->second != bytes) {
      found.push_back("changed " + path);
    }
  }
  for (const auto& file : now) {
    if (!before.contains(file.first)) found.push_back("new " + file.first);
  }
  return found;
}

}  // namespace relup::change
