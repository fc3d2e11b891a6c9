// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a whole release: a conformance case, with its call in `case.term` and the files that
// it names beside it.

#include <stdexcept>

#include "base/error.hpp"
#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"
#include "relup/conformance_case.hpp"
#include "support/memory_file_system.hpp"
#include "support/txtar.hpp"
#include "term/term_file.hpp"

namespace relup::fuzz {
namespace {

std::optional<CompileRequest> read_request(const support::TxtarFiles& members) {
  const auto call = members.find("case.term");
  if (call == members.end()) return std::nullopt;
  try {
    return request_of(parse_single_term("case.term", call->second));
  } catch (const Error&) {
    return std::nullopt;  // no call
  }
}

void compile_case(const support::TxtarFiles& members) {
  auto request = read_request(members);
  if (!request) return;
  support::MemoryFileSystem files;
  try {
    for (const auto& [path, content] : members)
      files.add_file(path, content);
  } catch (const std::exception&) {
    return;  // no set of files
  }
  for (const int major : {25, 28}) {
    request->otp.major = major;
    checked_compile(files, *request);
  }
}

}  // namespace
}  // namespace relup::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relup;
  support::TxtarFiles members;
  try {
    members = support::read_txtar(std::string(fuzz::bytes_of(data, size)));
  } catch (const std::runtime_error&) {
    return 0;
  }
  fuzz::compile_case(members);
  return 0;
}
