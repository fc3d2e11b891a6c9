// SPDX-License-Identifier: Apache-2.0
#include "policy/faults.hpp"

#include <map>

#include "base/nearest_name.hpp"
#include "base/words.hpp"

namespace relup::policy {
namespace {

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  if (text.size() <= longest) return "`" + std::string(text) + "`";
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return "`" + std::string(text.substr(0, end)) + "...`";
}

std::string described(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing:
      return "empty";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::scalar:
      break;
  }
  return quoted(node.text);
}

}  // namespace

void Faults::add(Span span, std::string message, std::string note) {
  Diagnostic fault;
  fault.rule = "policy";
  fault.message = std::move(message);
  fault.file = source_->name();
  fault.source = source_;
  fault.span = span;
  if (!note.empty()) fault.notes.push_back(std::move(note));
  found_.push_back(std::move(fault));
}

Diagnostics Faults::take() {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Diagnostic& left, const Diagnostic& right) {
                     return left.span.begin < right.span.begin;
                   });
  return std::move(found_);
}

void Faults::add_wrong(const YamlNode& node, std::string_view what, std::string_view right) {
  add(node.span, std::string(what) + " is " + described(node), "expected " + std::string(right));
}

void Faults::add_unknown_key(const YamlNode& key, const std::vector<std::string>& known) {
  const std::string meant = nearest_name(key.text, known);
  add(key.span, "unknown key " + quoted(key.text),
      meant.empty() ? "the keys here are " + joined(known) : "did you mean `" + meant + "`?");
}

void for_each_entry(const YamlNode& node, std::string_view what, Faults& faults,
                    const UseEntry& use) {
  if (node.kind == YamlNode::Kind::nothing) return;
  if (node.kind != YamlNode::Kind::map) return faults.add_wrong(node, what, "a map");
  std::map<std::string_view, Span> seen;
  for (const YamlEntry& entry : node.entries) {
    if (entry.key->kind != YamlNode::Kind::scalar) {
      faults.add_wrong(*entry.key, "this key", "a word");
      continue;
    }
    const auto [first, is_new] = seen.emplace(entry.key->text, entry.key->span);
    if (is_new) {
      use(*entry.key, *entry.value);
      continue;
    }
    const std::uint32_t line = faults.source()->position(first->second.begin).line;
    faults.add(entry.key->span, "the key " + quoted(entry.key->text) + " stands here again",
               "it stands in line " + std::to_string(line) + " already");
  }
}

void for_each_item(const YamlNode& node, std::string_view what, std::string_view right,
                   Faults& faults, const UseItem& use) {
  if (node.kind == YamlNode::Kind::nothing) return;
  if (node.kind != YamlNode::Kind::list) return faults.add_wrong(node, what, right);
  for (const YamlPointer& item : node.items)
    use(*item);
}

}  // namespace relup::policy
