// SPDX-License-Identifier: Apache-2.0
//
// yaml-cpp reports what it reads as events, in file order; Builder makes a tree of them. Its own
// tree (YAML::Node) would drop repeated keys and tells less of places. The only file that knows
// yaml-cpp.
//
// Three things keep hostile texts harmless. What is no text is refused before yaml-cpp sees it,
// which would guess at UTF-16 otherwise. A nesting deeper than any policy has ends the reading
// while it is shallow. And aliases of aliases, which can blow a few lines up to billions of nodes,
// are counted in full.

#include "policy/yaml_node.hpp"

#include <algorithm>
#include <istream>
#include <sstream>
#include <unordered_map>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "policy/scalar_places.hpp"
#include "term/utf8.hpp"

namespace relup::policy {
namespace {

constexpr std::size_t longest_text = 1U << 20U;
constexpr std::size_t deepest = 16;       // a full policy is 7 deep
constexpr std::size_t largest = 1000000;  // nobody gets there without aliases
constexpr std::size_t bytes_of_a_node = 8;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class Builder : public YAML::EventHandler {
 public:
  // The text that yaml-cpp reads begins at `first` of `text`.
  Builder(std::string_view text, std::size_t first) : text_(text), first_(first) {}

  YamlPointer document() { return root_ ? root_ : std::make_shared<const YamlNode>(); }

  Span place(const YAML::Mark& mark) const {
    const auto offset = mark.pos < 0 ? 0 : first_ + static_cast<std::size_t>(mark.pos);
    const auto begin = static_cast<std::uint32_t>(std::min(offset, text_.size()));
    return {begin, begin + 1};
  }

 private:
  using Made = std::shared_ptr<YamlNode>;
  struct Open {
    Made node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    YamlPointer key;  // of a map, while its value is awaited
  };

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw YamlFault{place(mark), "a second document", "expected one document"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::list, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::map, mark), anchor);
  }
  void OnMapEnd() override { close(); }

  Made make(YamlNode::Kind kind, const YAML::Mark& mark);
  void open(Made node, YAML::anchor_t anchor);
  std::uint32_t end_of(const YamlNode& node) const;
  void close();
  void add(YamlPointer node, YAML::anchor_t anchor);
  void grow(YamlNode& node, const YamlNode& part) const;

  std::string_view text_;
  std::size_t first_;
  std::vector<Open> open_;  // the innermost last
  std::unordered_map<YAML::anchor_t, YamlPointer> anchors_;
  std::uint32_t end_ = 0;  // of what was read last
  YamlPointer root_;
};

// The place of a node is that of its content: an anchor or a tag in front does not count.
Builder::Made Builder::make(YamlNode::Kind kind, const YAML::Mark& mark) {
  auto node = std::make_shared<YamlNode>();
  node->kind = kind;
  std::size_t at = place(mark).begin;
  while (kind != YamlNode::Kind::nothing && at < text_.size() &&
         (text_[at] == '&' || text_[at] == '!')) {
    at = text_.find_first_not_of(" \t\r\n", text_.find_first_of(" \t\r\n", at));
  }
  const auto begin = static_cast<std::uint32_t>(std::min(at, text_.size()));
  node->span = {begin, begin + 1};
  return node;
}

// The mark of a value that is not there may be that of whatever comes next, lines below its key.
void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Made node = make(YamlNode::Kind::nothing, mark);
  const bool is_value = !open_.empty() && open_.back().key;
  if (is_value) node->span = {open_.back().key->span.end, open_.back().key->span.end + 1};
  add(node, anchor);
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  const Made node = make(YamlNode::Kind::scalar, mark);
  node->text = value;
  node->size += value.size() / bytes_of_a_node;
  node->style = tag == "?" ? YamlNode::Style::plain : YamlNode::Style::quoted;
  const auto places = scalar_places(text_, node->span.begin, value);
  if (places) node->span.end = places->end;
  add(node, anchor);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    throw YamlFault{place(mark), "an alias inside of what it names", ""};
  }
  add(found->second, YAML::NullAnchor);
  end_ = place(mark).end;
}

void Builder::open(Made node, YAML::anchor_t anchor) {
  if (open_.size() == deepest) {
    throw YamlFault{node->span, "nested more than " + std::to_string(deepest) + " deep", ""};
  }
  open_.push_back({std::move(node), anchor, nullptr});
}

// A list or map ends after what was read last, or after its bracket.
std::uint32_t Builder::end_of(const YamlNode& node) const {
  const std::uint32_t end = std::max(node.span.end, end_);
  if (node.span.begin == text_.size()) return end;
  const char opening = text_[node.span.begin];
  const char closing = opening == '{' ? '}' : ']';
  const std::size_t at = text_.find_first_not_of(" \t\r\n,", end);
  const bool has_bracket = (opening == '{' || opening == '[') && at < text_.size();
  return has_bracket && text_[at] == closing ? static_cast<std::uint32_t>(at + 1) : end;
}

void Builder::close() {
  const Open closed = std::move(open_.back());
  open_.pop_back();
  closed.node->span.end = end_of(*closed.node);
  add(closed.node, closed.anchor);
}

void Builder::add(YamlPointer node, YAML::anchor_t anchor) {
  end_ = std::max(end_, node->span.end);
  if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  grow(*parent.node, *node);
  if (parent.node->kind == YamlNode::Kind::list) {
    parent.node->items.push_back(std::move(node));
  } else if (!parent.key) {
    parent.key = std::move(node);
  } else {
    parent.node->entries.push_back({std::move(parent.key), std::move(node)});
    parent.key = nullptr;
  }
}

void Builder::grow(YamlNode& node, const YamlNode& part) const {
  node.size += part.size;
  node.height = std::max(node.height, part.height + 1);
  if (node.size <= largest && node.height <= deepest) return;
  throw YamlFault{node.span, "aliases make this too large", ""};
}

// What cannot be YAML, or is more of it than a person writes.
std::optional<YamlFault> check_text(std::string_view text) {
  if (text.size() > longest_text) return YamlFault{{0, 1}, "longer than 1 MiB", ""};
  const auto at = static_cast<std::uint32_t>(valid_utf8_prefix(text));
  if (at < text.size()) return YamlFault{{at, at + 1}, "a byte that is not valid UTF-8", ""};
  const auto control = std::find_if(text.begin(), text.end(), [](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value == 0x7F || (value < 0x20 && byte != '\t' && byte != '\r' && byte != '\n');
  });
  if (control == text.end()) return std::nullopt;
  const auto place = static_cast<std::uint32_t>(control - text.begin());
  return YamlFault{{place, place + 1}, "a control character", ""};
}

// What helps with the slips that everybody makes once.
std::string hint_at(const SourceText& source, Span place) {
  if (source.text(place) == "*") return "a name that begins with `*` stands in quotes";
  const std::string_view line = source.line(source.position(place.begin).line);
  const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
  if (indentation.find('\t') == std::string_view::npos) return "";
  return "YAML is indented with spaces, never with tabs";
}

}  // namespace

std::variant<YamlPointer, YamlFault> parse_yaml(const SourceText& source) {
  if (const auto fault = check_text(source.text())) return *fault;
  const std::size_t first = source.text().starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  Builder builder(source.text(), first);
  try {
    std::istringstream text{std::string(source.text().substr(first))};
    YAML::Parser parser(text);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const Span place = builder.place(error.mark);
    return YamlFault{place, "not YAML: " + error.msg, hint_at(source, place)};
  } catch (const YamlFault& fault) {
    return fault;
  }
  return builder.document();
}

}  // namespace relup::policy
