// SPDX-License-Identifier: Apache-2.0
#include "support/project_site.hpp"

#include <stdexcept>
#include <thread>

#include "node/ei_channel.hpp"
#include "support/source_variant.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto boot_limit = 30s;

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

}  // namespace

ProjectBuilds::ProjectBuilds(const Tools& tools, Project project, Tarballs tarballs)
    : project_(std::move(project)) {
  for (const std::string& version : project_.versions)
    build(tools, version);
  RelupProgram relup(tools.program, directory_.path(), {"HOME=" + directory_.path().string()});
  for (std::size_t i = 1; i < project_.versions.size(); ++i) {
    const std::string& version = project_.versions[i];
    if (tarballs == Tarballs::stock) {
      fs::rename(release(version) / tarball(version).filename(), tarball(version));
      continue;
    }
    make_relup(relup, project_.versions[i - 1], version);
    must_succeed(relup.run({"pack", release(version), "-o", tarball(version)}, directory_.path()));
  }
}

// Build tools find no network, and need none.
void ProjectBuilds::build(const Tools& tools, const std::string& version) const {
  const fs::path sources = source(version);
  const auto lay_over = [&](const std::string& part) {
    fs::copy(fs::path(tools.testdata) / project_.sources / part, sources,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  };
  lay_over("common");
  for (const std::string& each : project_.versions) {
    lay_over(each);
    if (each == version) break;
  }
  for (const SourceEdit& edit : project_.edits)
    replace_in_file(sources / edit.file, edit.from, edit.to);
  build_again(version, project_.build);
  fs::copy(sources / project_.built, release(version),
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

void ProjectBuilds::build_again(const std::string& version, const std::string& command) const {
  shell("export HOME=" + quoted(directory_.path()) + "; " + command, source(version));
}

// In the sources, where the wishes of the project lie.
void ProjectBuilds::make_relup(RelupProgram& relup, const std::string& from,
                               const std::string& to) const {
  must_succeed(relup.run({"generate", "--from", release(from), "--to", release(to)}, source(to)));
}

ProjectSite::ProjectSite(const Tools& tools, const ProjectBuilds& builds)
    : project_(builds.project()),
      epmd_(directory()),
      program_(tools.program, directory(),
               {"HOME=" + directory().string(), "ERL_EPMD_PORT=" + std::to_string(epmd_.port()),
                "RELEASE_ROOT", "RELEASE_NODE", "RELEASE_COOKIE", "TERM=dumb"}),
      node_name_(project_.release + "@127.0.0.1"),
      cookie_(project_.release + "_cookie") {
  const std::vector<std::string>& versions = project_.versions;
  fs::copy(builds.release(versions.front()), root(),
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const fs::path tarball = builds.tarball(versions[i]);
    fs::copy_file(tarball, root() / "releases" / tarball.filename());
  }
}

std::vector<std::string> ProjectSite::node_environment() const {
  std::vector<std::string> environment{
      "HOME=" + directory().string(),
      "ERL_EPMD_PORT=" + std::to_string(epmd_.port()),
      "RELEASE_DISTRIBUTION=name",
      "RELEASE_NODE=" + node_name_,
      "RELEASE_COOKIE=" + cookie_,
      project_.settings + "COOKIE=" + cookie_,
      project_.settings + "PORT=" + std::to_string(port_),
      project_.settings + "SECRET=pepper",
      "ERL_FLAGS=-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"};
  for (const char* inherited : {"ERL_AFLAGS", "ERL_ZFLAGS", "ERL_LIBS", "RELEASE_VSN",
                                "RELEASE_ROOT", "RELX_CONFIG_PATH", "VMARGS_PATH"})
    environment.emplace_back(inherited);
  environment.insert(environment.end(), environment_.begin(), environment_.end());
  return environment;
}

void ProjectSite::start() {
  stop();
  std::vector<std::string> words = wrapper_;
  words.push_back(root() / "bin" / project_.release);
  words.push_back(project_.start);
  node_ = std::make_unique<ChildProcess>(
      Command{words, node_environment(), root(), directory() / "node.log"});
  wait_until_serving();
}

void ProjectSite::stop() {
  if (node_) node_->stop(10s);
}

void ProjectSite::wait_until_serving() {
  const auto deadline = std::chrono::steady_clock::now() + boot_limit;
  while (std::chrono::steady_clock::now() < deadline) {
    if (accepts_connections(port_)) return;
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error(project_.release + " does not come up:\n" +
                           tail(directory() / "node.log"));
}

Term ProjectSite::call(std::string_view module, std::string_view function,
                       Term::Elements arguments) const {
  node::NodeAddress address;
  address.name = node_name_;
  address.hosts = {"127.0.0.1"};
  address.cookie = node::Cookie(cookie_);
  address.epmd_port = epmd_.port();
  return node::connect_node(address)->call(module, function, std::move(arguments),
                                           Milliseconds{10'000});
}

RelupResult ProjectSite::relup(const std::vector<std::string>& arguments) {
  return program_.run(arguments, root());
}

std::unique_ptr<RelupRun> ProjectSite::start_relup(const std::vector<std::string>& arguments) {
  return program_.start(arguments, root());
}

}  // namespace relup::live_tests
