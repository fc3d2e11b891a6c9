// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a compiled module, for all that relup reads of one. Whatever is not sound is bad
// input, and nothing else.

#include <functional>
#include <string>

#include "base/error.hpp"
#include "beam/code/function_identity.hpp"
#include "beam/code/module_code.hpp"
#include "beam/code/returned_arguments.hpp"
#include "beam/file/code_identity.hpp"
#include "beam/source/recovered_source.hpp"
#include "beam/source/source_code.hpp"
#include "beam/source/struct_fields.hpp"
#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"

namespace relup::fuzz {
namespace {

// Each for itself: a failure of one must not hide the others.
void tolerate(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_input, error.what());
  }
}

void read_all(const beam::BeamFile& file) {
  tolerate([&] { file.attributes(); });
  tolerate([&] { file.compile_info(); });
  tolerate([&] { module_md5(file); });
  tolerate([&] { require(!compare_code(file, file).any(), "a file that differs from itself"); });
  tolerate([&] { read_module_code(file); });
  tolerate([&] { recover_source(file).find("init", 1); });
  tolerate([&] { struct_fields(file); });
  tolerate([&] { read_header_records(file); });
  tolerate([&] { returns_its_arguments(file, "code_change", 3, 1, 1); });
  tolerate([&] { function_identity(file, "init", 1); });
  tolerate([&] {
    if (const auto source = read_source_code(file)) source->find("init", 1);
  });
}

}  // namespace
}  // namespace relup::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relup;
  const std::string bytes(fuzz::bytes_of(data, size));
  fuzz::tolerate([&] { fuzz::read_all(beam::BeamFile("m.beam", bytes)); });
  return 0;
}
