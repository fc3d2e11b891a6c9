// SPDX-License-Identifier: Apache-2.0
#pragma once

// A compilation whose answer is held to what must be true of every answer, whatever the input: a
// relup or errors, never both or neither; a relup that reads back as the term it is; diagnostics
// that can be shown. What is not true ends the process (abort), which is how a fuzzer finds it.

#include <string_view>

#include "relup/compile.hpp"

namespace relup::fuzz {

// Ends the process when `is_true` does not hold.
void require(bool is_true, const char* what);

void checked_compile(FileSystem& files, const CompileRequest& request);

// Compiles a small release (two bases, three applications) in which `text` stands for one of the
// files, as OTP 25 reads it and as the newest does.
enum class FuzzedFile { app, appup, rel };
void compile_with(FuzzedFile fuzzed, std::string_view text);

}  // namespace relup::fuzz
