// SPDX-License-Identifier: Apache-2.0
#include "merge_support.hpp"

#include "appup/short_forms.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::merge {
namespace {

std::vector<appup::VersionScript> make_scripts(const std::vector<SampleEntry>& entries) {
  std::vector<appup::VersionScript> scripts;
  for (const SampleEntry& entry : entries) {
    scripts.push_back({entry.version, {}});
    for (const std::string& text : entry.instructions)
      scripts.back().instructions.push_back(read_action(text));
  }
  return scripts;
}

}  // namespace

appup::Action read_action(const std::string& text) {
  const Term term = parse_single_term("instruction", text + ".");
  return std::get<appup::Action>(appup::read_instruction(appup::expand_short_form(term)));
}

appup::AppupDocument make_document(const std::vector<SampleEntry>& up,
                                   const std::vector<SampleEntry>& down) {
  return {"2.0", make_scripts(up), make_scripts(down)};
}

std::vector<PlainEntry> plain_entries(const Term& entries) {
  std::vector<PlainEntry> plain;
  for (const Term& entry : *entries.as_list()) {
    plain.push_back({print(entry.as_tuple()->front()), {}});
    for (const Term& instruction : *entry.as_tuple()->back().as_list())
      plain.back().instructions.push_back(print(appup::expand_short_form(instruction)));
  }
  return plain;
}

Term read_appup_text(const std::string& text) {
  return parse_single_term("shop.appup", text);
}

}  // namespace relup::merge
