// SPDX-License-Identifier: Apache-2.0
#include "faulty_host.hpp"

#include <ostream>
#include <set>
#include <stdexcept>

#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "live/support/loopback.hpp"
#include "live/support/source_variant.hpp"
#include "release/releases_file.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

// One thread for the file operations of a node: so strace can count them.
const std::vector<std::string> one_file_thread = {"+SDio 1"};

NodeOptions options_for(const fs::path& root) {
  NodeOptions options;
  options.root = root;
  options.vm_arguments = one_file_thread;
  return options;
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  shell("cp -a '" + from.string() + "' '" + to.string() + "'", "/");
}

// Files of OTP, which both releases have and nobody writes: 13 MB.
bool is_shared(const std::string& path) {
  return path.starts_with("erts-") || (path.starts_with("lib/") && !path.starts_with("lib/tally-"));
}

// Makes `to` hold what `from` does, but for `lib` itself and what is shared.
void copy_others(const fs::path& from, const fs::path& to) {
  const std::string prefix = from.filename() == "lib" ? "lib/" : "";
  const auto stays = [&](const fs::path& name) {
    return name == "lib" || is_shared(prefix + name.string());
  };
  std::vector<fs::path> gone;
  for (const auto& entry : fs::directory_iterator(to)) {
    if (!stays(entry.path().filename())) gone.push_back(entry.path());
  }
  for (const fs::path& each : gone)
    fs::remove_all(each);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path name = entry.path().filename();
    if (stays(name)) continue;
    fs::copy(entry.path(), to / name,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
}

// What is large is not read.
std::string description(const fs::directory_entry& entry, bool is_shared) {
  const fs::file_status status = entry.symlink_status();
  const std::string mode = std::to_string(static_cast<unsigned>(status.permissions()));
  if (fs::is_symlink(status)) return "a link to " + fs::read_symlink(entry.path()).string();
  if (!fs::is_regular_file(status)) return "no file; mode " + mode;
  const std::string size = "mode " + mode + ", " + std::to_string(entry.file_size()) + " bytes";
  if (entry.path().extension() == ".gz") return size;
  if (!is_shared) return size + ": " + read_file(entry.path());
  return size + " of " + std::to_string(entry.last_write_time().time_since_epoch().count());
}

bool is_of(const std::string& path, const std::string& version) {
  if (path.starts_with("lib/tally-")) return path.starts_with("lib/tally-" + version + "/");
  if (path.starts_with("releases/")) return path.starts_with("releases/" + version + "/");
  return path.starts_with("lib/") || path.starts_with("erts-");
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Truth& truth) {
  return out << "runs " << (truth.runs.empty() ? "nothing" : truth.runs) << ", boots "
             << (truth.boots.empty() ? "nothing" : truth.boots);
}

FaultyHost::FaultyHost(const Tools& tools) : builds_(tools), site_(tools) {
  builds_.build();
  ReleaseNode(options_for(builds_.new_root())).write_vm_args("1.1.0");
  must_succeed(builds_.generate());
  must_succeed(builds_.pack());
  site_.node().give_arguments(one_file_thread);
  site_.deploy(builds_);
  site_.node().write_vm_args("1.0.0");
  save("deployed");
  site_.node().start();
  must_succeed(site_.relup({"upgrade", "1.1.0", "--no-commit"}));
  save("installed");
  must_succeed(site_.relup({"commit"}));
  save("committed");
  site_.node().kill();
  built_ = listing();
}

fs::path FaultyHost::save(const std::string& name) {
  const fs::path to = site_.directory() / "saved" / name;
  fs::create_directories(to.parent_path());
  copy_tree(root(), to);
  return to;
}

fs::path FaultyHost::saved(Begin begin) const {
  const char* name = begin == Begin::deployed    ? "deployed"
                     : begin == Begin::installed ? "installed"
                                                 : "committed";
  return site_.directory() / "saved" / name;
}

void FaultyHost::lay_out(Begin begin) {
  lay_out(saved(begin));
}

void FaultyHost::lay_out(const fs::path& from) {
  node().kill();
  is_at_.reset();
  if (!has_shared_) {
    copy_tree(from, root());
    has_shared_ = true;
    return;
  }
  copy_others(from, root());
  copy_others(from / "lib", root() / "lib");
}

// Not by relup, whose checks and trials are of no interest here and take seconds.
void FaultyHost::install_by_hand() {
  const auto channel = connect_to(node().options());
  const Term answer = channel->call("release_handler", "install_release", {Term::string("1.1.0")},
                                    Milliseconds{60'000});
  if (!answer.is_tagged("ok", 3)) throw std::runtime_error("1.1.0 is not installed by hand");
}

Listing FaultyHost::listing() const {
  Listing found;
  for (auto at = fs::recursive_directory_iterator(root()); at != fs::end(at); ++at) {
    const std::string path = at->path().lexically_relative(root());
    if (path == "log") at.disable_recursion_pending();
    if (path == "log" || path == "tally.port" || path == ".relup" || path == ".relup/journal" ||
        path == ".relup/kept") {
      continue;
    }
    found.emplace(path, description(*at, is_shared(path)));
  }
  return found;
}

// The numbers of operations begin again.
void FaultyHost::forget_work(Begin begin) {
  fs::remove_all(root() / ".relup");
  if (fs::exists(saved(begin) / ".relup"))
    fs::copy(saved(begin) / ".relup", root() / ".relup", fs::copy_options::recursive);
}

void FaultyHost::bring_to(Begin begin) {
  const bool is_there = is_at_ == begin && node().running() && node().pid() == node_at_begin_ &&
                        truth() == truth_at_begin_ && listing() == at_begin_;
  if (is_there) return forget_work(begin);
  lay_out(begin);
  node().start();
  if (begin == Begin::installed) install_by_hand();
  is_at_ = begin;
  at_begin_ = listing();
  truth_at_begin_ = truth();
  node_at_begin_ = node().pid();
}

std::string FaultyHost::boots() const {
  try {
    const fs::path file = root() / "releases/start_erl.data";
    return release::parse_start_erl_data(file, read_file(file)).version;
  } catch (const std::exception&) {
    return "";
  }
}

Truth FaultyHost::truth() {
  Truth found{"", boots()};
  if (!node().running()) return found;
  try {
    const std::string answer = ask(node().port(), "version");
    if (answer.starts_with("tally ")) found.runs = answer.substr(6);
  } catch (const std::exception&) {
    found.runs = "";
  }
  return found;
}

std::string FaultyHost::damage_of(const std::string& version, const Listing& now) const {
  for (const auto& [path, description] : built_) {
    if (!is_of(path, version)) continue;
    const auto there = now.find(path);
    if (there == now.end()) return version + ": " + path + " is lost";
    if (there->second != description) return version + ": " + path + " is another one";
  }
  return "";
}

std::string FaultyHost::why_it_would_not_boot() const {
  const std::string version = boots();
  if (version != "1.0.0" && version != "1.1.0") return "start_erl.data names '" + version + "'";
  return damage_of(version, listing());
}

std::string FaultyHost::what_is_wrong() const {
  if (const std::string why = why_it_would_not_boot(); !why.empty()) return why;
  const Listing now = listing();
  std::set<std::string> listed;
  if (now.contains("releases/RELEASES")) {
    try {
      const std::string file = root() / "releases/RELEASES";
      for (const auto& each : release::parse_releases_file(file, read_file(file))) {
        listed.insert(each.version);
        const bool is_permanent = each.status == release::ReleaseStatus::permanent;
        if (is_permanent != (each.version == boots()))
          return "RELEASES and start_erl.data are divided about " + each.version;
        if (const std::string damage = damage_of(each.version, now); !damage.empty()) return damage;
      }
    } catch (const Error& error) {
      return error.message();
    }
    if (!listed.contains(boots())) return "RELEASES does not list " + boots();
  } else {
    listed.insert(boots());
  }
  for (const auto& [path, ignored] : now) {
    const std::string name = fs::path(path).filename();
    const bool is_left = is_temporary_name(name) || name.ends_with(".relup-original") ||
                         path.starts_with(".relup-staging") || path.starts_with(".relup/trash");
    if (is_left) return "left: " + path;
    for (const std::string version : {"1.0.0", "1.1.0"}) {
      const bool is_its = path.starts_with("lib/tally-" + version + "/") ||
                          path.starts_with("releases/" + version + "/");
      if (is_its && !listed.contains(version)) return path + " is there, and no release has it";
    }
  }
  return "";
}

std::string FaultyHost::start_again() {
  node().kill();
  node().start();
  return truth().runs;
}

}  // namespace relup::live_tests
