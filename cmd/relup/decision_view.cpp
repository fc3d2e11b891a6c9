// SPDX-License-Identifier: Apache-2.0
#include "decision_view.hpp"

#include "term/printer.hpp"
#include "text_page.hpp"

namespace relup::cmd {
namespace {

using appup::Direction;
using plan::Decision;

// The instruction in short: purges are soft unless a reason says otherwise.
std::string brief(const appup::Action& action) {
  if (const auto* update = std::get_if<appup::Update>(&action)) {
    if (update->type == appup::ModuleType::static_module) return "update, supervisor";
    return update->extra ? "update, advanced" : "update, soft";
  }
  if (std::holds_alternative<appup::LoadModule>(action)) return "load_module";
  if (std::holds_alternative<appup::Remove>(action)) return "remove";
  return print(to_term(action));
}

Row row_of(const Decision& decision) {
  std::string text = decision.instruction ? brief(*decision.instruction) : "nothing";
  for (std::size_t i = 0; i < decision.because.size(); ++i)
    text += (i == 0 ? ": " : "; ") + decision.because[i];
  return {decision.subject.name(), text, decision.instruction ? Colour::bold : Colour::dim};
}

void add_script(const generate::DecidedEntry& entry, Direction direction, TextPage& page) {
  std::vector<Row> rows;
  for (const Decision& decision : entry.decisions) {
    if (decision.direction == direction) rows.push_back(row_of(decision));
  }
  const bool up = direction == Direction::up;
  const std::string& from = up ? entry.old_version : entry.new_version;
  const std::string& to = up ? entry.new_version : entry.old_version;
  page.paragraph(entry.application.name() + " " + from + " -> " + to, Colour::bold);
  if (rows.empty()) rows.push_back({"no module differs", ""});
  page.rows(rows);
}

}  // namespace

std::string decisions_text(const std::vector<generate::DecidedEntry>& entries,
                           const TextStyle& style) {
  TextPage page(style);
  for (const generate::DecidedEntry& entry : entries) {
    for (const Direction direction : {Direction::up, Direction::down})
      add_script(entry, direction, page);
  }
  return page.text();
}

Json decisions_json(const std::vector<generate::DecidedEntry>& entries) {
  Json list = Json::array();
  for (const generate::DecidedEntry& entry : entries) {
    for (const Decision& decision : entry.decisions) {
      const auto& instruction = decision.instruction;
      list.push_back({{"application", entry.application.name()},
                      {"from", entry.old_version},
                      {"to", entry.new_version},
                      {"direction", decision.direction == Direction::up ? "up" : "down"},
                      {"subject", decision.subject.name()},
                      {"instruction", instruction ? Json(print(to_term(*instruction))) : Json()},
                      {"because", decision.because}});
    }
  }
  return list;
}

}  // namespace relup::cmd
