// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic_json.hpp"

#include <nlohmann/json.hpp>

namespace relup {

using Json = nlohmann::ordered_json;

Json to_json(const Diagnostic& diagnostic) {
  Json json;
  json["rule"] = diagnostic.rule;
  if (!diagnostic.code.empty()) json["code"] = diagnostic.code;
  json["severity"] = to_string(diagnostic.severity);
  json["message"] = diagnostic.message;
  json["file"] = diagnostic.file.empty() ? Json() : Json(diagnostic.file);
  if (diagnostic.source) {
    const Position begin = diagnostic.source->position(diagnostic.span.begin);
    const Position end = diagnostic.source->position(diagnostic.span.end);
    json["line"] = begin.line;
    json["column"] = begin.column;
    json["end_line"] = end.line;
    json["end_column"] = end.column;
    json["offset"] = diagnostic.span.begin;
    json["end_offset"] = diagnostic.span.end;
  }
  if (!diagnostic.notes.empty()) json["notes"] = diagnostic.notes;
  if (!diagnostic.otp.empty()) {
    json[diagnostic.severity == Severity::error ? "otp" : "otp_warning"] = diagnostic.otp;
  }
  return json;
}

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics)
    list.push_back(to_json(diagnostic));
  return list;
}

std::string dump(const Json& document, int indentation) {
  return document.dump(indentation, ' ', false, Json::error_handler_t::replace);
}

}  // namespace relup
