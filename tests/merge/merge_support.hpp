// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appups written in short for the tests of the merge: what relup generates, from a list of texts.

#include <string>
#include <vector>

#include "appup/appup_text.hpp"

namespace relup::merge {

struct SampleEntry {
  std::string version;
  std::vector<std::string> instructions;  // as Erlang terms, in full or in short form
};

appup::Action read_action(const std::string& text);

appup::AppupDocument make_document(const std::vector<SampleEntry>& up,
                                   const std::vector<SampleEntry>& down = {});

// The lists of an appup, or of its text, with every instruction in full form.
struct PlainEntry {
  std::string version;  // printed
  std::vector<std::string> instructions;
  bool operator==(const PlainEntry&) const = default;
};
std::vector<PlainEntry> plain_entries(const Term& entries);
Term read_appup_text(const std::string& text);

}  // namespace relup::merge
