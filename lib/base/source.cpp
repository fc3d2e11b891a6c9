// SPDX-License-Identifier: Apache-2.0
#include "base/source.hpp"

#include <algorithm>

namespace relup {

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), line_begins_{0} {
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_begins_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::string_view SourceText::text(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

Position SourceText::position(std::uint32_t offset) const {
  const auto end = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), end);
  const auto line = static_cast<std::uint32_t>(after - line_begins_.begin());
  std::uint32_t column = 1;
  for (std::uint32_t at = line_begins_[line - 1]; at < end; ++at) {
    const bool continues_a_character = (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U;
    if (!continues_a_character) ++column;
  }
  return {line, column};
}

std::string_view SourceText::line(std::uint32_t number) const {
  const std::uint32_t begin = line_begin(number);
  std::string_view rest = std::string_view(text_).substr(begin);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::uint32_t SourceText::line_begin(std::uint32_t number) const {
  const std::uint32_t index = std::clamp<std::uint32_t>(number, 1, line_count()) - 1;
  return line_begins_[index];
}

Source make_source(std::string name, std::string text) {
  return std::make_shared<const SourceText>(std::move(name), std::move(text));
}

}  // namespace relup
