// SPDX-License-Identifier: Apache-2.0
//
// First, which release is to boot. The journal's last work says it when it was cut off: after its
// decision the release that it decided for, before it the one that was permanent when the files
// were kept. Without such a work the files themselves have to say it (host/boot_repair.hpp). Then,
// in this order: the files that decide are made to say it; what was put into the root for a release
// that RELEASES does not list goes; originals go back to their place; staging, temporary files and
// copies go; and last of all the journal says that the work has ended. Until then all of this is
// done again by the next one.

#include "change/recovery.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "base/words.hpp"
#include "change/boot_in_words.hpp"
#include "change/starting_point.hpp"
#include "host/boot_repair.hpp"
#include "host/guarded_files.hpp"
#include "host/kept_files.hpp"
#include "host/removed_paths.hpp"
#include "host/staging.hpp"
#include "node/node_process.hpp"

namespace relup::change {
namespace {

using release::InstalledRelease;
using release::ReleaseStatus;

constexpr int looks = 10;
constexpr Milliseconds between_looks{5};

bool is_whole(host::Legibility file) {
  return file == host::Legibility::whole;
}

// OTP may be writing them at this moment.
host::BootState read_settled_state(FileSystem& files, Clock& clock, const std::string& root) {
  host::BootState state = host::read_boot_state(files, root);
  for (int i = 1; i < looks && !(is_whole(state.releases_is) && is_whole(state.start_erl_data_is));
       ++i) {
    clock.sleep(between_looks);
    state = host::read_boot_state_again(files, state);
  }
  return state;
}

class Work {
 public:
  Work(const std::string& root, const RecoveryTools& tools)
      : root_(root), tools_(tools), files_(tools.files), host_{root, "", {}, ""} {}

  Recovery run() {
    const host::JournalContent journal = host::read_journal(files_, root_);
    if (const host::Operation* open = journal.open()) {
      host::sync_journal(files_, root_);
      take(*open);
    }
    state_ = read_settled_state(files_, tools_.clock, root_);
    if (!recovery_.operation && !state_.unpacked.empty()) note_findings();
    put_replaced_back();
    choose();
    repair_boot();
    remove_what_is_not_listed();
    put_originals_back();
    sweep();
    close();
    return std::move(recovery_);
  }

 private:
  void take(const host::Operation& open) {
    if (open.format > host::journal_format) {
      throw Error(ErrorCode::uncertain, "a later version of relup has begun a work here, `" +
                                            open.verb + "`, that this one does not know")
          .with_hint("run `relup recover` of that version (" + open.actor.relup + ")");
    }
    recovery_.operation = open;
    recovery_.found.push_back("`relup " + open.verb + (open.to.empty() ? "" : " " + open.to) +
                              "` of " + open.actor.user + " (pid " +
                              std::to_string(open.actor.pid) + ") was cut off " +
                              (open.decision ? "after it was decided" : "before it was decided"));
  }

  const host::Decision* decision() const {
    return recovery_.operation && recovery_.operation->decision ? &*recovery_.operation->decision
                                                                : nullptr;
  }

  void note_findings() {
    for (const host::BootFinding& each : host::findings_of(state_))
      recovery_.found.push_back(sentence_of(each, state_.name));
  }

  // What stood where another release of the same version was about to be put. Once an install was
  // asked for, the node may run the new one.
  void put_replaced_back() {
    const std::string replaced = host::replaced_directory(root_);
    if (!recovery_.operation || recovery_.operation->is_install_asked ||
        !files_.is_directory(replaced)) {
      return;
    }
    for (const DirectoryEntry& folder : files_.list(replaced)) {
      for (const DirectoryEntry& each : files_.list(join_path(replaced, folder.name)))
        put_back(replaced, folder.name + "/" + each.name);
    }
    state_ = host::read_boot_state(files_, root_);
  }

  void put_back(const std::string& replaced, const std::string& path) {
    host::remove_paths(files_, root_, {path});
    files_.rename(join_path(replaced, path), host_.path(path));
    files_.sync_directory(parent_path(host_.path(path)));
    recovery_.done.push_back(path + " is there again as it was");
    put_back_.insert(path);
  }

  std::optional<std::string> kept(const char* file) {
    if (!recovery_.operation) return std::nullopt;
    const auto& all = recovery_.operation->kept;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
      if (each->file != file) continue;
      auto content = host::kept_content(files_, root_, *recovery_.operation, *each);
      if (content && host::is_whole(file, *content)) return content;
    }
    return std::nullopt;
  }

  std::optional<std::vector<InstalledRelease>> kept_releases() {
    const auto content = kept(host::releases_of_otp);
    if (!content) return std::nullopt;
    return release::parse_releases_file(host::releases_of_otp, *content);
  }

  // The release that was permanent before the work.
  std::optional<std::string> old_release() {
    if (const auto releases = kept_releases()) {
      for (const InstalledRelease& each : *releases) {
        if (each.status == ReleaseStatus::permanent && can_boot(each.version)) return each.version;
      }
    }
    if (const auto data = kept(host::start_erl_data_of_otp)) {
      const auto version =
          release::parse_start_erl_data(host::start_erl_data_of_otp, *data).version;
      if (can_boot(version)) return version;
    }
    return host::permanent_by_files(state_);
  }

  bool can_boot(const std::string& version) const {
    const host::UnpackedRelease* release = state_.find(version);
    return release != nullptr && release->can_boot();
  }

  void choose() {
    std::optional<std::string> chosen;
    if (decision() != nullptr && can_boot(decision()->boots)) {
      chosen = decision()->boots;
    } else {
      chosen = recovery_.operation ? old_release() : host::permanent_by_files(state_);
    }
    if (chosen && can_boot(*chosen)) {
      recovery_.boots = *chosen;
      return;
    }
    if (!recovery_.operation && state_.unpacked.empty()) return;
    throw Error(ErrorCode::uncertain,
                chosen ? "release " + *chosen + " should boot, and cannot: its files in " + root_ +
                             " are not whole"
                       : "nothing in " + root_ + " tells which release is to boot")
        .with_hint("unpack the release again, or write releases/start_erl.data by hand");
  }

  std::vector<InstalledRelease> wanted_releases() {
    std::optional<std::vector<InstalledRelease>> known;
    if (!is_whole(state_.releases_is)) known = kept_releases();
    std::vector<InstalledRelease> wanted = host::mended_releases(state_, recovery_.boots, known);
    if (decision() != nullptr) {
      std::erase_if(wanted, [&](const auto& each) {
        return each.version == decision()->removed && each.version != recovery_.boots;
      });
    }
    return wanted;
  }

  void repair_boot() {
    if (recovery_.boots.empty()) return;
    releases_ = wanted_releases();
    host::BootRepair repair = host::repair_of(files_, state_, releases_);
    // A release that never was upgraded has none, and the next upgrade writes it.
    if (!recovery_.operation && state_.releases_is == host::Legibility::missing)
      repair.releases.reset();
    host::make_repair(files_, state_, repair);
    if (recovery_.operation) sync_what_decides();
    const std::string& version = recovery_.boots;
    if (repair.start_erl_data)
      recovery_.done.push_back("releases/start_erl.data says that " + version + " boots");
    if (repair.releases)
      recovery_.done.push_back("releases/RELEASES says that " + version + " is permanent");
    if (repair.launcher) recovery_.done.push_back("bin/" + state_.name + " starts " + version);
  }

  // OTP writes them in place and does not sync them: what is read here could be gone after a power
  // cut, and what follows is done because of it.
  void sync_what_decides() {
    for (const std::string& path : {host_.releases_file(), host_.start_erl_data()}) {
      const auto file = files_.link_info(path);
      if (file && file->type == FileType::regular) files_.append_to(path)->sync();
      if (file) files_.sync_directory(parent_path(path));
    }
  }

  bool is_listed(const std::string& version) const {
    return std::any_of(releases_.begin(), releases_.end(),
                       [&](const auto& each) { return each.version == version; });
  }

  // Of those that stay.
  std::set<std::string> paths_in_use() const {
    std::set<std::string> used;
    for (const host::UnpackedRelease& each : state_.unpacked) {
      if (!is_listed(each.version)) continue;
      used.insert({"erts-" + each.erts, "releases/" + each.version});
      for (const host::ListedLibrary& library : each.libraries)
        used.insert(library.directory());
    }
    for (const InstalledRelease& each : releases_) {
      for (const release::InstalledLibrary& library : each.libraries)
        used.insert("lib/" + library.name + "-" + library.version);
    }
    return used;
  }

  void remove_what_is_not_listed() {
    if (!recovery_.operation || recovery_.boots.empty()) return;
    const host::Operation& operation = *recovery_.operation;
    std::vector<std::string> paths;
    std::string version;
    if (decision() != nullptr && !decision()->removed.empty()) {
      version = decision()->removed;
      paths = decision()->deleted;
    } else {
      version = operation.to;
      paths = operation.published;
    }
    if (version.empty() || is_listed(version)) return;
    const std::set<std::string> used = paths_in_use();
    std::erase_if(paths, [&](const auto& each) { return used.contains(each); });
    std::vector<std::string> there;
    std::copy_if(paths.begin(), paths.end(), std::back_inserter(there),
                 [&](const auto& each) { return files_.link_info(host_.path(each)).has_value(); });
    host::remove_paths(files_, root_, paths);
    if (!there.empty()) recovery_.done.push_back("removed of " + version + ": " + joined(there));
  }

  // A node that is still in the install has them so on purpose, and puts them back itself.
  bool node_lives() const {
    return recovery_.operation && !recovery_.operation->node_pid.empty() &&
           node::identify_process(files_, "/proc", recovery_.operation->node_pid).has_value();
  }

  void put_originals_back() {
    if (!files_.is_directory(host_.path("releases"))) return;
    const std::vector<std::string> unfinished = host::unfinished_files(files_, host_);
    if (unfinished.empty()) return;
    if (node_lives()) {
      recovery_.found.push_back(joined(unfinished) + ": those of an install; the node (pid " +
                                recovery_.operation->node_pid +
                                ") still runs, so they stay until the next change");
      return;
    }
    host::restore_files(files_, host_);
    recovery_.done.push_back("the originals are back: " + joined(unfinished));
  }

  void sweep() {
    const std::string staging = host_.path(".relup-staging");
    if (files_.link_info(staging)) {
      files_.remove_all(staging);
      recovery_.done.push_back("removed what was being unpacked");
    }
    if (host::empty_trash(files_, root_))
      recovery_.done.push_back("removed the rest of what was being deleted");
    std::vector<std::string> directories{"", "bin", "releases"};
    for (const host::UnpackedRelease& each : state_.unpacked)
      directories.push_back("releases/" + each.version);
    for (const std::string& each : directories)
      remove_temporaries(each.empty() ? root_ : host_.path(each));
  }

  void remove_temporaries(const std::string& directory) {
    if (!files_.is_directory(directory)) return;
    for (const DirectoryEntry& entry : files_.list(directory)) {
      if (!is_temporary_name(entry.name)) continue;
      files_.remove_all(join_path(directory, entry.name));
      recovery_.done.push_back("removed " + join_path(directory, entry.name));
    }
  }

  void close() {
    if (recovery_.operation) {
      const bool is_forward = decision() != nullptr &&
                              (decision()->boots.empty() || decision()->boots == recovery_.boots);
      recovery_.end = is_forward ? RecoveryEnd::finished : RecoveryEnd::undone;
      const std::string how = is_forward ? "finished" : "undone";
      host::Journal(files_, tools_.clock, root_)
          .end(recovery_.operation->number,
               {how, "by `relup recover`; " + recovery_.boots + " boots"});
    } else if (!recovery_.done.empty()) {
      recovery_.end = RecoveryEnd::mended;
      host::Journal journal(files_, tools_.clock, root_);
      journal.name("recover", tools_.actor);
      journal.way(recovery_.boots, recovery_.boots);
      journal.begin();
      journal.end({"done", joined(recovery_.done)});
    }
    const std::string copies = host::own_directory(root_) + "/kept";
    if (files_.link_info(copies)) files_.remove_all(copies);
  }

  const std::string& root_;
  const RecoveryTools& tools_;
  FileSystem& files_;
  host::Host host_;
  Recovery recovery_;
  host::BootState state_;
  std::vector<InstalledRelease> releases_;  // as RELEASES should list them
  std::set<std::string> put_back_;
};

}  // namespace

Recovery recover(const std::string& root, const RecoveryTools& tools) {
  const auto held = lock_root(tools.files, {root, "", {}, ""}, "the recovery", tools.holder);
  return recover_locked(root, tools);
}

Recovery recover_locked(const std::string& root, const RecoveryTools& tools) {
  return Work(root, tools).run();
}

bool needs_recovery(FileSystem& files, const std::string& root) {
  if (host::read_journal(files, root).open() != nullptr) return true;
  const auto data = files.read_if_exists(join_path(root, host::start_erl_data_of_otp));
  return data && !host::is_whole(host::start_erl_data_of_otp, *data);
}

}  // namespace relup::change
