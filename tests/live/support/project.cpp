// SPDX-License-Identifier: Apache-2.0
#include "project.hpp"

namespace relup::live_tests {
namespace {

constexpr const char* mix_release = "MIX_ENV=prod mix release --quiet --path built-release";

}  // namespace

Project shop() {
  return {"shop",  "shop", {"2.9.4", "2.9.6-rc.0", "2.9.6"}, mix_release, "built-release",
          "start", "SHOP_"};
}

Project umbrella() {
  return {"umbrella", "market", {"1.0.0", "1.1.0-rc.1", "1.1.0"}, mix_release, "built-release",
          "start",    "MARKET_"};
}

// The tarball goes with the root; nobody wants it there.
Project depot() {
  return {"depot",
          "depot",
          {"0.9.0", "0.10.0-beta.1", "0.10.0"},
          "rebar3 as prod release > build.log 2>&1 || (cat build.log; false)",
          "_build/prod/rel/depot",
          "foreground",
          "DEPOT_"};
}

Project shop_with(const std::string& release_options) {
  Project project = shop();
  project.edits.push_back(
      {"mix.exs", "deps: []", "deps: [],\n      releases: [shop: [" + release_options + "]]"});
  return project;
}

}  // namespace relup::live_tests
