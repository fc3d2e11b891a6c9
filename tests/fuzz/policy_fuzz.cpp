// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a relup.yaml. What is wrong must have a place in the text that can be shown; what is
// right must give instructions that know theirs and can be filled in and printed.

#include "base/diagnostic_text.hpp"
#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"
#include "policy/read_policy.hpp"
#include "policy/version_template.hpp"
#include "term/printer.hpp"

namespace relup::fuzz {
namespace {

void check_terms(const std::vector<Term>& terms, const policy::Insertion& insertion) {
  for (const Term& term : terms) {
    require(term.span().end <= insertion.source->text().size(), "a place outside of the text");
    require(!print(policy::with_versions(term, "1", "2")).empty(), "a term");
  }
}

void check_insertions(const std::vector<policy::Insertion>& insertions) {
  for (const policy::Insertion& insertion : insertions) {
    check_terms(insertion.up, insertion);
    check_terms(insertion.down, insertion);
  }
}

void check_policy(const std::string& text) {
  const policy::ReadPolicy read = policy::read_policy("relup.yaml", text);
  for (const Diagnostic& fault : read.diagnostics) {
    require(fault.span.begin <= text.size(), "a place outside of the text");
    require(!to_text(fault, TextStyle{}).empty(), "a diagnostic");
  }
  const Atom shop("shop");
  require(read.policy.module(shop, shop).suspend_timeout != Term(), "a timeout");
  check_insertions(read.policy.insertions());
  check_insertions(read.policy.insertions(shop));
}

}  // namespace
}  // namespace relup::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  relup::fuzz::check_policy(std::string(relup::fuzz::bytes_of(data, size)));
  return 0;
}
