// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relup {
namespace {

using testing::HasSubstr;

TEST(Error, CarriesMessageHintAndCause) {
  const Error cause(ErrorCode::unavailable, "no answer");
  Error error(ErrorCode::rolled_back, "upgrade failed");
  error.with_hint("try again").because_of(cause);
  EXPECT_EQ(error.code(), ErrorCode::rolled_back);
  EXPECT_STREQ(error.what(), "upgrade failed");
  EXPECT_EQ(error.hint(), "try again");
  ASSERT_NE(error.cause(), nullptr);
  EXPECT_EQ(error.cause()->message(), "no answer");
  EXPECT_EQ(error.cause()->cause(), nullptr);
}

TEST(Error, ACopyKeepsItsCause) {
  const Error copy = [] {
    return Error(ErrorCode::bug, "outer").because_of(Error(ErrorCode::bug, "inner"));
  }();
  ASSERT_NE(copy.cause(), nullptr);
  EXPECT_EQ(copy.cause()->message(), "inner");
}

TEST(Error, OfTheSystemNamesActionPathAndReason) {
  const Error missing = system_error("open", "/etc/none", ENOENT);
  EXPECT_EQ(missing.message(), "cannot open /etc/none: No such file or directory");
  EXPECT_EQ(missing.code(), ErrorCode::bad_input);
  EXPECT_EQ(missing.hint(), "");
  EXPECT_EQ(missing.error_number(), ENOENT);
  EXPECT_EQ(Error(ErrorCode::bug, "none").error_number(), 0);
  EXPECT_THAT(system_error("write", "/x", ENOSPC).hint(), HasSubstr("free some space"));
  EXPECT_THAT(system_error("write", "/x", EACCES).hint(), HasSubstr("the user that owns"));
}

// The names that `file:open/2` has for them.
TEST(Error, NumbersHaveTheNamesOfErlang) {
  EXPECT_EQ(posix_name(ENOENT), "enoent");
  EXPECT_EQ(posix_name(EACCES), "eacces");
  EXPECT_EQ(posix_name(EISDIR), "eisdir");
  EXPECT_EQ(posix_name(ELOOP), "eloop");
  EXPECT_EQ(posix_name(EMFILE), "emfile");
  EXPECT_EQ(posix_name(0), "unknown");
  EXPECT_EQ(posix_name(123456), "unknown");
}

}  // namespace
}  // namespace relup
