// SPDX-License-Identifier: Apache-2.0
#include "release_builder.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "child_process.hpp"
#include "support/temporary_directory.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

void run_builder(const fs::path& testdata, const std::string& version, const fs::path& root,
                 OtpLibs otp_libs) {
  std::vector<std::string> arguments = {"escript", (testdata / "build_release.escript").string(),
                                        (testdata / "tally" / version).string(), root.string()};
  if (otp_libs == OtpLibs::copied) arguments.push_back("--otp-libs");
  const fs::path log = root.string() + ".log";
  ChildProcess builder(Command{arguments, {"ERL_FLAGS", "ERL_LIBS"}, {}, log});
  if (builder.wait(std::chrono::minutes(5)) != 0) {
    throw std::runtime_error("building tally " + version + " failed:\n" + tail(log));
  }
}

class Cache {
 public:
  fs::path get(const fs::path& testdata, const std::string& version, OtpLibs otp_libs) {
    const std::lock_guard lock(mutex_);
    const auto key = std::tuple(fs::absolute(testdata), version, otp_libs);
    if (const auto known = built_.find(key); known != built_.end()) return known->second;
    const fs::path root = directory_.path() / std::to_string(built_.size());
    run_builder(std::get<0>(key), version, root, otp_libs);
    return built_.emplace(key, root).first->second;
  }

 private:
  std::mutex mutex_;
  support::TemporaryDirectory directory_{"relup-releases"};
  std::map<std::tuple<fs::path, std::string, OtpLibs>, fs::path> built_;
};

}  // namespace

void build_release(const fs::path& testdata, const std::string& version, const fs::path& root,
                   OtpLibs otp_libs) {
  static Cache cache;
  if (fs::exists(root)) throw std::runtime_error(root.string() + " exists");
  if (root.has_parent_path()) fs::create_directories(root.parent_path());
  fs::copy(cache.get(testdata, version, otp_libs), root, fs::copy_options::recursive);
}

}  // namespace relup::live_tests
