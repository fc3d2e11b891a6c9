// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"

namespace relup::lint {
namespace {

// Where something begins that is neither blank nor a comment.
std::size_t find_text(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    at = text.find_first_not_of(" \t\r\n\f\v", at);
    if (at == std::string_view::npos || text[at] != '%') return at;
    at = text.find('\n', at);
  }
  return std::string_view::npos;
}

void check(const ParsedAppup& appup, Findings& findings) {
  if (appup.form == appup::AppupForm::elixir) return;  // there all of it is read
  const std::string_view text = appup.source->text();
  const std::size_t begin = find_text(text, appup.full_stop.begin + 1);
  if (begin == std::string_view::npos) return;
  const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
  Diagnostic& finding = findings.add(
      appup.source, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
      "nobody reads what stands behind the first full stop");
  finding.notes.emplace_back("put its entries into the lists of the one term, or take it out");
}

}  // namespace

extern const Rule text_behind_term{
    .code = "RU013",
    .name = "text-behind-term",
    .severity = Severity::warning,
    .summary = "text behind the full stop, which nobody reads",
    .page = {.what = "Something other than comments behind the first full stop of the file.",
             .why =
                 "systools reads up to the first full stop and no further, be it terms or garbage. "
                 "A second version of the appup that was pasted behind the first one does nothing. "
                 "`release_handler:upgrade_app/2` reads the same file and refuses it.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.

{"2.0",
 [{"1.1", [{load_module, shop}]}],
 [{"1.1", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]},
  {"1.1", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]},
  {"1.1", [{load_module, shop}]}]}.
)",
             .allow = "Never: take it out, or make it a comment.",
             .allowed_by = AllowedBy::nothing},
    .check_appup = check,
};

}  // namespace relup::lint
