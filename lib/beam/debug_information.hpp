// SPDX-License-Identifier: Apache-2.0
#pragma once

// The debug information of a module that has not been read yet. It is most of a file, and most of a
// module's life nobody asks for it: so the file is read again when somebody does. Several threads
// may ask at once for it; what they get is theirs to share as its own class says. What code alone
// tells, and is asked for where there is no debug information, is read here as well.

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "beam/source_code.hpp"

namespace relup::beam {

class DebugInformation {
 public:
  // The bytes of the file; may throw what reading a file throws.
  using ReadFile = std::function<std::string()>;

  // `file` names the module in messages.
  DebugInformation(std::string file, ReadFile read)
      : file_(std::move(file)), read_(std::move(read)) {}

  // Null where there is none.
  const SourceCode* source() const;
  const RecordDefinitions& header_records() const;
  // straight_functions.hpp
  const SourceCode& straight_functions() const;
  // reached_code.hpp
  std::string reached_code(std::string_view function, unsigned arity) const;

 private:
  std::string file_;
  ReadFile read_;
  mutable std::once_flag source_read_;
  mutable std::once_flag records_read_;
  mutable std::once_flag functions_read_;
  mutable std::optional<SourceCode> source_;
  mutable RecordDefinitions records_;
  mutable SourceCode functions_;
};

}  // namespace relup::beam
