// SPDX-License-Identifier: Apache-2.0
#include "policy/read_quiesce.hpp"

#include <charconv>

#include "policy/embedded_term.hpp"
#include "policy/name_pattern.hpp"

namespace relup::policy {
namespace {

// Longer than anybody waits, and short enough for a timer of Erlang.
constexpr std::uint32_t longest_wait = 3'600'000;

std::optional<std::uint32_t> plain_number(const YamlNode& node) {
  const std::string& text = node.text;
  const bool is_number_like = node.kind == YamlNode::Kind::scalar &&
                              node.style == YamlNode::Style::plain &&
                              (text == "0" || !text.starts_with('0'));
  if (!is_number_like) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void read_wait(const YamlNode& node, std::string_view what, std::uint32_t shortest,
               std::chrono::milliseconds& wait, Faults& faults) {
  const auto number = plain_number(node);
  if (number && *number >= shortest && *number <= longest_wait) {
    wait = std::chrono::milliseconds(*number);
    return;
  }
  faults.add_wrong(node, what,
                   "a plain number of milliseconds, from " + std::to_string(shortest) + " to " +
                       std::to_string(longest_wait));
}

void read_listeners(const YamlNode& node, Quiesce& quiesce, Faults& faults) {
  if (node.kind == YamlNode::Kind::nothing) return;
  quiesce.listeners = read_terms(node, "`listeners`", faults);
}

void read_connections(const YamlNode& node, Quiesce& quiesce, Faults& faults) {
  static constexpr Choices<Quiesce::Connections, 2> choices{
      {{"suspend", Quiesce::Connections::suspend}, {"leave", Quiesce::Connections::leave}}};
  read_choice(node, "`connections`", choices, quiesce.connections, faults);
}

void read_upgrade_modules(const YamlNode& node, Quiesce& quiesce, Faults& faults) {
  for_each_item(node, "`upgrade_modules`", "a list of modules", faults, [&](const YamlNode& item) {
    if (item.kind == YamlNode::Kind::scalar && is_one_name(item.text)) {
      quiesce.upgrade_modules.emplace_back(item.text);
    } else {
      faults.add_wrong(item, "an upgrade module", "the name of one module, without `*`");
    }
  });
}

constexpr std::array<Key<Quiesce>, 5> keys{{
    {"listeners", read_listeners},
    {"connections", read_connections},
    {"connection_timeout",
     [](const YamlNode& node, Quiesce& quiesce, Faults& faults) {
       read_wait(node, "`connection_timeout`", 1, quiesce.connection_timeout, faults);
     }},
    {"drain_requests",
     [](const YamlNode& node, Quiesce& quiesce, Faults& faults) {
       read_wait(node, "`drain_requests`", 0, quiesce.drain_requests, faults);
     }},
    {"upgrade_modules", read_upgrade_modules},
}};

}  // namespace

void read_quiesce(const YamlNode& node, Quiesce& quiesce, Faults& faults) {
  read_map(node, "`quiesce`", keys, quiesce, faults);
}

}  // namespace relup::policy
