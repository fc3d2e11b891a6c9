// SPDX-License-Identifier: Apache-2.0
#include "release/app_file.hpp"

#include <array>
#include <unordered_set>

#include "base/file_system.hpp"
#include "term/big_integer.hpp"
#include "term/printer.hpp"

namespace relup::release {
namespace {

// `unicode:characters_to_list(S) =:= S`.
bool is_string(const Term& value) {
  return value.text().has_value();
}
bool is_atom_list(const Term& value) {
  return value.atoms().has_value();
}

bool is_key_list(const Term& value) {
  if (!value.is_proper_list()) return false;
  for (const Term& element : *value.as_list()) {
    const Term::Elements* pair = element.as_tuple();
    if (pair == nullptr || pair->size() != 2 || pair->front().as_atom() == nullptr) return false;
  }
  return true;
}

bool is_key_list_or_undefined(const Term& value) {
  return value.is_atom("undefined") || is_key_list(value);
}

bool is_limit(const Term& value) {
  if (const std::int64_t* small = value.as_small_integer()) return *small > 0;
  if (const BigInteger* big = value.as_big_integer()) return !big->is_negative();
  return value.is_atom("infinity");
}

bool is_start_module(const Term& value) {
  const Term::Elements* pair = value.as_tuple();
  return value.is_nil() ||
         (pair != nullptr && pair->size() == 2 && pair->front().as_atom() != nullptr);
}

struct Key {
  std::string_view name;
  bool (*is_right)(const Term&);
  std::string_view right;      // what a right value is, in words
  std::string_view otherwise;  // the value of an absent key as text; empty when it is required
};

// In the order in which systools looks at them.
constexpr std::array<Key, 13> keys{{
    {"vsn", is_string, "a string", ""},
    {"id", is_string, "a string", "[]"},
    {"description", is_string, "a string", ""},
    {"modules", is_atom_list, "a list of atoms", ""},
    {"registered", is_atom_list, "a list of atoms", ""},
    {"applications", is_atom_list, "a list of atoms", ""},
    {"optional_applications", is_atom_list, "a list of atoms", "[]"},
    {"included_applications", is_atom_list, "a list of atoms", "[]"},
    {"mod", is_start_module, "{Module, Args}", "[]"},
    {"start_phases", is_key_list_or_undefined, "a list of {Phase, Args}", "undefined"},
    {"env", is_key_list, "a list of {Key, Value}", "[]"},
    {"maxT", is_limit, "a positive integer or infinity", "infinity"},
    {"maxP", is_limit, "a positive integer or infinity", "infinity"},
}};

// `lists:keysearch/3`: the first tuple that begins with the key.
const Term* find_entry(const Term::Elements& entries, std::string_view key) {
  for (const Term& entry : entries) {
    const Term::Elements* parts = entry.as_tuple();
    if (parts != nullptr && !parts->empty() && parts->front().is_atom(key)) return &entry;
  }
  return nullptr;
}

Problem key_problem(std::string_view kind, const Key& key, Span span, const Term& application,
                    const Source& source) {
  const bool missing = kind == "missing_param";
  const std::string name(key.name);
  Problem problem = make_problem(
      missing ? "missing-app-key" : "bad-app-key", source, span,
      missing ? "no usable `" + name + "` in the application" : "bad value for `" + name + "`",
      Term::tuple({tagged(kind, Term::atom(key.name)), application}));
  problem.diagnostic.notes.push_back("expected {" + name + ", " + std::string(key.right) + "}");
  return problem;
}

std::optional<Term> read_key(const Key& key, const Term& application, const Source& source,
                             Problems& problems) {
  const Term* entry = find_entry(*(*application.as_tuple())[2].as_list(), key.name);
  const bool usable = entry != nullptr && entry->as_tuple()->size() == 2;
  if (usable && key.is_right((*entry->as_tuple())[1])) return (*entry->as_tuple())[1];
  if (entry == nullptr && !key.otherwise.empty()) {
    return key.otherwise == "[]" ? Term() : Term::atom(key.otherwise);
  }
  // A malformed `mod` is reported as if it were missing, and so is an entry of another size.
  const bool missing = !usable || key.name == "mod";
  problems.push_back(key_problem(missing ? "missing_param" : "bad_param", key,
                                 entry == nullptr ? application.span() : entry->span(), application,
                                 source));
  return std::nullopt;
}

// The names that stand more than once, each as often as it stands too much.
std::vector<Atom> repeated(const std::vector<Atom>& names) {
  std::vector<Atom> repeated;
  std::unordered_set<Atom> seen;
  for (const Atom name : names) {
    if (!seen.insert(name).second) repeated.push_back(name);
  }
  return repeated;
}

bool check_duplicates(const Key& key, const Term& value, const Term& application,
                      const Source& source, Problems& problems) {
  const std::vector<Atom> names = repeated(*value.atoms());
  if (names.empty()) return true;
  const Term reason = tagged("dupl_entry", Term::atom(key.name), atom_list(names));
  problems.push_back(make_problem(
      "duplicate-entry", source, value.span(),
      "`" + std::string(key.name) + "` names more than once: " + print(atom_list(names)),
      Term::tuple({reason, application})));
  return false;
}

}  // namespace

std::optional<AppFile> read_app_term(const Term& term, const Source& source, int otp_major,
                                     Problems& problems) {
  if (!term.is_tagged("application", 3) || (*term.as_tuple())[1].as_atom() == nullptr ||
      !(*term.as_tuple())[2].is_list()) {
    problems.push_back(
        make_problem("bad-app-file", source, term.span(),
                     "not an application resource: expected {application, Name, Keys}",
                     tagged("badly_formatted_application", term)));
    return std::nullopt;
  }
  std::array<Term, keys.size()> values;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::optional<Term> value = read_key(keys[i], term, source, problems);
    if (!value) return std::nullopt;
    if (otp_major >= 26 && keys[i].is_right == is_atom_list &&
        !check_duplicates(keys[i], *value, term, source, problems)) {
      return std::nullopt;
    }
    values[i] = *value;
  }
  return AppFile{*(*term.as_tuple())[1].as_atom(),
                 *values[0].text(),
                 *values[3].atoms(),
                 *values[4].atoms(),
                 *values[5].atoms(),
                 *values[6].atoms(),
                 *values[7].atoms(),
                 values[2],
                 values[1],
                 values[10],
                 values[8],
                 values[9],
                 values[11],
                 values[12],
                 source,
                 parent_path(source->name())};
}

}  // namespace relup::release
