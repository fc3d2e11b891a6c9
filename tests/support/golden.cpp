// SPDX-License-Identifier: Apache-2.0
#include "support/golden.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "base/replace_file.hpp"

namespace relup::support {

void expect_golden(const std::string& name, const std::string& actual) {
  FileSystem& files = real_file_system();
  const std::string path = join_path(RELUP_TESTDATA, name);
  if (std::getenv("RELUP_UPDATE_GOLDEN") != nullptr) {
    files.make_directories(parent_path(path));
    replace_file(files, path, actual);
    return;
  }
  const std::optional<std::string> expected = files.read_if_exists(path);
  ASSERT_TRUE(expected) << "there is no " << name << "; RELUP_UPDATE_GOLDEN=1 writes it:\n"
                        << actual;
  EXPECT_EQ(*expected, actual) << "in testdata/" << name;
}

}  // namespace relup::support
