// SPDX-License-Identifier: Apache-2.0
#pragma once

// A production host with a stock release on it: a sample project, built from sources that are not
// touched, its node, and relup to work on them. Everything lies in directories for temporary files
// and goes with the objects.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/build_machine.hpp"
#include "support/child_process.hpp"
#include "support/host.hpp"
#include "support/loopback.hpp"
#include "support/project.hpp"
#include "support/relup_program.hpp"
#include "support/temporary_directory.hpp"
#include "term/term.hpp"

namespace relup::live_tests {

// Whether relup makes the tarballs, with a relup from the version before, or the build tool has.
enum class Tarballs { with_relup, stock };

// Releases of all versions, and tarballs. Made once; build tools take their time.
class ProjectBuilds {
 public:
  ProjectBuilds(const Tools& tools, Project project, Tarballs tarballs = Tarballs::with_relup);

  const Project& project() const { return project_; }
  std::filesystem::path release(const std::string& version) const {
    return directory_.path() / ("release-" + version);
  }
  std::filesystem::path tarball(const std::string& version) const {
    return directory_.path() / (project_.release + "-" + version + ".tar.gz");
  }
  // The sources of a version.
  std::filesystem::path source(const std::string& version) const {
    return directory_.path() / ("source-" + version);
  }
  // Builds in there again, `command` in the place of the project's own.
  void build_again(const std::string& version, const std::string& command) const;

 private:
  void build(const Tools& tools, const std::string& version) const;
  void make_relup(RelupProgram& relup, const std::string& from, const std::string& to) const;

  Project project_;
  support::TemporaryDirectory directory_{"relup-project"};
};

class ProjectSite {
 public:
  // Unpacks the oldest release and puts the tarballs of the others there; starts nothing but an
  // epmd.
  ProjectSite(const Tools& tools, const ProjectBuilds& builds);

  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path root() const { return directory() / "host"; }
  std::uint16_t port() const { return port_; }
  std::uint16_t epmd_port() const { return epmd_.port(); }
  const std::string& node_name() const { return node_name_; }
  const std::string& cookie() const { return cookie_; }
  pid_t node_pid() const { return node_->pid(); }

  // A program that starts the node, with its arguments, such as setpriv(1).
  void start_under(std::vector<std::string> wrapper) { wrapper_ = std::move(wrapper); }
  // What the node's environment has besides; as in Command.
  std::vector<std::string>& environment() { return environment_; }

  // By the release's own script, as a service manager does; returns when customers are served.
  void start();
  void stop();
  void kill_node() { node_->kill(); }
  // Waits for the port to answer.
  void wait_until_serving();
  // One line to the port, and the answer.
  std::string ask(const std::string& line) const { return live_tests::ask(port_, line); }

  // A call on the node, past relup.
  Term call(std::string_view module, std::string_view function, Term::Elements arguments) const;

  // Runs relup in the root of the host.
  RelupResult relup(const std::vector<std::string>& arguments);
  std::unique_ptr<RelupRun> start_relup(const std::vector<std::string>& arguments);

 private:
  std::vector<std::string> node_environment() const;

  Project project_;
  support::TemporaryDirectory directory_{"relup-project-site"};
  Epmd epmd_;
  RelupProgram program_;
  std::uint16_t port_ = free_port();
  std::string node_name_;
  std::string cookie_;
  std::vector<std::string> environment_;
  std::vector<std::string> wrapper_;
  std::unique_ptr<ChildProcess> node_;
};

}  // namespace relup::live_tests
