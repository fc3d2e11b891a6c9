// SPDX-License-Identifier: Apache-2.0
//
// The Dbgi chunk is one term, {debug_info_v1, Backend, Data}, usually compressed. For Erlang, Data
// holds the list of forms; for Elixir, a map with the list of definitions. One walk over the bytes
// notes where every function and every record lies.

#include "beam/source/source_code.hpp"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "base/error.hpp"
#include "beam/file/atom_table.hpp"
#include "beam/source/abstract_code.hpp"
#include "term/external.hpp"
#include "term/external_cursor.hpp"

namespace relup::beam {
namespace {

// Abstract code nests deeply where the source has long lists, for each element lies in the one
// before.
constexpr std::size_t deepest = 4000;
// The largest debug information of OTP and Elixir themselves unpacks to less than 6 MiB.
constexpr std::size_t most_unpacked = 16U << 20U;
constexpr std::size_t most_terms = 250'000;           // of one form
constexpr std::size_t most_terms_in_all = 4'000'000;  // that are made and thrown away again
constexpr ExternalLimits limits{.depth = deepest, .terms = most_terms};
// Headers are included at the top; most of them fit into this.
constexpr std::size_t usual_head = 32U << 10U;

// Finds {attribute, Anno, file, {Path, Line}} and {attribute, Anno, record, {Name, Fields}} in the
// order of the text: a record belongs to the file that was named last.
class RecordFinder {
 public:
  struct Record {
    std::string_view name;
    ExternalCursor fields;  // before them
    std::string header;     // empty for the module's own
  };

  // `form` stands after the tag of an attribute.
  std::optional<Record> take(ExternalCursor form) {
    form.skip();
    if (!form.is_at_atom()) return std::nullopt;
    const std::string_view name = form.take_atom();
    if (name == "file") {
      form.enter_tuple();
      note_file(form);
    } else if (name == "record" && form.enter_tuple() == 2) {
      const std::string_view record = form.take_atom();
      return Record{record, form, header_};
    }
    return std::nullopt;
  }

 private:
  void note_file(ExternalCursor& path) {
    const std::filesystem::path file(path.take_term(limits).text().value_or(""));
    header_ = file.extension() == ".hrl" ? file.filename().string() : "";
  }

  std::string header_;
};

enum class Language { none, erlang, elixir };

// Moves `cursor` to the forms, or to the map, and says which of the two it is.
Language enter_debug_info(ExternalCursor& cursor) {
  if (cursor.enter_tuple() != 3 || cursor.take_atom() != "debug_info_v1") return Language::none;
  const bool is_erlang = cursor.take_atom() == "erl_abstract_code";
  if (!cursor.is_at_tuple()) return Language::none;
  const std::uint32_t size = cursor.enter_tuple();
  if (is_erlang) return size == 2 && cursor.is_at_list() ? Language::erlang : Language::none;
  const bool is_known = size == 3 && cursor.is_at_atom() && cursor.take_atom() == "elixir_v1";
  return is_known ? Language::elixir : Language::none;
}

void collect_structures(const Term& quoted, std::set<std::string>& found) {
  const Term::Elements* parts = tuple_of(quoted, 3);
  if (parts != nullptr && (*parts)[0].is_atom("%") && !elements_of((*parts)[2]).empty()) {
    found.insert(name_of(elements_of((*parts)[2]).front()));
  }
  const Term::Elements* inside = quoted.as_tuple();
  if (inside == nullptr) inside = quoted.as_list();
  if (inside == nullptr) return;
  for (const Term& part : *inside)
    collect_structures(part, found);
}

}  // namespace

class SourceReader {
 public:
  explicit SourceReader(std::string bytes) { code_.bytes_ = std::move(bytes); }

  std::optional<SourceCode> read() {
    ExternalCursor cursor(code_.bytes_);
    switch (enter_debug_info(cursor)) {
      case Language::erlang:
        read_forms(cursor);
        return std::move(code_);
      case Language::elixir:
        read_definitions(cursor);
        return std::move(code_);
      case Language::none:
        break;
    }
    return std::nullopt;
  }

 private:
  void read_forms(ExternalCursor& cursor) {
    code_.read_function_ = read_erlang_function;
    RecordFinder records;
    for (std::uint32_t left = cursor.enter_list(); left > 0; --left) {
      const std::size_t begin = cursor.offset();
      ExternalCursor form = cursor;
      cursor.skip();
      const std::uint32_t size = form.enter_tuple();
      const std::string_view tag = form.take_atom();
      if (tag == "attribute") note_record(records.take(form));
      if (tag != "function" || size != 5) continue;
      form.skip();
      const std::string name(form.take_atom());
      add(name, form.take_integer(), {begin, cursor.offset()});
    }
  }

  void note_record(std::optional<RecordFinder::Record> record) {
    if (!record) return;
    const std::size_t begin = record->fields.offset();
    record->fields.skip();
    code_.records_[std::string(record->name)] = {{begin, record->fields.offset()},
                                                 std::move(record->header)};
  }

  void read_definitions(ExternalCursor& cursor) {
    code_.read_function_ = read_elixir_function;
    for (std::uint32_t left = cursor.enter_map(); left > 0; --left) {
      if (cursor.take_atom() == "definitions") {
        read_each_definition(cursor);
      } else {
        cursor.skip();
      }
    }
  }

  void read_each_definition(ExternalCursor& cursor) {
    const bool is_empty = !cursor.is_at_list();
    std::uint32_t left = is_empty ? 0 : cursor.enter_list();
    const bool has_tail = left > 0;
    for (; left > 0; --left) {
      const std::size_t begin = cursor.offset();
      ExternalCursor definition = cursor;
      cursor.skip();
      definition.enter_tuple();
      definition.enter_tuple();
      const std::string name(definition.take_atom());
      add(name, definition.take_integer(), {begin, cursor.offset()});
    }
    if (has_tail || is_empty) cursor.skip();
  }

  void add(const std::string& name, std::int64_t arity, SourceCode::Place place) {
    code_.places_.emplace(SourceCode::Name(name, static_cast<unsigned>(arity)), place);
  }

  SourceCode code_;
};

bool Expression::is_atom(std::string_view atom) const {
  return kind == Kind::literal && value.is_atom(atom);
}

// None where the form has more than `terms_left` terms, or nests deeper than we follow.
std::optional<Term> SourceCode::form_at(const Place& place, std::size_t& terms_left) const {
  const std::string_view form =
      std::string_view(bytes_).substr(place.begin, place.end - place.begin);
  const std::size_t terms = ExternalCursor(form).skip();
  try {
    if (terms <= std::min(terms_left, most_terms)) {
      terms_left -= terms;
      return ExternalCursor(form).take_term(limits);
    }
  } catch (const Error&) {  // it nests too deeply
  }
  extent_ = Extent::part;
  return std::nullopt;
}

const SourceFunction* SourceCode::find(std::string_view name, unsigned arity) const {
  const Name wanted(name, arity);
  auto known = read_.find(wanted);
  if (known == read_.end()) {
    const auto place = places_.find(wanted);
    if (place == places_.end()) return nullptr;
    const auto form = form_at(place->second, terms_left_);
    SourceFunction nothing{wanted.first, arity, {}, Extent::nothing};
    known = read_.emplace(wanted, form ? read_function_(*form) : std::move(nothing)).first;
  }
  if (known->second.extent != Extent::whole) extent_ = Extent::part;
  return known->second.extent == Extent::nothing ? nullptr : &known->second;
}

std::optional<RecordDefinition> SourceCode::record(const std::string& name) const {
  const auto found = records_.find(name);
  if (found == records_.end()) return std::nullopt;
  const auto fields = form_at(found->second.fields, terms_left_);
  if (!fields) return std::nullopt;
  return RecordDefinition{read_record_fields(*fields), found->second.header};
}

std::optional<std::set<std::string>> SourceCode::used_structures() const {
  std::set<std::string> used;
  if (read_function_ != read_elixir_function) return used;
  std::size_t terms_left = most_terms_in_all;
  for (const auto& named : places_) {
    const auto form = form_at(named.second, terms_left);
    if (!form) return std::nullopt;
    collect_structures(*form, used);
  }
  return used;
}

std::optional<SourceCode> read_source_code(const BeamFile& file) {
  const Chunk* chunk = file.find("Dbgi");
  if (chunk == nullptr || chunk->size == 0) return std::nullopt;
  try {
    std::string bytes = unpack_external(file.data(*chunk), most_unpacked + 1);
    if (bytes.size() > most_unpacked) return SourceCode::unread();
    return SourceReader(std::move(bytes)).read();
  } catch (const Error&) {
    return std::nullopt;  // encrypted, or of a backend that we do not know
  }
}

namespace {

using Names = std::unordered_set<std::string_view>;

// None when the first `most` bytes end before a function begins.
std::optional<RecordDefinitions> read_head(std::string_view chunk, const Names& known,
                                           std::size_t most) {
  const std::string bytes = unpack_external(chunk, most);
  ExternalCursor cursor(bytes);
  RecordFinder finder;
  RecordDefinitions records;
  try {
    if (enter_debug_info(cursor) != Language::erlang) return RecordDefinitions();
    for (std::uint32_t left = cursor.enter_list(); left > 0; --left) {
      ExternalCursor form = cursor;
      form.enter_tuple();
      if (form.take_atom() != "attribute") break;
      cursor.skip();
      auto record = finder.take(form);
      if (!record || record->header.empty() || !known.contains(record->name)) continue;
      records[std::string(record->name)] = {read_record_fields(record->fields.take_term(limits)),
                                            record->header};
    }
  } catch (const Error&) {
    if (bytes.size() == most) return std::nullopt;
    return RecordDefinitions();
  }
  return records;
}

}  // namespace

RecordDefinitions read_header_records(const BeamFile& file) {
  const Chunk* chunk = file.find("Dbgi");
  if (chunk == nullptr || chunk->size == 0) return {};
  const std::vector<std::string_view> atoms = AtomTable(file).names();
  const Names known(atoms.begin(), atoms.end());
  for (std::size_t most = usual_head; most < most_unpacked; most *= 4) {
    try {
      if (auto records = read_head(file.data(*chunk), known, most)) return std::move(*records);
    } catch (const Error&) {
      break;
    }
  }
  return {};
}

bool mentions(const Term& term, Atom name) {
  const auto any = [name](const Term::Elements& elements) {
    return std::any_of(elements.begin(), elements.end(),
                       [name](const Term& element) { return mentions(element, name); });
  };
  if (const Atom* atom = term.as_atom()) return *atom == name;
  if (const Term::Elements* elements = term.as_tuple()) return any(*elements);
  if (const Term::Pairs* pairs = term.as_map()) {
    return std::any_of(pairs->begin(), pairs->end(), [name](const auto& pair) {
      return mentions(pair.first, name) || mentions(pair.second, name);
    });
  }
  const Term::Elements* elements = term.as_list();
  return elements != nullptr &&
         (any(*elements) || (term.tail() != nullptr && mentions(*term.tail(), name)));
}

const Term::Elements* tuple_of(const Term& form, std::size_t size) {
  const Term::Elements* elements = form.as_tuple();
  return elements != nullptr && elements->size() == size ? elements : nullptr;
}

const Term* map_value(const Term& map, std::string_view key) {
  if (map.as_map() == nullptr) return nullptr;
  for (const auto& [name, value] : *map.as_map()) {
    if (name.is_atom(key)) return &value;
  }
  return nullptr;
}

const Term::Elements& elements_of(const Term& list) {
  static const Term::Elements none;
  return list.is_proper_list() ? *list.as_list() : none;
}

std::string name_of(const Term& atom) {
  return atom.as_atom() == nullptr ? "" : atom.as_atom()->name();
}

Expression make_expression(Expression::Kind kind, const Term& form) {
  Expression expression;
  expression.kind = kind;
  expression.form = form;
  return expression;
}

Expression make_literal(const Term& value, const Term& form) {
  Expression expression = make_expression(Expression::Kind::literal, form);
  expression.value = value;
  return expression;
}

Expression make_variable(const Term& name, const Term& form) {
  Expression expression = make_expression(Expression::Kind::variable, form);
  expression.name = name_of(name);
  return expression;
}

}  // namespace relup::beam
