// SPDX-License-Identifier: Apache-2.0
#pragma once

// A text with a name, and places in it. A Span is a half-open range of byte offsets; SourceText
// turns an offset into the line and column that people count from one (columns count characters,
// not bytes) and hands out the line around it. Offsets past the end mean the end.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relup {

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceText {
 public:
  SourceText(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::string_view text(Span span) const;

  Position position(std::uint32_t offset) const;
  // Line `number` (from 1) without its line break.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_begin(std::uint32_t number) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_begins_.size()); }

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_begins_;
};

using Source = std::shared_ptr<const SourceText>;

Source make_source(std::string name, std::string text);

}  // namespace relup
