// SPDX-License-Identifier: Apache-2.0
#pragma once

// A production host with a stock release of Mix on it: the sample project `shop`, built by `mix
// release` from sources that are not touched, its node, and relup to work on them. Everything lies
// in directories for temporary files and goes with the objects.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/build_machine.hpp"
#include "support/child_process.hpp"
#include "support/host.hpp"
#include "support/loopback.hpp"
#include "support/relup_program.hpp"
#include "support/temporary_directory.hpp"

namespace relup::live {

// The versions, oldest first.
inline const std::vector<std::string> shop_versions = {"2.9.4", "2.9.6-rc.0", "2.9.6"};

// Releases of all versions, each with a relup for the one before, and packed. Made once; Mix takes
// its time.
class ShopBuilds {
 public:
  explicit ShopBuilds(const Tools& tools);

  std::filesystem::path release(const std::string& version) const {
    return directory_.path() / ("release-" + version);
  }
  std::filesystem::path tarball(const std::string& version) const {
    return directory_.path() / ("shop-" + version + ".tar.gz");
  }

 private:
  void build(const Tools& tools, const std::string& version) const;

  TemporaryDirectory directory_{"relup-shop"};
};

class ShopSite {
 public:
  // Unpacks the oldest release; starts nothing but an epmd.
  ShopSite(const Tools& tools, const ShopBuilds& builds);

  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path root() const { return directory() / "host"; }
  std::uint16_t port() const { return port_; }
  std::uint16_t epmd_port() const { return epmd_.port(); }
  const std::string& node_name() const { return node_name_; }
  const std::string& cookie() const { return cookie_; }

  // By `bin/shop start`, as a service manager does; returns when customers are served.
  void start();
  void stop();
  void wait_until_serving();

  // Runs relup in the root of the host.
  RelupResult relup(const std::vector<std::string>& arguments);

 private:
  TemporaryDirectory directory_{"relup-shop-site"};
  Epmd epmd_;
  RelupProgram program_;
  std::uint16_t port_ = free_port();
  std::string node_name_ = "shop@127.0.0.1";
  std::string cookie_ = "shop_cookie";
  std::unique_ptr<ChildProcess> node_;
};

}  // namespace relup::live
