// SPDX-License-Identifier: Apache-2.0
#include "merge/merge_appup.hpp"

#include "merge/merge_entries.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::merge {
namespace {

Diagnostic cannot_merge(const Source& source, Span span, const std::string& why) {
  Diagnostic warning;
  warning.rule = "appup-base";
  warning.severity = Severity::warning;
  warning.message = why + ": what relup would write now is not merged into this file";
  warning.file = source->name();
  warning.source = source;
  warning.span = span;
  warning.notes = {
      "it counts as it is; to have it merged again, generate a new one in its place "
      "and repeat the edits there"};
  return warning;
}

std::string with_version(const EditedFile& edited, const std::string& version,
                         const std::string& up, const std::string& down) {
  const SourceText& source = *edited.appup.source;
  const Span at = edited.appup.version.span();
  const Span ups = edited.appup.up.span();
  const Span downs = edited.appup.down.span();
  const auto size = static_cast<std::uint32_t>(source.text().size());
  const bool is_same = edited.appup.version == Term::string(version);
  const auto part = [&](std::uint32_t begin, std::uint32_t end) {
    return std::string(source.text({begin, end}));
  };
  return part(0, at.begin) + (is_same ? part(at.begin, at.end) : print(Term::string(version))) +
         part(at.end, ups.begin) + up + part(ups.end, downs.begin) + down + part(downs.end, size);
}

std::string replace_heading(std::string text, const std::string& application,
                            const Term& old_version, const std::string& version) {
  const auto old = old_version.text();
  const std::string heading_then = old ? appup::heading(application, *old) : "";
  const std::size_t at = old ? text.find(heading_then) : std::string::npos;
  if (at == std::string::npos) return text;
  return text.replace(at, heading_then.size(), appup::heading(application, version));
}

MergeResult merge_parsed(const EditedFile& edited, const appup::AppupDocument& document,
                         const std::string& application) {
  const std::string before(edited.appup.source->text());
  Diagnostics conflicts;
  const auto up = merge_entries(edited, appup::Direction::up, document.up, conflicts);
  const auto down = merge_entries(edited, appup::Direction::down, document.down, conflicts);
  if (!up || !down) {
    const Span span = edited.entries(up ? appup::Direction::down : appup::Direction::up).span();
    return {before, {cannot_merge(edited.appup.source, span, "not a plain list `[A, B]`")}};
  }
  if (!conflicts.empty()) return {before, std::move(conflicts)};
  const std::string merged = replace_heading(with_version(edited, document.version, *up, *down),
                                             application, edited.appup.version, document.version);
  return {appup::replace_mark(appup::replace_record(merged, appup::record_of(document)),
                              appup::generated_text(application, document)),
          {}};
}

}  // namespace

MergeResult merge_appup(const std::string& name, const std::string& edited,
                        const appup::AppupDocument& document, const std::string& application) {
  const auto record = appup::read_record(edited);
  if (std::holds_alternative<appup::NoRecord>(record)) return {edited, {}};
  const auto read = read_first_term(name, edited, Dialect::otp27, Encoded::whole_file);
  const auto* fault = std::get_if<TermFault>(&read);
  const Source& source = fault != nullptr ? fault->source : std::get<TermFile>(read).source;
  if (source == nullptr) return {edited, {}};
  if (source->text() != edited) return {edited, {cannot_merge(source, {}, "not UTF-8")}};
  if (const auto* damaged = std::get_if<appup::DamagedRecord>(&record)) {
    return {edited,
            {cannot_merge(source, damaged->span, "the record of what was generated is damaged")}};
  }
  if (fault != nullptr) return {edited, {}};
  const TermFile& file = std::get<TermFile>(read);
  const auto appup = appup::read_appup_term(file.term, source);
  if (!appup) return {edited, {}};
  return merge_parsed({*appup, file.comments, std::get<appup::GenerationRecord>(record)}, document,
                      application);
}

}  // namespace relup::merge
