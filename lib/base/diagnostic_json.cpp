// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic_json.hpp"

namespace relup {
namespace {

// Lines and columns for people and editors, bytes for programs.
void add_place(const SourceText& source, Span span, Json& json) {
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  json["line"] = begin.line;
  json["column"] = begin.column;
  json["end_line"] = end.line;
  json["end_column"] = end.column;
  json["offset"] = span.begin;
  json["end_offset"] = span.end;
}

Json fix_json(const Fix& fix, const SourceText& source) {
  Json edits = Json::array();
  for (const Edit& edit : fix.edits) {
    Json json;
    add_place(source, edit.span, json);
    json["text"] = edit.text;
    edits.push_back(std::move(json));
  }
  return {{"title", fix.title}, {"edits", std::move(edits)}};
}

}  // namespace

Json to_json(const Diagnostic& diagnostic) {
  Json json;
  json["rule"] = diagnostic.rule;
  if (!diagnostic.code.empty()) json["code"] = diagnostic.code;
  json["severity"] = to_string(diagnostic.severity);
  json["message"] = diagnostic.message;
  json["file"] = diagnostic.file.empty() ? Json() : Json(diagnostic.file);
  if (diagnostic.source) add_place(*diagnostic.source, diagnostic.span, json);
  if (!diagnostic.notes.empty()) json["notes"] = diagnostic.notes;
  if (!diagnostic.otp.empty()) {
    json[diagnostic.severity == Severity::error ? "otp" : "otp_warning"] = diagnostic.otp;
  }
  if (diagnostic.fix && diagnostic.source) {
    json["fix"] = fix_json(*diagnostic.fix, *diagnostic.source);
  }
  return json;
}

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics)
    list.push_back(to_json(diagnostic));
  return list;
}

}  // namespace relup
