// SPDX-License-Identifier: Apache-2.0
#pragma once

// The page of a rule, as docs/rules/ holds it, as reports carry it, and in parts for whoever lays
// it out himself.

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

// "grammar", "versions" and so on, by the code.
std::string_view group_of(const Rule& rule);

// The whole page, ending in a line break.
std::string markdown_page(const Rule& rule);
std::string plain_page(const Rule& rule);

// "RU003-bad-instruction.md", and the page that leads to all of them.
std::string page_name(const Rule& rule);
std::string markdown_index(const std::vector<const Rule*>& rules);

}  // namespace relup::lint
