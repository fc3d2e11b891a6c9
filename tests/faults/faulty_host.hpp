// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host with tally on it that is brought back, again and again, to where a verb can begin, and
// that can tell in which state it is: what its node runs, what a start boots, whether the releases
// are whole. All of that without the help of relup.

#include <optional>
#include <string>
#include <vector>

#include "live/support/listing.hpp"
#include "live/support/site.hpp"

namespace relup::live_tests {

enum class Begin {
  deployed,   // 1.0.0 runs, 1.1.0 is a tarball
  installed,  // 1.1.0 runs and is not committed
  committed,  // 1.1.0 runs and boots, 1.0.0 is there
};

// Which release; "" for none.
struct Truth {
  std::string runs;
  std::string boots;
  bool operator==(const Truth&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Truth& truth);

class FaultyHost {
 public:
  // Packs the releases, with a node that does all its file operations in one thread.
  explicit FaultyHost(const Tools& tools);

  // Restores the files and starts the node, unless the host is so already.
  void bring_to(Begin begin);
  // Only the files, and no node.
  void lay_out(Begin begin);
  void lay_out(const std::filesystem::path& saved);
  // The host as it is now, to be laid out later.
  std::filesystem::path save(const std::string& name);

  Site& site() { return site_; }
  ReleaseNode& node() { return site_.node(); }
  std::filesystem::path root() const { return site_.root(); }
  const std::filesystem::path& directory() const { return site_.directory(); }

  // As the node and start_erl.data say.
  Truth truth();
  std::string boots() const;
  // What of a release, that start_erl.data names, is not as it was built; empty: it boots.
  std::string why_it_would_not_boot() const;
  // The same of all that RELEASES lists, and of what lies about; empty: nothing.
  std::string what_is_wrong() const;
  // Files, as far as one may look at them.
  Listing listing() const;

  // Restarts it as after a loss of power; what it runs then.
  std::string start_again();

 private:
  std::string damage_of(const std::string& version, const Listing& now) const;
  std::filesystem::path saved(Begin begin) const;
  void install_by_hand();
  void forget_work(Begin begin);

  BuildMachine builds_;
  Site site_;
  Listing built_;            // both releases
  bool has_shared_ = false;  // whether what both releases have is there
  std::optional<Begin> is_at_;
  Listing at_begin_;
  Truth truth_at_begin_;
  pid_t node_at_begin_ = -1;
};

}  // namespace relup::live_tests
