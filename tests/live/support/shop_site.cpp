// SPDX-License-Identifier: Apache-2.0
#include "support/shop_site.hpp"

#include <stdexcept>
#include <thread>

namespace relup::live {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto boot_limit = 30s;

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

}  // namespace

ShopBuilds::ShopBuilds(const Tools& tools) {
  for (const std::string& version : shop_versions)
    build(tools, version);
  RelupProgram program(tools.program, directory_.path(), {});
  for (std::size_t i = 1; i < shop_versions.size(); ++i) {
    const std::string to = release(shop_versions[i]).string();
    const std::string from = release(shop_versions[i - 1]).string();
    must_succeed(program.run({"generate", "--from", from, "--to", to}, directory_.path()));
    must_succeed(
        program.run({"pack", to, "-o", tarball(shop_versions[i]).string()}, directory_.path()));
  }
}

// Each version lies over the one before. `mix release` finds no network, and needs none.
void ShopBuilds::build(const Tools& tools, const std::string& version) const {
  const fs::path source = directory_.path() / ("source-" + version);
  const auto lay_over = [&](const std::string& part) {
    fs::copy(fs::path(tools.testdata) / "shop" / part, source,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  };
  lay_over("common");
  for (const std::string& each : shop_versions) {
    lay_over(each);
    if (each == version) break;
  }
  shell("HOME=" + quoted(directory_.path()) + " MIX_ENV=prod mix release --quiet --path " +
            quoted(release(version)),
        source);
}

ShopSite::ShopSite(const Tools& tools, const ShopBuilds& builds)
    : epmd_(directory()),
      program_(tools.program, directory(),
               {"HOME=" + directory().string(), "ERL_EPMD_PORT=" + std::to_string(epmd_.port()),
                "RELEASE_ROOT", "RELEASE_NODE", "RELEASE_COOKIE", "TERM=dumb"}) {
  fs::copy(builds.release(shop_versions.front()), root(), fs::copy_options::recursive);
  for (std::size_t i = 1; i < shop_versions.size(); ++i) {
    const fs::path tarball = builds.tarball(shop_versions[i]);
    fs::copy_file(tarball, root() / "releases" / tarball.filename());
  }
}

void ShopSite::start() {
  stop();
  node_ = std::make_unique<ChildProcess>(Command{
      {root() / "bin" / "shop", "start"},
      {"HOME=" + directory().string(), "ERL_EPMD_PORT=" + std::to_string(epmd_.port()),
       "RELEASE_DISTRIBUTION=name", "RELEASE_NODE=" + node_name_, "RELEASE_COOKIE=" + cookie_,
       "SHOP_PORT=" + std::to_string(port_), "SHOP_SECRET=pepper",
       "ERL_FLAGS=-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}", "ERL_AFLAGS",
       "ERL_ZFLAGS", "ERL_LIBS", "RELEASE_VSN", "RELEASE_ROOT"},
      root(),
      directory() / "node.log"});
  wait_until_serving();
}

void ShopSite::stop() {
  if (node_) node_->stop(10s);
}

void ShopSite::wait_until_serving() {
  const auto deadline = std::chrono::steady_clock::now() + boot_limit;
  while (node_->running() && std::chrono::steady_clock::now() < deadline) {
    if (accepts_connections(port_)) return;
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error("shop does not come up:\n" + tail(directory() / "node.log"));
}

RelupResult ShopSite::relup(const std::vector<std::string>& arguments) {
  return program_.run(arguments, root());
}

}  // namespace relup::live
