// SPDX-License-Identifier: Apache-2.0
//
// Two environments are walked side by side. Where both values are keyword lists or maps the walk
// goes inwards, so that one changed password of a repository does not print the whole repository.

#include "live/application_settings.hpp"

#include <algorithm>
#include <array>

#include "base/map_difference.hpp"
#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

constexpr std::string_view hidden = "(hidden)";

// Keys that Elixir and OTP keep for themselves.
bool is_internal(Atom application, Atom key) {
  const bool is_boot_state =
      application.name() == "elixir" && key.name().starts_with("config_provider_");
  return is_boot_state || key.name() == "included_applications";
}

// What kernel notes of its own start. Every install drops it, and nothing reads it later.
bool is_note_of_kernel(Atom application, Atom key) {
  return application.name() == "kernel" && (key.name() == "logger" || key.name() == "connect_all");
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char each) { return each >= 'A' && each <= 'Z' ? each - 'A' + 'a' : each; });
  return text;
}

bool looks_secret(const std::string& key) {
  static constexpr std::array parts{"pass",       "pwd",    "secret",  "token",
                                    "credential", "cookie", "private", "salt",
                                    "signature",  "dsn",    "apikey",  "authorization"};
  const std::string name = lower_case(key);
  const auto is_in_name = [&](const char* part) { return name.find(part) != std::string::npos; };
  return std::any_of(parts.begin(), parts.end(), is_in_name) || name == "key" ||
         name.ends_with("_key");
}

std::string key_name(const Term& key) {
  if (const Atom* atom = key.as_atom()) {
    const std::string& name = atom->name();
    return name.starts_with("Elixir.") ? name.substr(7) : name;
  }
  return key.text().value_or(print(key));
}

// `scheme://user:password@host` keeps a password where no key tells of it.
std::string without_userinfo(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = text.find_first_of("@/\"' \n", at);
    if (end != std::string::npos && text[end] == '@') text.replace(at, end - at, hidden);
  }
  return text;
}

// The keys and values of a keyword list or a map; none for other terms.
std::optional<std::map<Term, Term>> entries_of(const Term& term) {
  std::map<Term, Term> entries;
  if (const Term::Pairs* pairs = term.as_map()) {
    entries.insert(pairs->begin(), pairs->end());
    return entries;
  }
  const Term::Elements* elements = term.as_list();
  if (elements == nullptr || elements->empty() || !term.is_proper_list()) return std::nullopt;
  for (const Term& element : *elements) {
    const Term::Elements* parts = element.as_tuple();
    const bool is_entry = parts != nullptr && parts->size() == 2 && parts->front().as_atom();
    if (!is_entry || !entries.emplace(parts->front(), parts->back()).second) return std::nullopt;
  }
  return entries;
}

// A copy of `term` whose secrets are hidden.
Term without_secrets(const Term& term) {
  const auto entries = entries_of(term);
  if (!entries) return term;
  const auto shown = [](const Term& key, const Term& value) {
    return looks_secret(key_name(key)) ? Term::atom(hidden) : without_secrets(value);
  };
  if (term.as_map() != nullptr) {
    Term::Pairs pairs;
    for (const auto& [key, value] : *entries)
      pairs.emplace_back(key, shown(key, value));
    return Term::map(std::move(pairs));
  }
  Term::Elements elements;
  for (const auto& [key, value] : *entries)
    elements.push_back(Term::tuple({key, shown(key, value)}));
  return Term::list(std::move(elements));
}

class Comparison {
 public:
  explicit Comparison(std::string application) : application_(std::move(application)) {}

  void compare(const std::map<Term, Term>& before, const std::map<Term, Term>& after) {
    for_each_difference(before, after, [this](const Term& key, const Term* was, const Term* is) {
      path_.push_back(key_name(key));
      compare_values(was, is);
      path_.pop_back();
    });
  }

  std::vector<SettingChange> take() { return std::move(changes_); }

 private:
  // Of two that differ.
  void compare_values(const Term* before, const Term* after) {
    if (before != nullptr && after != nullptr) {
      const auto inner_before = entries_of(*before);
      const auto inner_after = entries_of(*after);
      const bool same_kind = (before->as_map() == nullptr) == (after->as_map() == nullptr);
      if (inner_before && inner_after && same_kind) return compare(*inner_before, *inner_after);
    }
    changes_.push_back({application_, path_, shown(before), shown(after)});
  }

  std::optional<std::string> shown(const Term* value) const {
    if (value == nullptr) return std::nullopt;
    if (std::any_of(path_.begin(), path_.end(), looks_secret)) return std::string(hidden);
    return without_userinfo(print(without_secrets(*value)));
  }

  std::string application_;
  std::vector<std::string> path_;
  std::vector<SettingChange> changes_;
};

std::map<Atom, Term> entries_in(const Settings& settings, Atom application) {
  const auto found = settings.find(application);
  return found == settings.end() ? std::map<Atom, Term>() : found->second;
}

void lay_over(std::map<Atom, Term>& settings, Atom application, const Settings& upper) {
  for (const auto& [key, value] : entries_in(upper, application))
    settings.insert_or_assign(key, value);
}

// Of a key that stands twice the last one counts.
std::map<Atom, Term> read_entries(const Term& list) {
  std::map<Atom, Term> entries;
  for (const auto& [key, value] : keyed_values(list))
    entries.insert_or_assign(key, value);
  return entries;
}

}  // namespace

Settings read_settings(const Term& list) {
  Settings settings;
  for (const auto& [application, entries] : read_entries(list)) {
    if (auto read = read_entries(entries); !read.empty())
      settings.emplace(application, std::move(read));
  }
  return settings;
}

Settings settings_of(const release::ReleaseTree& tree, const Settings& configuration,
                     const Settings& command_line) {
  Settings settings;
  for (const release::Application& application : tree.release.applications) {
    if (application.start_type.name() == "none") continue;
    std::map<Atom, Term>& entries = settings[application.name()];
    entries = read_entries(application.file.environment);
    lay_over(entries, application.name(), configuration);
    lay_over(entries, application.name(), command_line);
  }
  return settings;
}

std::vector<SettingChange> compare_settings(const Settings& node, const Settings& release) {
  std::vector<SettingChange> changes;
  for (const auto& each : release) {
    const Atom application = each.first;
    std::map<Term, Term> before;
    std::map<Term, Term> after;
    for (const auto& [key, value] : entries_in(node, application)) {
      const bool is_dropped_note =
          is_note_of_kernel(application, key) && !each.second.contains(key);
      if (!is_internal(application, key) && !is_dropped_note) before.emplace(key, value);
    }
    for (const auto& [key, value] : each.second) {
      if (!is_internal(application, key)) after.emplace(key, value);
    }
    Comparison comparison(application.name());
    comparison.compare(before, after);
    const std::vector<SettingChange> found = comparison.take();
    changes.insert(changes.end(), found.begin(), found.end());
  }
  return changes;
}

}  // namespace relup::live
