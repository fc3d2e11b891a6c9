// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is done on the host and the node before a release is installed: its files are put into
// place, with a relup where they come without one, and the release handler is told of it. All of it
// can be taken back, and is, when the change comes to nothing.

#include "change/failed_change.hpp"
#include "change/node_session.hpp"
#include "change/proposed_change.hpp"
#include "change/release_book.hpp"
#include "host/staging.hpp"

namespace relup::change {

class Preparation {
 public:
  // All must outlive the object.
  Preparation(const host::Host& host, const ChangeTools& tools, NodeSession& session,
              Checkpoint& checkpoint)
      : host_(host), tools_(tools), session_(session), checkpoint_(checkpoint) {}

  // Mends RELEASES, and makes the release handler of the node work in this root and know what runs.
  ReleaseBook settle();
  // Makes the new release, which nothing objects to, one that the node can install. Says in
  // `change` where it is from then on.
  void make_ready(ProposedChange& change);
  // Lets a restart boot the permanent release, until another one is committed.
  void boot_what_is_permanent(const ReleaseBook& book);

  // Takes back what the above have done, and says whether anything is left. The first failure is
  // the one to tell, so nothing is thrown.
  Left undo(const std::string& version);
  // Of the last undo.
  Left left() const { return left_; }
  // The change has gone through: there is nothing to take back any more.
  void keep();

 private:
  void stage(ProposedChange& change);
  void add_relup(const ProposedChange& change);
  void forget_release(const std::string& version);
  void register_release(const std::string& version);
  void unregister_release(const std::string& version);
  void make_the_file_forget(const std::string& version);

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  Checkpoint& checkpoint_;
  std::unique_ptr<host::Staging> staging_;
  std::optional<std::string> made_relup_;  // the file, where it was not published with a release
  bool is_registered_ = false;
  bool is_forgotten_ = false;  // the release that another of its version replaces
  Left left_ = Left::nothing;
  bool is_undone_ = false;
  bool is_seeded_ = false;
};

}  // namespace relup::change
