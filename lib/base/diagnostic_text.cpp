// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic_text.hpp"

#include <algorithm>

#include "base/wrapped_text.hpp"

namespace relup {
namespace {

constexpr std::string_view bold = "\033[1m";
constexpr std::string_view reset = "\033[0m";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "\033[1;36m";
    case Severity::warning:
      return "\033[1;35m";
    case Severity::error:
      break;
  }
  return "\033[1;31m";
}

std::string styled(std::string_view text, std::string_view code, const TextStyle& style) {
  if (!style.colour) return std::string(text);
  return std::string(code) + std::string(text) + std::string(reset);
}

// Bytes of columns `begin` to `end` of `line`; control characters become spaces.
std::string cut(std::string_view line, std::size_t begin, std::size_t end) {
  std::string text;
  std::size_t column = 0;
  for (const char byte : line) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value & 0xC0U) != 0x80U) ++column;
    if (column <= begin || column > end) continue;
    text += value < 0x20 || value == 0x7F ? ' ' : byte;
  }
  return text;
}

// The source line and the marked place below it, both cut to the width of the terminal.
std::string excerpt(const Diagnostic& diagnostic, const TextStyle& style) {
  const SourceText& source = *diagnostic.source;
  const Position begin = source.position(diagnostic.span.begin);
  const Position end = source.position(std::max(diagnostic.span.end, diagnostic.span.begin));
  const std::string_view line = source.line(begin.line);
  const std::size_t length = count_columns(line);
  const std::size_t first = std::min<std::size_t>(begin.column - 1, length);
  const std::size_t last = end.line == begin.line ? end.column - 1 : length;

  const std::string number = std::to_string(begin.line);
  const std::string margin(number.size(), ' ');
  const std::size_t room = static_cast<std::size_t>(std::max(20, style.width)) -
                           std::min<std::size_t>(10, number.size() + 4);
  const std::size_t window = first > room * 2 / 3 ? first - room / 2 : 0;
  const std::size_t stop = std::min(length, window + room);
  const std::size_t marked = std::max<std::size_t>(1, std::min(last, stop) - std::min(first, stop));
  const std::string marks = "^" + std::string(marked - 1, '~');
  return " " + number + " | " + cut(line, window, stop) + "\n " + margin + " | " +
         std::string(first - window, ' ') + styled(marks, colour_of(diagnostic.severity), style) +
         "\n";
}

std::string place_of(const Diagnostic& diagnostic) {
  if (diagnostic.file.empty()) return "";
  std::string place = printable(diagnostic.file) + ":";
  if (diagnostic.source) {
    const Position begin = diagnostic.source->position(diagnostic.span.begin);
    place += std::to_string(begin.line) + ":" + std::to_string(begin.column) + ":";
  }
  return place + " ";
}

}  // namespace

std::string printable(std::string_view text, LineBreaks line_breaks) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char byte : text) {
    const auto value = static_cast<unsigned char>(byte);
    const bool kept_break = byte == '\n' && line_breaks == LineBreaks::keep;
    if ((value >= 0x20 && value != 0x7F) || kept_break) {
      out += byte;
    } else {
      out += {'\\', 'x', digits[value >> 4U], digits[value & 15U]};
    }
  }
  return out;
}

std::string to_text(const Diagnostic& diagnostic, const TextStyle& style) {
  std::string text = styled(place_of(diagnostic), bold, style);
  text += styled(std::string(to_string(diagnostic.severity)) + ":", colour_of(diagnostic.severity),
                 style);
  text += " " + printable(diagnostic.message) + " [" +
          (diagnostic.code.empty() ? "" : diagnostic.code + " ") + diagnostic.rule + "]\n";
  const bool has_place = diagnostic.source && !(diagnostic.span == Span{});
  if (has_place) text += excerpt(diagnostic, style);
  for (const std::string& note : diagnostic.notes)
    text += "   = " + printable(note) + "\n";
  if (style.show_otp && !diagnostic.otp.empty())
    text += "   = OTP: " + printable(diagnostic.otp) + "\n";
  return text;
}

std::string to_text(const Error& error, const TextStyle& style) {
  std::string text = styled("relup: error:", colour_of(Severity::error), style) + " " +
                     printable(error.message(), LineBreaks::keep) + "\n";
  for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
    text += "  because: " + printable(cause->message(), LineBreaks::keep) + "\n";
  }
  for (const Error* link = &error; link != nullptr; link = link->cause()) {
    if (link->hint().empty()) continue;
    text += "  " + styled("hint:", bold, style) + " " + printable(link->hint(), LineBreaks::keep) +
            "\n";
    break;
  }
  return text;
}

}  // namespace relup
