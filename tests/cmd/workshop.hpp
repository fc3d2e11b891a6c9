// SPDX-License-Identifier: Apache-2.0
#pragma once

// A directory with two releases of a small shop to call relup on: `old` (1.0.0) and `new` (1.1.0).
// Between them shop_server and shop_price change, shop_legacy goes, shop_stats comes, and shop_same
// is only compiled anew.

#include <string>

#include "cmd/program.hpp"
#include "support/sample_release.hpp"
#include "support/temporary_directory.hpp"

namespace relup::cmd {

support::SampleRelease old_shop();
support::SampleRelease new_shop();

class Workshop {
 public:
  Workshop();

  std::string path() const { return place_.path(); }
  void write(const std::string& name, const std::string& bytes) const;
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const;

  // Calls relup in the directory.
  Answer call(std::vector<std::string> arguments) const;
  Answer call(Call call) const;

 private:
  support::TemporaryDirectory place_;
};

}  // namespace relup::cmd
