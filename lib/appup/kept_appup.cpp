// SPDX-License-Identifier: Apache-2.0
#include "appup/kept_appup.hpp"

#include "appup/elixir_term.hpp"
#include "appup/placeholder.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

using Read = std::variant<KeptAppup, TermFault>;

// The version of an appup that was read with its placeholder in it.
std::optional<std::string> written_version(const Term& appup, const SourceText& source,
                                           const std::vector<Span>& placeholders) {
  const Term::Elements* parts = appup.as_tuple();
  if (!placeholders.empty()) return std::string(source.text(placeholders.front()));
  return parts == nullptr || parts->empty() ? std::nullopt : parts->front().text();
}

Term bound(const Term& term, const SourceText& source, const std::vector<Span>& placeholders,
           const std::optional<std::string>& version) {
  const auto written = written_version(term, source, placeholders);
  if (!written) return term;
  const bool is_quoted = placeholders.empty() && is_quoted_placeholder(*written);
  if (placeholders.empty() && !(is_quoted && version)) return term;
  return bind_version(term, placeholders, is_quoted ? written : std::nullopt,
                      version.value_or(*written));
}

Read read_plain(const std::string& name, std::string bytes, Dialect dialect) {
  auto read = read_first_term(name, std::move(bytes), dialect);
  if (auto* fault = std::get_if<TermFault>(&read)) return std::move(*fault);
  TermFile& file = std::get<TermFile>(read);
  return KeptAppup{AppupForm::plain, file, file.source};
}

Read read_template(const std::string& name, std::string bytes, Dialect dialect, AppupForm form,
                   const std::optional<std::string>& version) {
  const auto decoded = decode_source(name, bytes);
  const bool is_text = std::holds_alternative<Source>(decoded);
  const Source source = is_text ? std::get<Source>(decoded) : nullptr;
  const auto placeholders = is_text ? unquoted_placeholders(source->text()) : std::vector<Span>();
  if (placeholders.empty()) {
    Read plain = read_plain(name, std::move(bytes), dialect);
    if (auto* read = std::get_if<KeptAppup>(&plain)) {
      read->form = form;
      read->file.term = bound(read->file.term, *read->file.source, {}, version);
    }
    return plain;
  }
  const Source lexed = make_source(name, with_atoms(source->text(), placeholders));
  auto parsed = parse_first_term(*lexed, dialect);
  if (auto* error = std::get_if<SyntaxError>(&parsed)) return TermFault{*error, name, source};
  auto& term = std::get<ParsedTerm>(parsed);
  return KeptAppup{form,
                   {source, bound(term.term, *source, placeholders, version),
                    std::move(term.comments), term.full_stop},
                   lexed};
}

Read read_elixir(const std::string& name, std::string bytes,
                 const std::optional<std::string>& version) {
  const Source source = make_source(name, std::move(bytes));
  auto parsed = read_elixir_term(*source);
  if (auto* error = std::get_if<SyntaxError>(&parsed)) return TermFault{*error, name, source};
  auto& term = std::get<ElixirTerm>(parsed);
  return KeptAppup{AppupForm::elixir,
                   {source, bound(term.term, *source, term.placeholders, version),
                    std::move(term.comments), term.end},
                   nullptr};
}

// Where a placeholder was bound: a term that has the version, and is written otherwise.
void collect_bound(const Term& term, const SourceText& source, const std::string& version,
                   std::vector<Span>& places) {
  if (term.text() == version) {
    if (source.text(term.span()) != print(term)) places.push_back(term.span());
    return;
  }
  for (const Term::Elements* elements : {term.as_tuple(), term.as_list()}) {
    if (elements == nullptr) continue;
    for (const Term& element : *elements)
      collect_bound(element, source, version, places);
  }
}

}  // namespace

Read read_kept_appup(const std::string& name, std::string bytes, Dialect dialect,
                     const std::optional<std::string>& version) {
  const AppupForm form = form_of(name).value_or(AppupForm::erlang_template);
  if (form == AppupForm::plain) return read_plain(name, std::move(bytes), dialect);
  if (form == AppupForm::elixir) return read_elixir(name, std::move(bytes), version);
  return read_template(name, std::move(bytes), dialect, form, version);
}

std::string built_appup(const std::string& name, std::string bytes, const std::string& version) {
  const Read read = read_kept_appup(name, bytes, Dialect::otp27, version);
  const auto* kept = std::get_if<KeptAppup>(&read);
  if (kept == nullptr || kept->form == AppupForm::plain) return bytes;
  if (kept->form == AppupForm::elixir) return term_file(kept->file.term);
  std::vector<Span> places;
  collect_bound(kept->file.term, *kept->file.source, version, places);
  std::string text(kept->file.source->text());
  for (auto place = places.rbegin(); place != places.rend(); ++place)
    text.replace(place->begin, place->end - place->begin, print(Term::string(version)));
  return text;
}

}  // namespace relup::appup
