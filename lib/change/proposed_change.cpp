// SPDX-License-Identifier: Apache-2.0
#include "change/proposed_change.hpp"

#include "base/words.hpp"
#include "change/missing_relup.hpp"
#include "host/soundness.hpp"

namespace relup::change {
namespace {

class Reader {
 public:
  Reader(const ChangeRequest& request, const host::Host& host, const ReadingTools& tools)
      : request_(request), host_(host), tools_(tools), files_(tools.files) {}

  // Throws where a release cannot be read.
  ProposedChange read(const Releases& releases) {
    change_.from = live::running_release(releases)->version;
    change_.to = request_.version;
    tarball_ = host::tarball_of(files_, host_, request_.version, request_.tarball);
    const live::KnownRelease* known = live::find_release(releases, request_.version);
    if (known == nullptr) {
      read_unknown();
    } else if (!replace(*known, releases)) {
      change_.new_release = host::release_on(files_, host_, request_.version);
    }
    change_.old_release = host::release_on(files_, host_, change_.from);
    try {
      find_script();
    } catch (const Error& error) {
      change_.script_fault = error;
    }
    return std::move(change_);
  }

 private:
  void read_unknown() {
    if (tarball_) return read_tarball(*tarball_);
    if (!host::rel_file_of(files_, host_, request_.version)) {
      throw host::no_such_release(host_, request_.version);
    }
    change_.source = ReleaseSource::directory;
    change_.new_release = host::release_on(files_, host_, request_.version);
    host::check_soundness(change_.new_release, tools_.checkpoint);
  }

  // Whether a tarball is to take the place of a release that the node knows.
  bool replace(const live::KnownRelease& known, const Releases& releases) {
    if (!tarball_ || (!request_.tarball && known.status != "unpacked")) return false;
    if (!read_beside(known)) return false;
    if (host::is_unpacked(files_, host_, *change_.incoming)) {
      change_.source = ReleaseSource::known;
      change_.incoming.reset();
      return false;
    }
    ReplacedRelease replaced;
    replaced.boots = known.status == "permanent";
    for (const release::TreeApplication& application : change_.new_release.applications)
      replaced.libraries.insert(application.directory);
    for (const live::KnownRelease& other : releases) {
      if (other.version == known.version) continue;
      for (const std::string& library : libraries_of(other))
        replaced.libraries.erase(library);
    }
    change_.replaces = std::move(replaced);
    return true;
  }

  // Whether the tarball can be read. One that nobody has named may be no tarball at all: then the
  // release that is unpacked is taken, and that is told.
  bool read_beside(const live::KnownRelease& known) {
    try {
      read_tarball(*tarball_);
      return true;
    } catch (const node::NodeError&) {
      throw;
    } catch (const Error& error) {
      if (request_.tarball || error.code() != ErrorCode::bad_input) throw;
      change_.source = ReleaseSource::known;
      change_.incoming.reset();
      change_.warnings.push_back("the release " + known.version +
                                 " is taken as it is unpacked, for " + error.message());
      return false;
    }
  }

  // By what the node says, and by its .rel file, for the node need not know of any.
  std::vector<std::string> libraries_of(const live::KnownRelease& known) {
    std::vector<std::string> libraries;
    for (const std::string& library : known.libraries)
      libraries.push_back("lib/" + library);
    if (!libraries.empty()) return libraries;
    for (const auto& application : host::release_on(files_, host_, known.version).applications)
      libraries.push_back(application.directory);
    return libraries;
  }

  void read_tarball(const std::string& tarball) {
    change_.source = ReleaseSource::tarball;
    Step step(tools_.progress, tools_.clock, "verify", base_name(tarball));
    change_.incoming = host::check_tarball(files_, tarball, request_.version, tools_.checkpoint,
                                           request_.trusted_keys);
    change_.new_release = change_.incoming->tree;
    const std::string sums =
        change_.incoming->has_manifest ? "checksums are right" : "no checksum manifest in it";
    const std::string& key = change_.incoming->signed_by;
    step.done(sums + (key.empty() ? "" : ", signed with the key of " + key));
  }

  void find_script() {
    const release::ReleaseTree& tree = change_.new_release;
    const auto of_new = tree.reference.files->read_if_exists(tree.own_path("relup"));
    const auto of_old = host::relup_of(files_, host_, change_.from);
    change_.script = host::find_script(change_.from, change_.to, of_old, of_new);
    if (change_.script || of_new || change_.source == ReleaseSource::known) return;
    make_relup_of_both();
    change_.script = host::find_script(change_.from, change_.to, of_old, change_.made_relup);
  }

  void make_relup_of_both() {
    Step step(tools_.progress, tools_.clock, "generate", "the relup, since it has none");
    MadeRelup made = make_relup(change_.old_release, change_.new_release);
    change_.made_relup = std::move(made.text);
    change_.warnings = std::move(made.warnings);
    step.done(change_.warnings.empty() ? "" : counted(change_.warnings.size(), "warning"));
  }

  const ChangeRequest& request_;
  const host::Host& host_;
  const ReadingTools& tools_;
  FileSystem& files_;
  std::optional<std::string> tarball_;
  ProposedChange change_;
};

}  // namespace

Proposal propose(const ChangeRequest& request, const Releases& releases, const host::Host& host,
                 const ReadingTools& tools) {
  Proposal proposal;
  try {
    proposal.change = Reader(request, host, tools).read(releases);
  } catch (const Interrupted&) {
    throw;
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error& error) {
    const auto kind = error.code() == ErrorCode::usage ? ObjectionKind::no_such_release
                                                       : ObjectionKind::unreadable_release;
    proposal.objections.push_back(object<ReportedObjection>(kind, error));
  }
  return proposal;
}

}  // namespace relup::change
