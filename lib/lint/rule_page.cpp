// SPDX-License-Identifier: Apache-2.0
#include "lint/rule_page.hpp"

#include <algorithm>
#include <optional>

#include "base/wrapped_text.hpp"
#include "lint/rule_group.hpp"

namespace relup::lint {
namespace {

constexpr std::size_t page_width = 100;

std::string title_of(const Rule& rule) {
  return std::string(rule.code) + " " + std::string(rule.name);
}

// Every line by itself, so that lists and paragraphs stay what they are.
std::string wrapped_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += wrapped(text.substr(0, end), {0, 0, page_width}) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string with_final_break(std::string_view text) {
  return std::string(text) + (text.ends_with('\n') ? "" : "\n");
}

// A bar would end the cell.
std::string table_cell(std::string_view text) {
  std::string out;
  for (const char byte : text)
    out += byte == '|' ? std::string("\\|") : std::string(1, byte);
  return out;
}

std::string what_text(const Rule& rule) {
  std::string text(rule.page.what);
  if (rule.is_for_authors)
    text += "\n\nAn appup that `relup generate` wrote and nobody has edited is not asked for it.";
  return text;
}

std::string allow_text(const Rule& rule) {
  std::string text(rule.page.allow);
  if (rule.page.allowed_by != AllowedBy::comment) return text;
  return text + "\n\nIn the appup, on the line of the finding or above it: `%% relup:allow " +
         std::string(rule.code) + " WHY`. Everywhere, in relup.yaml: `findings: {" +
         std::string(rule.name) + ": off}`.";
}

void add_section(PageSection section, std::vector<PageSection>& sections) {
  if (!section.text.empty()) sections.push_back(std::move(section));
}

}  // namespace

std::vector<PageSection> sections_of(const Rule& rule) {
  using enum PageSection::Kind;
  const Page& page = rule.page;
  std::vector<PageSection> sections;
  add_section({"What is found", what_text(rule), prose}, sections);
  add_section({"Why it matters", std::string(page.why), prose}, sections);
  add_section({"Wrong", std::string(page.wrong), code}, sections);
  add_section({"Right", std::string(page.right), code}, sections);
  add_section({"How to allow it", allow_text(rule), prose}, sections);
  return sections;
}

std::string markdown_page(const Rule& rule) {
  std::string page =
      "# " + title_of(rule) + "\n\n" +
      wrapped_lines(std::string(to_string(rule.severity)) + ": " + std::string(rule.summary));
  for (const PageSection& section : sections_of(rule)) {
    page += "\n## " + section.title + "\n\n";
    const bool is_code = section.kind == PageSection::Kind::code;
    page += is_code ? "```erlang\n" + with_final_break(section.text) + "```\n"
                    : wrapped_lines(section.text);
  }
  return page;
}

std::string plain_page(const Rule& rule) {
  std::string page = title_of(rule) + "\n" + std::string(to_string(rule.severity)) + ": " +
                     std::string(rule.summary) + "\n";
  for (const PageSection& section : sections_of(rule))
    page += "\n" + section.title + "\n" + with_final_break(section.text);
  return page;
}

std::string page_name(const Rule& rule) {
  return std::string(rule.code) + "-" + std::string(rule.name) + ".md";
}

std::string markdown_index(const std::vector<const Rule*>& rules) {
  std::string page =
      "# The rules of relup lint\n\n"
      "`relup explain RULE` shows these pages in a terminal; RULE is a code or a name.\n";
  std::optional<RuleGroup> group;
  for (const Rule* rule : rules) {
    if (group != group_of(*rule)) {
      group = group_of(*rule);
      page += "\n## " + std::string(to_string(*group)) + "\n\n| rule | | |\n|---|---|---|\n";
    }
    page += "| [" + title_of(*rule) + "](" + page_name(*rule) + ") | " +
            std::string(to_string(rule->severity)) + " | " + table_cell(rule->summary) + " |\n";
  }
  return page;
}

}  // namespace relup::lint
