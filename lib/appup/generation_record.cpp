// SPDX-License-Identifier: Apache-2.0
#include "appup/generation_record.hpp"

#include <algorithm>
#include <optional>

#include "base/digest.hpp"
#include "term/parser.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view mark = "%% relup:base ";
constexpr std::string_view continued = "\n%% relup:base   ";
constexpr std::size_t widest = 100;
constexpr std::size_t digest_digits = 8;

std::string_view name_of(Direction direction) {
  return direction == Direction::up ? "up" : "down";
}

Term to_term(const Fingerprint& fingerprint) {
  const Term digest = Term::string(fingerprint.digest);
  return fingerprint.module ? Term::tuple({Term(*fingerprint.module), digest}) : digest;
}

// Broken where they get too long.
std::string lines_of(const RecordedEntry& entry) {
  std::string text = std::string(mark) + "{" + std::string(name_of(entry.direction)) + ", " +
                     print(Term::string(entry.version)) + ", [";
  std::size_t column = text.size();
  for (std::size_t i = 0; i < entry.instructions.size(); ++i) {
    const bool is_last = i + 1 == entry.instructions.size();
    const std::string item = one_line_text(to_term(entry.instructions[i])) + (is_last ? "" : ",");
    const bool breaks = i > 0 && column + 1 + item.size() > widest;
    const std::string_view space = i == 0 ? "" : breaks ? continued : " ";
    text.append(space).append(item);
    column = (breaks ? continued.size() - 1 : column + space.size()) + item.size();
  }
  return text + "]}.\n";
}

// Of what the entries say, however their lines are broken.
std::string digest_of(const std::vector<RecordedEntry>& entries) {
  std::string text;
  for (const RecordedEntry& entry : entries) {
    text += std::string(name_of(entry.direction)) + print(Term::string(entry.version));
    for (const Fingerprint& instruction : entry.instructions)
      text += print(to_term(instruction));
  }
  return sha256_hex(text).substr(0, digest_digits);
}

std::optional<Fingerprint> read_fingerprint(const Term& term) {
  if (const auto digest = term.text()) return Fingerprint{std::nullopt, *digest};
  const Term::Elements* pair = term.as_tuple();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const Atom* module = pair->front().as_atom();
  const auto digest = pair->back().text();
  if (module == nullptr || !digest) return std::nullopt;
  return Fingerprint{*module, *digest};
}

std::optional<RecordedEntry> read_entry(const Term& term) {
  const bool is_up = term.is_tagged("up", 3);
  if (!is_up && !term.is_tagged("down", 3)) return std::nullopt;
  const auto version = (*term.as_tuple())[1].text();
  const Term& instructions = (*term.as_tuple())[2];
  if (!version || !instructions.is_proper_list()) return std::nullopt;
  RecordedEntry entry{is_up ? Direction::up : Direction::down, *version, {}};
  for (const Term& instruction : *instructions.as_list()) {
    const auto read = read_fingerprint(instruction);
    if (!read) return std::nullopt;
    entry.instructions.push_back(*read);
  }
  return entry;
}

std::optional<GenerationRecord> read_terms(const std::vector<ParsedTerm>& terms) {
  GenerationRecord record;
  if (terms.empty()) return std::nullopt;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) {
    const auto entry = read_entry(terms[i].term);
    if (!entry) return std::nullopt;
    record.entries.push_back(*entry);
  }
  const Term digest = tagged("digest", Term::string(digest_of(record.entries)));
  return terms.back().term == digest ? std::optional(record) : std::nullopt;
}

// The span of each line that belongs to a record, with its line break.
std::vector<Span> record_lines(std::string_view text) {
  std::vector<Span> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    if (line.substr(first).starts_with(mark)) {
      lines.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    }
    begin = end;
  }
  return lines;
}

}  // namespace

const Fingerprints* GenerationRecord::find(Direction direction, const std::string& version) const {
  for (const RecordedEntry& entry : entries) {
    if (entry.direction == direction && entry.version == version) return &entry.instructions;
  }
  return nullptr;
}

GenerationRecord record_of(const AppupDocument& document) {
  GenerationRecord record;
  const auto add = [&](Direction direction, const std::vector<VersionScript>& scripts) {
    for (const VersionScript& script : scripts) {
      record.entries.push_back({direction, script.version, {}});
      for (const Action& action : script.instructions)
        record.entries.back().instructions.push_back(fingerprint(appup::to_term(action)));
    }
  };
  add(Direction::up, document.up);
  add(Direction::down, document.down);
  return record;
}

std::string to_text(const GenerationRecord& record) {
  std::string text;
  for (const RecordedEntry& entry : record.entries)
    text += lines_of(entry);
  return text + std::string(mark) + "{digest, \"" + digest_of(record.entries) + "\"}.\n";
}

std::variant<GenerationRecord, NoRecord, DamagedRecord> read_record(std::string_view text) {
  const std::vector<Span> lines = record_lines(text);
  if (lines.empty()) return NoRecord();
  std::string terms;
  for (const Span line : lines) {
    const std::string_view whole = text.substr(line.begin, line.end - line.begin);
    terms += std::string(whole.substr(whole.find(mark) + mark.size())) + "\n";
  }
  const auto parsed = parse_terms(SourceText("relup:base", terms));
  const auto* read = std::get_if<std::vector<ParsedTerm>>(&parsed);
  const auto record = read == nullptr ? std::nullopt : read_terms(*read);
  if (record) return *record;
  return DamagedRecord{lines.front()};
}

std::string replace_record(std::string_view text, const GenerationRecord& record) {
  const std::vector<Span> lines = record_lines(text);
  std::string replaced;
  std::size_t at = 0;
  for (const Span line : lines) {
    replaced += text.substr(at, line.begin - at);
    if (line == lines.front()) replaced += to_text(record);
    at = line.end;
  }
  return replaced + std::string(text.substr(at));
}

}  // namespace relup::appup
