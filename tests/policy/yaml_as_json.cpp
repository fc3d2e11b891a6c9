// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml_as_json.hpp"

#include <charconv>
#include <stdexcept>

#include "policy/yaml_node.hpp"

namespace relup::policy {
namespace {

using nlohmann::json;

json scalar(const YamlNode& node) {
  if (node.style == YamlNode::Style::quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  std::int64_t number = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  return node.text;
}

json converted(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing:
      return nullptr;
    case YamlNode::Kind::scalar:
      return scalar(node);
    case YamlNode::Kind::list: {
      json list = json::array();
      for (const YamlPointer& item : node.items)
        list.push_back(converted(*item));
      return list;
    }
    case YamlNode::Kind::map:
      break;
  }
  json map = json::object();
  for (const YamlEntry& entry : node.entries)
    map[entry.key->text] = converted(*entry.value);
  return map;
}

}  // namespace

json yaml_as_json(const std::string& text) {
  const auto parsed = parse_yaml(SourceText("relup.yaml", text));
  const auto* root = std::get_if<YamlPointer>(&parsed);
  if (root == nullptr) throw std::runtime_error(std::get<YamlFault>(parsed).message);
  return converted(**root);
}

}  // namespace relup::policy
