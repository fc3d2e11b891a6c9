// SPDX-License-Identifier: Apache-2.0
#pragma once

// Release roots of the sample server `tally`, made from its source by
// testdata/build_release.escript. Each version is built once per process and copied from then on,
// so every test gets a root of its own to change. A failed build throws std::runtime_error with
// what the builder printed.

#include <filesystem>
#include <string>

namespace relup::live_tests {

enum class OtpLibs { copied, left_out };  // only a root with them boots

// Makes `root`, which must not exist yet, a release root of testdata/tally/`version`.
void build_release(const std::filesystem::path& testdata, const std::string& version,
                   const std::filesystem::path& root, OtpLibs otp_libs = OtpLibs::copied);

}  // namespace relup::live_tests
