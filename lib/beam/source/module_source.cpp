// SPDX-License-Identifier: Apache-2.0
#include "beam/source/module_source.hpp"

#include "beam/code/function_identity.hpp"
#include "beam/source/recovered_source.hpp"

namespace relup::beam {

const SourceCode* ModuleSource::source() const {
  std::call_once(source_read_, [this] { source_ = read_source_code(BeamFile(file_, read_())); });
  return source_ && source_->extent() != Extent::nothing ? &*source_ : nullptr;
}

Extent ModuleSource::extent() const {
  const Extent extent = source_ ? source_->extent() : Extent::whole;
  return extent == Extent::whole ? functions_.extent() : extent;
}

const RecordDefinitions& ModuleSource::header_records() const {
  std::call_once(records_read_,
                 [this] { records_ = read_header_records(BeamFile(file_, read_())); });
  return records_;
}

const SourceCode& ModuleSource::recovered() const {
  std::call_once(functions_read_,
                 [this] { functions_ = recover_source(BeamFile(file_, read_())); });
  return functions_;
}

std::string ModuleSource::function_identity(std::string_view function, unsigned arity) const {
  return beam::function_identity(BeamFile(file_, read_()), function, arity);
}

}  // namespace relup::beam
