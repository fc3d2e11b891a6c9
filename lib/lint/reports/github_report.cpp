// SPDX-License-Identifier: Apache-2.0
#include "lint/reports/github_report.hpp"

namespace relup::lint {
namespace {

enum class Part { property, message };

// A property ends at a comma and a command at a line break; GitHub takes them percent-encoded.
std::string escaped(std::string_view text, Part part) {
  std::string out;
  for (const char byte : text) {
    const bool ends_property = part == Part::property && (byte == ':' || byte == ',');
    if (byte == '%') {
      out += "%25";
    } else if (byte == '\r') {
      out += "%0D";
    } else if (byte == '\n') {
      out += "%0A";
    } else if (ends_property) {
      out += byte == ':' ? "%3A" : "%2C";
    } else {
      out += byte;
    }
  }
  return out;
}

std::string_view command_of(Severity severity) {
  return severity == Severity::note ? "notice" : to_string(severity);
}

// GitHub drops an annotation that has columns and spans several lines.
std::string place_of(const SourceText& source, Span span) {
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  const bool has_columns = begin.line == end.line;
  std::string place = "line=" + std::to_string(begin.line) + ",";
  if (has_columns) place += "col=" + std::to_string(begin.column) + ",";
  place += "endLine=" + std::to_string(end.line) + ",";
  if (has_columns) place += "endColumn=" + std::to_string(end.column) + ",";
  return place;
}

std::string command(const Diagnostic& finding) {
  std::string line = "::" + std::string(command_of(finding.severity)) + " ";
  if (!finding.file.empty()) line += "file=" + escaped(finding.file, Part::property) + ",";
  if (finding.source) line += place_of(*finding.source, finding.span);
  const std::string code = finding.code.empty() ? "" : finding.code + " ";
  line += "title=" + escaped("relup " + code + finding.rule, Part::property) + "::";
  std::string message = finding.message;
  for (const std::string& note : finding.notes)
    message += "\n" + note;
  return line + escaped(message, Part::message) + "\n";
}

}  // namespace

std::string github_report(const Diagnostics& findings) {
  std::string text;
  for (const Diagnostic& finding : findings)
    text += command(finding);
  return text;
}

}  // namespace relup::lint
