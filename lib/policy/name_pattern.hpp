// SPDX-License-Identifier: Apache-2.0
#pragma once

// A name of an application or a module, in which `*` stands for any text, also for none.

#include <string>
#include <string_view>

namespace relup::policy {

class NamePattern {
 public:
  explicit NamePattern(std::string text) : text_(std::move(text)) {}

  bool matches(std::string_view name) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Whether `text` can name an application or a module, or is a pattern of such names: some text
// without blanks and without the marks that neither Erlang nor Elixir has in these names.
bool is_name_pattern(std::string_view text);
// The same for a name that is no pattern and no longer than an atom may be.
bool is_one_name(std::string_view text);

}  // namespace relup::policy
