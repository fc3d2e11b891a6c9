// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.hpp"

#include <gtest/gtest.h>

namespace relup {
namespace {

Diagnostic of(Severity severity) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  return diagnostic;
}

TEST(Diagnostic, SeveritiesHaveNames) {
  EXPECT_EQ(to_string(Severity::note), "note");
  EXPECT_EQ(to_string(Severity::warning), "warning");
  EXPECT_EQ(to_string(Severity::error), "error");
}

TEST(Diagnostic, OnlyErrorsAreErrors) {
  EXPECT_FALSE(has_errors({}));
  EXPECT_FALSE(has_errors({of(Severity::note), of(Severity::warning)}));
  EXPECT_TRUE(has_errors({of(Severity::note), of(Severity::error)}));
}

}  // namespace
}  // namespace relup
