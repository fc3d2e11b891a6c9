// SPDX-License-Identifier: Apache-2.0
#pragma once

// The failure of bad input as a test wants it: its message.

#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace relup::support {

// The message of the Error that `action` throws; the test fails when it throws none.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.message();
  }
  ADD_FAILURE() << "no error";
  return "";
}

}  // namespace relup::support
