// SPDX-License-Identifier: Apache-2.0
#include "change/release_users.hpp"

#include <algorithm>

#include "host/file_users.hpp"
#include "node/node_process.hpp"

namespace relup::change {
namespace {

constexpr const char* proc = "/proc";

// A file that decides what boots names the release.
struct Boots final : Objection {
  Boots(std::string version, std::string file, std::string running)
      : version_(std::move(version)), file_(std::move(file)), running_(std::move(running)) {}
  ObjectionKind kind() const override { return ObjectionKind::release_boots; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override { return file_ + " boots release " + version_; }
  std::string hint() const override {
    return "`relup commit` lets a restart boot " + running_ + ", which runs";
  }

 private:
  std::string version_;
  std::string file_;
  std::string running_;
};

struct CodeIsFoundThere final : Objection {
  CodeIsFoundThere(std::string application, std::string directory)
      : application_(std::move(application)), directory_(std::move(directory)) {}
  ObjectionKind kind() const override { return ObjectionKind::release_is_used; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "the node finds the files of its application " + application_ + " in " + directory_;
  }
  std::string hint() const override { return "restart the node, then try again"; }

 private:
  std::string application_;
  std::string directory_;
};

struct UsedByProcess final : Objection {
  explicit UsedByProcess(host::FileUser user) : user_(std::move(user)) {}
  ObjectionKind kind() const override { return ObjectionKind::release_is_used; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "process " + user_.pid + " (" + user_.program + ") " + what_it_does();
  }
  std::string hint() const override { return "end or restart it, then try again"; }

 private:
  std::string what_it_does() const {
    switch (user_.use) {
      case host::FileUse::program:
        return "runs " + user_.path;
      case host::FileUse::working_directory:
        return "works in " + user_.path;
      case host::FileUse::open_file:
        return "has " + user_.path + " open";
      case host::FileUse::mapped_file:
        return "has " + user_.path + " in its memory";
      case host::FileUse::argument:
        break;
    }
    return "was started with " + user_.path;
  }

  host::FileUser user_;
};

void who_boots_it(const host::BootState& disk, const std::string& version,
                  const std::string& running, Objections& found) {
  if (disk.launched == version)
    found.push_back(object<Boots>(version, "bin/" + disk.name, running));
  if (disk.start_erl_data && disk.start_erl_data->version == version)
    found.push_back(object<Boots>(version, "releases/start_erl.data", running));
}

void where_code_is_found(live::AgentVerbs& agent, const std::vector<std::string>& folders,
                         Objections& found) {
  std::vector<Atom> names;
  for (const auto& application : agent.applications())
    names.push_back(application.first);
  for (const auto& [name, directory] : agent.library_directories(names)) {
    const std::string& place = directory;  // a lambda takes no structured binding
    const bool goes = std::any_of(folders.begin(), folders.end(), [&](const std::string& each) {
      return agent.on_node(each) == place;
    });
    if (goes) found.push_back(object<CodeIsFoundThere>(name.name(), directory));
  }
}

}  // namespace

Objections against_deleting(FileSystem& files, live::AgentVerbs& agent, const ReleaseBook& book,
                            const std::string& version, host::Removal& removal) {
  Objections found;
  who_boots_it(book.disk, version, book.running, found);
  std::vector<std::string> folders;
  for (const std::string& each : removal.folders())
    folders.push_back(join_path(book.disk.root, each));
  where_code_is_found(agent, folders, found);
  const live::Incarnation incarnation = agent.incarnation();
  const std::string node =
      node::pid_on_host(files, proc, incarnation.os_pid, incarnation.pid_namespace);
  for (host::FileUser& user : host::users_of(files, proc, folders, node))
    found.push_back(object<UsedByProcess>(std::move(user)));
  if (removal.emulator) {
    const std::string emulator = join_path(book.disk.root, *removal.emulator);
    if (!host::users_of(files, proc, {emulator}, node).empty()) removal.emulator.reset();
  }
  return found;
}

}  // namespace relup::change
