// SPDX-License-Identifier: Apache-2.0
#pragma once

// The page of a rule: as Markdown, which docs/rules/ holds, as plain text, and section by section
// for callers with a layout of their own.

#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"

namespace relup::lint {

struct PageSection {
  enum class Kind { prose, code };
  std::string title;
  std::string text;
  Kind kind = Kind::prose;
};

std::vector<PageSection> sections_of(const Rule& rule);

// The whole page, ending in a line break.
std::string markdown_page(const Rule& rule);
std::string plain_page(const Rule& rule);

// The file of the page: "RU003-bad-instruction.md".
std::string page_name(const Rule& rule);
// A page with links to those of all `rules`, which are in the order of their codes.
std::string markdown_index(const std::vector<const Rule*>& rules);

}  // namespace relup::lint
