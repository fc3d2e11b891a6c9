// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is wrong with relup.yaml, collected while it is read, and the reading of maps by a table of
// keys: what is unknown, repeated or of a wrong kind is a fault, and the rest is read all the same.

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "policy/yaml_node.hpp"

namespace relup::policy {

class Faults {
 public:
  explicit Faults(Source source) : source_(std::move(source)) {}

  void add(Span span, std::string message, std::string note = "");
  // `what` names the node in the message, `right` says what it should have been.
  void add_wrong(const YamlNode& node, std::string_view what, std::string_view right);
  void add_unknown_key(const YamlNode& key, const std::vector<std::string>& known);

  const Source& source() const { return source_; }
  Diagnostics take();  // in file order

 private:
  Source source_;
  Diagnostics found_;
};

// Calls `use` with the key and the value of each entry of a map, once per key. A node that is
// nothing has no entries; one of another kind is a fault.
using UseEntry = std::function<void(const YamlNode& key, const YamlNode& value)>;
void for_each_entry(const YamlNode& node, std::string_view what, Faults& faults,
                    const UseEntry& use);

// The same for the items of a list.
using UseItem = std::function<void(const YamlNode& item)>;
void for_each_item(const YamlNode& node, std::string_view what, std::string_view right,
                   Faults& faults, const UseItem& use);

// A key that a map may have, and how its value gets into `target`.
template <typename Target>
struct Key {
  std::string_view name;
  void (*read)(const YamlNode& value, Target& target, Faults& faults);
};

template <typename Target, std::size_t count>
void read_map(const YamlNode& node, std::string_view what,
              const std::array<Key<Target>, count>& keys, Target& target, Faults& faults) {
  for_each_entry(node, what, faults, [&](const YamlNode& name, const YamlNode& value) {
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const auto& known) { return known.name == name.text; });
    if (key != keys.end()) return key->read(value, target, faults);
    std::vector<std::string> known;
    for (const auto& one : keys)
      known.emplace_back(one.name);
    faults.add_unknown_key(name, known);
  });
}

// One of a few words, each with what it means.
template <typename Value, std::size_t count>
using Choices = std::array<std::pair<std::string_view, Value>, count>;

template <typename Value, std::size_t count>
const Value* find_choice(const YamlNode& node, const Choices<Value, count>& choices) {
  if (node.kind != YamlNode::Kind::scalar) return nullptr;
  const auto found = std::find_if(choices.begin(), choices.end(),
                                  [&](const auto& choice) { return choice.first == node.text; });
  return found == choices.end() ? nullptr : &found->second;
}

// The same with a fault where it is none of them; `target` stays as it was then.
template <typename Value, std::size_t count, typename Target>
void read_choice(const YamlNode& node, std::string_view what, const Choices<Value, count>& choices,
                 Target& target, Faults& faults) {
  if (const Value* choice = find_choice(node, choices)) {
    target = *choice;
    return;
  }
  std::string right;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) right += i + 1 == count ? " or " : ", ";
    right += choices[i].first;
  }
  faults.add_wrong(node, what, right);
}

}  // namespace relup::policy
