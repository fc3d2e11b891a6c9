// SPDX-License-Identifier: Apache-2.0
#include "release/boot_script.hpp"

#include "base/error.hpp"
#include "term/external.hpp"

namespace relup::release {

std::string boot_script_path(const std::string& version) {
  return "releases/" + version + "/start.boot";
}

Term read_boot_script(const ReleaseFiles& files, const std::string& version) {
  const std::string path = boot_script_path(version);
  try {
    return decode_external(files.read(path));
  } catch (const Error& error) {
    throw Error(ErrorCode::bad_input,
                files.place(path) + " is damaged, so the release would not boot")
        .because_of(error);
  }
}

}  // namespace relup::release
