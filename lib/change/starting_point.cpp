// SPDX-License-Identifier: Apache-2.0
#include "change/starting_point.hpp"

#include "base/words.hpp"

namespace relup::change {
namespace {

struct AnotherRelup final : Objection {
  AnotherRelup(std::string root, std::string holder)
      : root_(std::move(root)), holder_(std::move(holder)) {}
  ObjectionKind kind() const override { return ObjectionKind::another_relup; }
  ErrorCode code() const override { return ErrorCode::unavailable; }
  std::string sentence() const override {
    return "another relup works on " + root_ + ": " + (holder_.empty() ? "somebody" : holder_);
  }
  std::string hint() const override { return "wait until it is done, then try again"; }

 private:
  std::string root_;
  std::string holder_;
};

struct UnfinishedJob final : Objection {
  explicit UnfinishedJob(std::string job) : job_(std::move(job)) {}
  ObjectionKind kind() const override { return ObjectionKind::unfinished_job; }
  ErrorCode code() const override { return ErrorCode::unavailable; }
  std::string sentence() const override { return job_; }
  std::string hint() const override {
    return "wait until it is done; `relup status` tells how it went";
  }

 private:
  std::string job_;
};

struct NothingRuns final : Objection {
  ObjectionKind kind() const override { return ObjectionKind::nothing_runs; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override { return "the node runs no release"; }
};

// What a release is, as far as it stands against the work.
class OfRelease : public Objection {
 public:
  explicit OfRelease(std::string version) : version_(std::move(version)) {}
  ErrorCode code() const override { return ErrorCode::answer_is_no; }

 protected:
  const std::string& version() const { return version_; }

 private:
  std::string version_;
};

struct Uncommitted final : OfRelease {
  using OfRelease::OfRelease;
  ObjectionKind kind() const override { return ObjectionKind::uncommitted; }
  std::string sentence() const override {
    return "release " + version() + " is installed but not committed";
  }
  std::string hint() const override {
    return "end it with `relup commit` or `relup rollback` first";
  }
};

struct RunningAlready final : OfRelease {
  using OfRelease::OfRelease;
  ObjectionKind kind() const override { return ObjectionKind::running_already; }
  std::string sentence() const override { return "release " + version() + " is running already"; }
};

struct NothingToCommit final : OfRelease {
  using OfRelease::OfRelease;
  ObjectionKind kind() const override { return ObjectionKind::nothing_to_commit; }
  std::string sentence() const override {
    return "nothing to commit: release " + version() + " is permanent";
  }
};

struct NothingToRollBack final : OfRelease {
  using OfRelease::OfRelease;
  ObjectionKind kind() const override { return ObjectionKind::nothing_to_roll_back; }
  std::string sentence() const override {
    return "nothing to roll back: release " + version() + " is permanent";
  }
  std::string hint() const override {
    return "`relup downgrade VERSION` goes back to an older release";
  }
};

struct UnknownRelease final : Objection {
  UnknownRelease(std::string version, std::vector<std::string> known)
      : version_(std::move(version)), known_(std::move(known)) {}
  ObjectionKind kind() const override { return ObjectionKind::unknown_release; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override { return "the node does not know release " + version_; }
  std::string hint() const override { return "it knows " + joined(known_); }

 private:
  std::string version_;
  std::vector<std::string> known_;
};

class ReleaseInUse final : public OfRelease {
 public:
  explicit ReleaseInUse(const live::KnownRelease& release)
      : OfRelease(release.version), status_(release.status) {}
  ObjectionKind kind() const override { return ObjectionKind::release_in_use; }
  std::string sentence() const override {
    return "release " + version() + " is " + status_ + " and stays";
  }

 private:
  std::string status_;
};

}  // namespace

std::string lock_path(const host::Host& host) {
  return host.path("releases/.relup.lock");
}

std::unique_ptr<FileLock> lock_root(FileSystem& files, const host::Host& host,
                                    const std::string& what, const std::string& holder) {
  const std::string path = lock_path(host);
  std::unique_ptr<FileLock> lock = files.try_lock(path, holder);
  if (lock) return lock;
  throw refusal(what, another_relup(host, files.lock_holder(path).value_or("")));
}

Objections another_relup(const host::Host& host, const std::string& holder) {
  return {object<AnotherRelup>(host.root, holder)};
}

Objections unfinished_job(const std::optional<live::UnheardJob>& job) {
  if (!job || !job->is_running) return {};
  return {object<UnfinishedJob>(job->text)};
}

Objections against_change_to(const std::string& version, const Releases& releases) {
  const live::KnownRelease* now = live::running_release(releases);
  if (now == nullptr) return {object<NothingRuns>()};
  Objections found;
  if (now->status != "permanent") found.push_back(object<Uncommitted>(now->version));
  if (now->version == version) found.push_back(object<RunningAlready>(version));
  return found;
}

Objections against_commit(const Releases& releases) {
  const live::KnownRelease* now = live::running_release(releases);
  if (now == nullptr) return {object<NothingRuns>()};
  if (now->status != "permanent") return {};
  return {object<NothingToCommit>(now->version)};
}

Objections against_rollback(const Releases& releases) {
  const live::KnownRelease* now = live::running_release(releases);
  if (now == nullptr) return {object<NothingRuns>()};
  if (now->status != "permanent" && live::permanent_release(releases) != nullptr) return {};
  return {object<NothingToRollBack>(now->version)};
}

Objections against_removal_of(const std::string& version, const Releases& releases) {
  const live::KnownRelease* release = live::find_release(releases, version);
  if (release == nullptr) {
    std::vector<std::string> known;
    for (const live::KnownRelease& each : releases)
      known.push_back(each.version);
    return {object<UnknownRelease>(version, std::move(known))};
  }
  if (release->status == "old" || release->status == "unpacked") return {};
  return {object<ReleaseInUse>(*release)};
}

}  // namespace relup::change
