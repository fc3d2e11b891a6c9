// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host on a file system in memory, where release 1.0.0 of shop runs on a model of a node, and the
// tarball of 1.1.0 lies ready: what the tests of a change begin with.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "change/fake_node.hpp"
#include "change/installer.hpp"
#include "support/memory_file_system.hpp"

namespace relup::change {

inline const std::string root = "/opt/shop";
inline const std::string tarball = root + "/releases/shop-1.1.0.tar.gz";

// Writes the two releases, the relup between them, and the tarball of the new one. The new one is
// built in /build/shop.
void set_up_host(support::MemoryFileSystem& files);

// Packs the new release again, with another content of one file.
void replace_in_tarball(support::MemoryFileSystem& files, const std::string& path,
                        const std::string& bytes);

// Puts the new release into the root, as somebody who unpacks it there, and takes the tarball away.
void unpack_by_hand(support::MemoryFileSystem& files);

class RecordedProgress final : public Progress {
 public:
  void report(const StepEvent& event) override {
    if (event.state == StepState::says) said.push_back(event.detail);
    if (event.state == StepState::under_way) told.push_back(event.step + ": " + event.detail);
    if (event.state != StepState::done && event.state != StepState::failed) return;
    steps.push_back(event.step + (event.state == StepState::done ? "" : " failed"));
  }
  std::vector<std::string> steps;
  std::vector<std::string> told;  // "STEP: DETAIL" while it went on
  std::vector<std::string> said;  // by the script
};

// Comes when the test says so.
class FakeInterruption final : public Interruption {
 public:
  std::optional<int> signal() override {
    if (on_question) on_question();
    return number;
  }
  std::optional<int> number;
  std::function<void()> on_question;
};

// Paths and contents below the root, without what relup keeps for itself.
using Snapshot = std::map<std::string, std::string>;

// What differs, by path: a dozen files at once would say nothing.
std::vector<std::string> differences(const Snapshot& before, const Snapshot& now);

class ChangeTest : public ::testing::Test {
 protected:
  ChangeTest() {
    set_up_host(files_);
    model_.write_releases_file();
  }

  Installer installer() {
    return {host::read_host(files_, root, "test"),
            {files_,
             clock_,
             progress_,
             [this] { return model_.connect(); },
             "pid 1 (test)",
             interruption_,
             [this](const auto& command, const auto& environment, auto) {
               return shell_(command, environment);
             },
             {"test", 1, "0.1.0"},
             nullptr,
             settings_}};
  }

  Outcome upgrade(CommitWhen commit = CommitWhen::now) {
    ChangeRequest request{"1.1.0"};
    request.commit = commit;
    return installer().change(request);
  }

  // The error that `action` ends with; a test failure when it ends well.
  template <typename Action>
  std::optional<Error> error_of(Action action) {
    try {
      action();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return std::nullopt;
  }

  Snapshot snapshot() {
    Snapshot files;
    for (const std::string& path : files_.files_below(root)) {
      if (path.starts_with(host::own_directory(root))) continue;
      const auto info = files_.link_info(path);
      const bool is_link = info && info->type == FileType::symlink;
      files[path] = is_link ? "a link" : files_.read(path);
    }
    return files;
  }

  std::size_t count(const std::string& call) const {
    return static_cast<std::size_t>(std::count(model_.calls.begin(), model_.calls.end(), call));
  }

  support::MemoryFileSystem files_;
  FakeClock clock_;
  RecordedProgress progress_;
  FakeInterruption interruption_;
  // What the shell makes of a command and its environment.
  std::function<ShellResult(const std::string&, const std::vector<std::string>&)> shell_ =
      [](const auto&, const auto&) { return ShellResult{}; };
  NodeModel model_{files_, root, "1.0.0"};
  policy::HostSettings settings_;
};

}  // namespace relup::change
