// SPDX-License-Identifier: Apache-2.0
#include "change/preparation.hpp"

#include "base/replace_file.hpp"
#include "base/words.hpp"
#include "change/missing_relup.hpp"
#include "host/launcher.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

void Preparation::make_ready(const ChangeRequest& request, const Releases& releases,
                             Outcome& outcome) {
  const bool is_known = live::find_release(releases, request.version) != nullptr;
  if (!is_known) make_available(request, outcome);
  host::check_launcher(surroundings_.files, host_, request.version);
  if (!is_known) register_release(request.version);
}

// From a tarball, or from a directory that somebody has unpacked.
void Preparation::make_available(const ChangeRequest& request, Outcome& outcome) {
  FileSystem& files = surroundings_.files;
  if (const auto tarball = host::tarball_of(files, host_, request.version, request.tarball)) {
    return stage(*tarball, outcome);
  }
  if (!host::rel_file_of(files, host_, request.version)) {
    throw host::no_such_release(host_, request.version);
  }
  const auto relup = missing_relup(host::release_on(files, host_, request.version), outcome);
  if (!relup) return;
  made_relup_ = host_.release_directory(request.version) + "/relup";
  replace_file(files, *made_relup_, *relup);
}

void Preparation::stage(const std::string& tarball, Outcome& outcome) {
  Step checking(surroundings_.progress, surroundings_.clock, "verify", base_name(tarball));
  const host::IncomingRelease incoming =
      host::check_tarball(surroundings_.files, tarball, outcome.to);
  checking.done(incoming.has_manifest ? "checksums are right" : "no checksum manifest in it");
  const auto relup = missing_relup(incoming.tree, outcome);
  Step staging(surroundings_.progress, surroundings_.clock, "stage", "unpacking");
  staging_ = std::make_unique<host::Staging>(surroundings_.files, host_);
  try {
    staging_->extract(incoming);
    if (relup) staging_->add_relup(*relup);
    staging_->publish(incoming);
  } catch (const Error&) {
    staging_.reset();
    throw;
  }
  const std::size_t moved = staging_->published().size();
  staging.done(std::to_string(moved) + (moved == 1 ? " directory is new" : " directories are new"));
}

// The relup of a release that comes without one; none where one leads to it already.
std::optional<std::string> Preparation::missing_relup(const release::ReleaseTree& wanted,
                                                      Outcome& outcome) {
  const auto own = wanted.reference.files->read_if_exists(wanted.own_path("relup"));
  if (own || host::find_script(outcome.from, outcome.to,
                               host::relup_of(surroundings_.files, host_, outcome.from), own)) {
    return std::nullopt;
  }
  Step step(surroundings_.progress, surroundings_.clock, "generate",
            "the relup, since it has none");
  MadeRelup made = make_relup(host::release_on(surroundings_.files, host_, outcome.from), wanted);
  outcome.notes.insert(outcome.notes.end(), made.warnings.begin(), made.warnings.end());
  step.done(made.warnings.empty() ? "" : counted(made.warnings.size(), "warning"));
  return std::move(made.text);
}

void Preparation::settle() {
  if (surroundings_.files.is_file(host_.releases_file())) return session_.agent().settle();
  Step step(surroundings_.progress, surroundings_.clock, "seed", "releases/RELEASES is missing");
  is_seeded_ = true;
  session_.agent().settle();
  step.done("written for " + session_.agent().found().version);
}

// A build that overwrites the root of a running node leaves start_erl.data with the new version.
// Until that is committed, a restart has to boot the old one.
void Preparation::boot_what_is_permanent(const Releases& releases) {
  const live::KnownRelease* permanent = live::permanent_release(releases);
  FileSystem& files = surroundings_.files;
  if (permanent == nullptr || host::read_boot(files, host_).version == permanent->version) return;
  replace_file(files, host_.start_erl_data(),
               host::release_on(files, host_, permanent->version).release.rel.erts_version + " " +
                   permanent->version);
}

void Preparation::register_release(const std::string& version) {
  const auto rel_file = host::rel_file_of(surroundings_.files, host_, version);
  is_registered_ = true;  // as far as we know, should the answer be lost
  session_.agent().register_release(*rel_file);
}

// Over a line of its own, since the one that we have may be what has failed.
void Preparation::unregister_release(const std::string& version) {
  session_.reconnect();
  try {
    live::ReleaseHandler(session_.channel()).set_removed(version);
  } catch (const live::ReleaseHandlerError& error) {
    if (!error.reason().is_tagged("no_such_release", 2)) throw;
  }
}

// The files of a release that the node may still know stay where they are.
void Preparation::undo(const std::string& version) {
  try {
    if (is_registered_) unregister_release(version);
    is_registered_ = false;
    if (is_seeded_) surroundings_.files.remove_all(host_.releases_file());
    is_seeded_ = false;
    if (made_relup_) surroundings_.files.remove_all(*made_relup_);
    made_relup_.reset();
    if (staging_) staging_->undo();
    staging_.reset();
  } catch (const Error&) {
    staging_.reset();
  }
}

}  // namespace relup::change
