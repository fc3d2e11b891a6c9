// SPDX-License-Identifier: Apache-2.0
#include "beam/debug_information.hpp"

#include "beam/reached_code.hpp"
#include "beam/straight_functions.hpp"

namespace relup::beam {

const SourceCode* DebugInformation::source() const {
  std::call_once(source_read_, [this] { source_ = read_source_code(BeamFile(file_, read_())); });
  return source_ ? &*source_ : nullptr;
}

const RecordDefinitions& DebugInformation::header_records() const {
  std::call_once(records_read_,
                 [this] { records_ = read_header_records(BeamFile(file_, read_())); });
  return records_;
}

const SourceCode& DebugInformation::straight_functions() const {
  std::call_once(functions_read_,
                 [this] { functions_ = read_straight_functions(BeamFile(file_, read_())); });
  return functions_;
}

std::string DebugInformation::reached_code(std::string_view function, unsigned arity) const {
  return beam::reached_code(BeamFile(file_, read_()), function, arity);
}

}  // namespace relup::beam
