// SPDX-License-Identifier: Apache-2.0
#pragma once

// A YAML document as a tree of values with places, so that everything behind it knows neither
// yaml-cpp nor its exceptions. Keys keep their order and may repeat: who reads the tree says so. An
// alias is the node that it names. Trees are small: what would be large or deep is a fault.

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/source.hpp"

namespace relup::policy {

struct YamlNode;
using YamlPointer = std::shared_ptr<const YamlNode>;

struct YamlEntry {
  YamlPointer key;
  YamlPointer value;
};

struct YamlNode {
  enum class Kind { nothing, scalar, list, map };
  enum class Style { plain, quoted };

  Kind kind = Kind::nothing;
  std::string text;            // of a scalar, as YAML reads it
  Style style = Style::plain;  // of a scalar; only a plain one can be a number
  std::vector<YamlPointer> items;
  std::vector<YamlEntry> entries;
  Span span;
  std::size_t size = 1;    // of the tree that begins here: its nodes, a long text as several
  std::size_t height = 1;  // how deep that tree is
};

struct YamlFault {
  Span span;
  std::string message;
  std::string note;  // what would be right; may be empty
};

// The one document of `source`; a text without any is a node of kind `nothing`.
std::variant<YamlPointer, YamlFault> parse_yaml(const SourceText& source);

}  // namespace relup::policy
