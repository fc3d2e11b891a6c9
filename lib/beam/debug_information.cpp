// SPDX-License-Identifier: Apache-2.0
#include "beam/debug_information.hpp"

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

}  // namespace relup::beam
