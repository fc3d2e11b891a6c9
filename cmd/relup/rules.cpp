// SPDX-License-Identifier: Apache-2.0
//
// relup rules: what lint looks for.

#include "base/json.hpp"
#include "lint/rule_group.hpp"
#include "lint/rule_list.hpp"
#include "lint/rule_page.hpp"
#include "text_page.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

Json rules_json() {
  Json rules = Json::array();
  for (const lint::Rule* rule : lint::all_rules()) {
    rules.push_back({{"code", rule->code},
                     {"name", rule->name},
                     {"group", to_string(lint::group_of(*rule))},
                     {"severity", to_string(rule->severity)},
                     {"summary", rule->summary}});
  }
  return {{"schema_version", 1}, {"rules", std::move(rules)}};
}

void print_rules(TextPage& page) {
  std::vector<Row> rows;
  for (const lint::Rule* rule : lint::all_rules()) {
    rows.push_back({std::string(rule->code) + "  " + std::string(rule->name),
                    std::string(to_string(rule->severity)) + ": " + std::string(rule->summary)});
  }
  page.rows(rows);
}

ExitStatus run(Console& console) {
  if (console.wants_json()) {
    console.results() << dump(rules_json()) << "\n";
    return ExitStatus::done;
  }
  TextPage page(console.result_style());
  print_rules(page);
  console.results() << page.text();
  return ExitStatus::done;
}

}  // namespace

Verb rules_verb() {
  return {"rules", "List what lint looks for", {}, run};
}

}  // namespace relup::cmd
