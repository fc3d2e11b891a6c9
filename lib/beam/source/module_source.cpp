// SPDX-License-Identifier: Apache-2.0
#include "beam/source/module_source.hpp"

#include "beam/code/function_identity.hpp"
#include "beam/source/recovered_source.hpp"

namespace relup::beam {

// std::call_once() would do, if nothing were ever thrown: it calls through pthread_once(), and no
// error leaves that in a program with a libgcc of its own (-static-libgcc). It is aborted there.
template <class Value, class Read>
const Value& ModuleSource::once(std::optional<Value>& kept, const Read& read) const {
  const std::lock_guard lock(reading_);
  if (!kept) kept.emplace(read(BeamFile(file_, read_())));
  return *kept;
}

const SourceCode* ModuleSource::source() const {
  const auto& source = once(source_, read_source_code);
  return source && source->extent() != Extent::nothing ? &*source : nullptr;
}

Extent ModuleSource::extent() const {
  const Extent extent = source_ && *source_ ? (*source_)->extent() : Extent::whole;
  if (extent != Extent::whole) return extent;
  return functions_ ? functions_->extent() : Extent::whole;
}

const RecordDefinitions& ModuleSource::header_records() const {
  return once(records_, read_header_records);
}

const SourceCode& ModuleSource::recovered() const {
  return once(functions_, recover_source);
}

const ValueFlow& ModuleSource::value_flow() const {
  return once(flow_, read_value_flow);
}

std::string ModuleSource::function_identity(std::string_view function, unsigned arity) const {
  return beam::function_identity(BeamFile(file_, read_()), function, arity);
}

}  // namespace relup::beam
