// SPDX-License-Identifier: Apache-2.0
#pragma once

// The source of a compiled module, read from its file only when somebody asks for it: debug
// information is most of a file, and for most modules it is never needed. A module without debug
// information still tells something by its instructions (recovered_source.hpp,
// function_identity.hpp); that is read here too. Several threads may ask one object at once; the
// SourceCode that they get is for one thread at a time.

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "beam/code/value_flow.hpp"
#include "beam/source/source_code.hpp"

namespace relup::beam {

class ModuleSource {
 public:
  // The bytes of the file; may throw what reading a file throws.
  using ReadFile = std::function<std::string()>;

  // `file` names the module in messages.
  ModuleSource(std::string file, ReadFile read) : file_(std::move(file)), read_(std::move(read)) {}

  // Null where there is none, or too much of it.
  const SourceCode* source() const;
  const RecordDefinitions& header_records() const;
  // What the instructions tell (recovered_source.hpp).
  const SourceCode& recovered() const;
  // value_flow.hpp
  const ValueFlow& value_flow() const;
  // function_identity.hpp
  std::string function_identity(std::string_view function, unsigned arity) const;
  // Of the source and what was recovered, as far as somebody has asked for them. Not while others
  // ask.
  Extent extent() const;

 private:
  // What `kept` holds, which `read` has to find out the first time.
  template <class Value, class Read>
  const Value& once(std::optional<Value>& kept, const Read& read) const;

  std::string file_;
  ReadFile read_;
  mutable std::mutex reading_;
  mutable std::optional<std::optional<SourceCode>> source_;
  mutable std::optional<RecordDefinitions> records_;
  mutable std::optional<SourceCode> functions_;
  mutable std::optional<ValueFlow> flow_;
};

}  // namespace relup::beam
