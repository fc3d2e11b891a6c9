// SPDX-License-Identifier: Apache-2.0
#include "change/preparation.hpp"

#include <algorithm>

#include "base/replace_file.hpp"
#include "change/boot_in_words.hpp"
#include "change/guarded.hpp"
#include "host/guarded_files.hpp"
#include "release/releases_file.hpp"

namespace relup::change {
namespace {

std::string what_is_wrong(const ReleaseBook& book) {
  const std::vector<host::BootFinding> findings = host::findings_of(book.disk);
  for (const host::BootFinding& each : findings) {
    if (is_about_releases(each)) return sentence_of(each, book.disk.name);
  }
  return "releases/RELEASES is not what the node knows";
}

}  // namespace

void Preparation::make_ready(ProposedChange& change) {
  if (change.source == ReleaseSource::known) return;
  if (change.incoming) {
    stage(change);
  } else if (change.made_relup) {
    add_relup(change);
  }
  if (change.replaces) forget_release(change.to);
  register_release(change.to);
  change.source = ReleaseSource::known;
}

void Preparation::stage(ProposedChange& change) {
  Step step(tools_.progress, tools_.clock, "stage", "unpacking");
  staging_ = std::make_unique<host::Staging>(
      tools_.files, host_, change.replaces ? change.replaces->libraries : std::set<std::string>());
  try {
    staging_->extract(*change.incoming, checkpoint_);
    if (change.made_relup) staging_->add_relup(*change.made_relup);
    staging_->publish([&](const auto& paths) { tools_.journal->about_to_publish(paths); });
  } catch (const Error&) {
    staging_.reset();
    throw;
  }
  const std::size_t moved = staging_->published().size();
  step.done(std::to_string(moved) + (moved == 1 ? " directory is new" : " directories are new"));
}

// To a release that lies in the root already.
void Preparation::add_relup(const ProposedChange& change) {
  made_relup_ = host_.release_directory(change.to) + "/relup";
  tools_.journal->about_to_publish({"releases/" + change.to + "/relup"});
  replace_file(tools_.files, *made_relup_, *change.made_relup);
}

ReleaseBook Preparation::settle() {
  FileSystem& files = tools_.files;
  ReleaseBook book = read_release_book(files, host_, session_.agent());
  const bool is_missing = book.disk.releases_is == host::Legibility::missing;
  if (book.repair.releases) {
    Step step(tools_.progress, tools_.clock, is_missing ? "seed" : "mend", what_is_wrong(book));
    host::make_repair(files, book.disk, {book.repair.releases, {}, {}});
    is_seeded_ = is_missing;
    step.done("written for " + book.running);
  }
  if (book.repair.releases || book.has_node_to_learn) session_.agent().settle(book.releases);
  return book;
}

// A build that overwrites the root of a running node leaves start_erl.data, and the launcher, with
// the new version. Until that is committed, a restart has to boot the old one.
void Preparation::boot_what_is_permanent(const ReleaseBook& book) {
  host::make_repair(tools_.files, book.disk,
                    {{}, book.repair.start_erl_data, book.repair.launcher});
}

// The release handler, the one that it knows under the version; undo makes it known again.
void Preparation::forget_release(const std::string& version) {
  is_forgotten_ = true;
  unregister_release(version);
}

void Preparation::register_release(const std::string& version) {
  const auto rel_file = host::rel_file_of(tools_.files, host_, version);
  if (!rel_file) {
    throw Error(ErrorCode::bad_input,
                host_.release_directory(version) + " has no .rel file of " + version + " any more");
  }
  is_registered_ = true;  // as far as we know, should the answer be lost
  guarded(tools_, host_, [&] { session_.agent().register_release(*rel_file); });
}

// Over a line of its own, since the one that we have may be what has failed. What a node that has
// died would know of the release at its next start stands in RELEASES.
void Preparation::unregister_release(const std::string& version) {
  if (session_.life() == node::NodeLife::State::dead) return make_the_file_forget(version);
  session_.reconnect();
  try {
    guarded(tools_, host_, [&] { live::ReleaseHandler(session_.channel()).set_removed(version); });
  } catch (const live::ReleaseHandlerError& error) {
    if (!error.reason().is_tagged("no_such_release", 2)) throw;
  }
}

void Preparation::make_the_file_forget(const std::string& version) {
  const std::string file = host_.releases_file();
  auto releases = release::parse_releases_file(file, tools_.files.read(file));
  const auto removed =
      std::erase_if(releases, [&](const auto& each) { return each.version == version; });
  if (removed > 0) replace_file(tools_.files, file, release::format_releases_file(releases));
}

// The files of a release that the node may still know stay where they are.
void Preparation::keep() {
  staging_.reset();
  made_relup_.reset();
  is_registered_ = is_forgotten_ = is_seeded_ = false;
}

// Whoever explains a failure asks for it, and so does whoever hears of it then.
Left Preparation::undo(const std::string& version) {
  if (is_undone_) return left_;
  try {
    host::GuardedFiles(tools_.files, host_.root, *tools_.journal).mend();
    if (is_registered_) unregister_release(version);
    is_registered_ = false;
    if (is_seeded_) tools_.files.remove_all(host_.releases_file());
    is_seeded_ = false;
    if (made_relup_) tools_.files.remove_all(*made_relup_);
    made_relup_.reset();
    if (staging_) staging_->undo();
    staging_.reset();
    if (is_forgotten_) {
      const auto rel_file = host::rel_file_of(tools_.files, host_, version);
      guarded(tools_, host_, [&] { session_.agent().register_release(*rel_file); });
    }
    is_forgotten_ = false;
    is_undone_ = true;
    return left_ = Left::nothing;
  } catch (const Error&) {
    staging_.reset();
    return left_ = Left::something;
  }
}

}  // namespace relup::change
