// SPDX-License-Identifier: Apache-2.0
#include "base/regex.hpp"

#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace relup {
namespace {

// Steps that a match may take. Version patterns need dozens; a pattern built to explode needs more
// than there are.
constexpr std::uint32_t match_limit = 1'000'000;

std::string message_of(int code) {
  std::string text(256, '\0');
  const int length =
      pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(text.data()), text.size());
  text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return text;
}

PCRE2_SPTR bytes_of(const std::string& text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

RegexMatch match_regex(const std::string& pattern, const std::string& text) {
  int error = 0;
  PCRE2_SIZE at = 0;
  const std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> code(
      pcre2_compile(bytes_of(pattern), pattern.size(), PCRE2_UTF, &error, &at, nullptr),
      pcre2_code_free);
  if (!code) return {false, message_of(error) + " at character " + std::to_string(at + 1)};
  const std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), match_limit);
  const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
      pcre2_match_data_create_from_pattern(code.get(), nullptr), pcre2_match_data_free);
  const int found =
      pcre2_match(code.get(), bytes_of(text), text.size(), 0, 0, data.get(), context.get());
  if (found < 0) return {};
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  return {ends[0] == 0 && ends[1] == text.size(), ""};
}

}  // namespace relup
