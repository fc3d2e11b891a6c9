// SPDX-License-Identifier: Apache-2.0
#include "live/forecast.hpp"

#include <algorithm>
#include <array>

#include "base/words.hpp"
#include "live/keyed_values.hpp"

namespace relup::live {
namespace {

using Parts = Term::Elements;

Term name_list(const std::vector<FunctionName>& names) {
  Term::Elements list;
  for (const auto& [name, arity] : names)
    list.push_back(Term::tuple({Term(name), Term(std::int64_t{arity})}));
  return Term::list(std::move(list));
}

Term changed_term(const ChangedModule& changed) {
  return Term::tuple(
      {Term(changed.module), changed.new_md5 ? Term::binary(*changed.new_md5) : Term::atom("none"),
       name_list(changed.gone), name_list(changed.captive), name_list(changed.recursive),
       Term::atom(changed.makes_funs ? "true" : "false")});
}

std::string name_or_text(const Term& term) {
  if (const Term::Bits* bits = term.as_bits()) return bits->bytes;
  if (const Atom* atom = term.as_atom()) return atom->name();
  return term.text().value_or("");
}

// "none" is the agent's word for nothing.
std::string text_or_nothing(const Term& term) {
  const std::string text = name_or_text(term);
  return text == "none" ? "" : text;
}

// The place of an atom in `names`; the first where it is none of them.
template <typename Enum, std::size_t size>
Enum kind_of(const Term& term, const std::array<std::string_view, size>& names) {
  const std::string text = name_or_text(term);
  const auto found = std::find(names.begin(), names.end(), text);
  return static_cast<Enum>(found == names.end() ? 0 : found - names.begin());
}

NodeProcess process_of(const Term& term) {
  const Parts* parts = term.as_tuple();
  if (parts == nullptr || parts->size() != 4) return {};
  return {name_or_text((*parts)[0]), name_or_text((*parts)[1]), name_or_text((*parts)[2]),
          text_or_nothing((*parts)[3])};
}

std::vector<NodeProcess> processes_of(const Term& list) {
  std::vector<NodeProcess> found;
  if (list.as_list() == nullptr) return found;
  for (const Term& each : *list.as_list())
    found.push_back(process_of(each));
  return found;
}

ProcessGroup group_of(const Term& count, const Term& first) {
  return {static_cast<std::size_t>(number_of(count)), processes_of(first)};
}

// Calls `read` for each tuple of `size` elements in the list.
template <typename Read>
void for_each_tuple(const Term& list, std::size_t size, Read read) {
  if (list.as_list() == nullptr) return;
  for (const Term& each : *list.as_list()) {
    const Parts* parts = each.as_tuple();
    if (parts != nullptr && parts->size() == size) read(*parts);
  }
}

Atom atom_of(const Term& term) {
  return term.as_atom() == nullptr ? Atom("") : *term.as_atom();
}

std::optional<Atom> module_of(const Term& term) {
  if (term.as_atom() == nullptr || term.is_atom("none")) return std::nullopt;
  return *term.as_atom();
}

TreeDifference difference_of(const Parts& parts) {
  constexpr std::array<std::string_view, 7> kinds{
      "no_supervisor_on_top", "no_supervisor", "dynamic",      "other_module",
      "below_worker",         "in_no_tree",    "not_of_module"};
  return {kind_of<TreeDifference::Kind>(parts[0], kinds), module_of(parts[1]),
          text_or_nothing(parts[2]), group_of(parts[3], parts[4])};
}

StayingProcesses staying_of(const Parts& parts) {
  constexpr std::array<std::string_view, 4> classes{"captive", "parked", "staying", "moving"};
  return {atom_of(parts[0]), kind_of<StayingProcesses::Class>(parts[1], classes),
          name_or_text(parts[2]), group_of(parts[3], parts[4])};
}

std::string place_of(const Term& term) {
  const Parts* parts = term.as_tuple();
  if (parts == nullptr || parts->size() != 2) return "";
  const std::string kind = name_or_text(parts->front());
  if (kind == "process") {
    const NodeProcess process = process_of(parts->back());
    return "process " + process.shown();
  }
  return (kind == "persistent_term" ? "persistent term" : kind) + " " + name_or_text(parts->back());
}

HeldFunction held_of(const Parts& parts) {
  constexpr std::array<std::string_view, 3> kinds{"fun", "name", "module"};
  return {kind_of<HeldFunction::Kind>(parts[0], kinds), atom_of(parts[1]), name_or_text(parts[2]),
          place_of(parts[3])};
}

std::string unread_in_words(const Parts& parts) {
  const std::string kind = name_or_text(parts[0]);
  const auto number = static_cast<std::size_t>(number_of(parts[1]));
  const std::string example = " (such as " + name_or_text(parts[2]) + ")";
  const std::string deeper = "; `--deep` looks";
  const std::string processes = number == 1 ? "1 process" : std::to_string(number) + " processes";
  const std::string of_processes = processes + deeper;
  if (kind == "private_table")
    return counted(number, "private table") + example + ", for its owner alone to read";
  if (kind == "timers") return "the timers of module timer, for timer_server alone to read";
  if (kind == "large_table") return counted(number, "large table") + example + deeper;
  if (kind == "persistent_terms") return counted(number, "persistent term") + deeper;
  if (kind == "large_states") return "the large state of " + of_processes;
  if (kind == "hibernating") {
    return "the state of " + processes + (number == 1 ? " that hibernates" : " that hibernate") +
           "; `--deep` wakes those of OTP's behaviours and asks them";
  }
  if (kind == "asleep") {
    return "the state of " + processes + (number == 1 ? " that hibernates" : " that hibernate") +
           ", for nobody to read";
  }
  return "the state of " + of_processes;
}

LateProcess late_of(const Parts& parts) {
  constexpr std::array<std::string_view, 2> kinds{"stuck", "mailbox"};
  LateProcess late{process_of(parts[0]),
                   atom_of(parts[4]),
                   kind_of<LateProcess::Kind>(parts[1], kinds),
                   "",
                   "",
                   static_cast<std::size_t>(number_of(parts[3]))};
  if (const Parts* place = parts[2].as_tuple(); place != nullptr && place->size() == 2) {
    late.function = name_or_text(place->front());
    late.activity = name_or_text(place->back());
  }
  return late;
}

UnusableModule unusable_of(const Parts& parts) {
  constexpr std::array<std::string_view, 3> reasons{"cover_compiled", "sticky", "no_file"};
  return {atom_of(parts[0]), kind_of<UnusableModule::Why>(parts[1], reasons),
          name_or_text(parts[2])};
}

class Reader {
 public:
  Forecast read(const Term& answer) {
    for (const auto& [key, value] : keyed_values(answer))
      add(key.name(), value);
    return std::move(forecast_);
  }

 private:
  void add(const std::string& key, const Term& value) {
    add_processes(key, value);
    add_functions(key, value);
    add_surroundings(key, value);
  }

  void add_processes(const std::string& key, const Term& value) {
    Forecast& to = forecast_;
    if (key == "processes") {
      for_each_tuple(value, 3, [&](const Parts& parts) {
        to.suspended.push_back({atom_of(parts[0]), group_of(parts[1], parts[2])});
      });
    } else if (key == "differences") {
      for_each_tuple(value, 5,
                     [&](const Parts& parts) { to.differences.push_back(difference_of(parts)); });
    } else if (key == "silent") {
      to.silent = processes_of(value);
    } else if (key == "too_deep") {
      to.too_deep = processes_of(value);
    } else if (key == "stayers") {
      for_each_tuple(value, 5,
                     [&](const Parts& parts) { to.staying.push_back(staying_of(parts)); });
    } else if (key == "late") {
      for_each_tuple(value, 5, [&](const Parts& parts) { to.late.push_back(late_of(parts)); });
    } else if (key == "restarts") {
      for_each_tuple(value, 4, [&](const Parts& parts) {
        to.near_limit.push_back(
            {process_of(parts[0]), number_of(parts[1]), number_of(parts[2]), number_of(parts[3])});
      });
    }
  }

  void add_functions(const std::string& key, const Term& value) {
    Forecast& to = forecast_;
    if (key == "held") {
      for_each_tuple(value, 4, [&](const Parts& parts) { to.held.push_back(held_of(parts)); });
    } else if (key == "unread") {
      for_each_tuple(value, 3,
                     [&](const Parts& parts) { to.unread.push_back(unread_in_words(parts)); });
    } else if (key == "hibernating") {
      for_each_tuple(value, 2, [&](const Parts& parts) {
        to.hibernating.emplace_back(atom_of(parts[0]),
                                    static_cast<std::size_t>(number_of(parts[1])));
      });
    }
  }

  void add_surroundings(const std::string& key, const Term& value) {
    Forecast& to = forecast_;
    if (key == "heart") {
      to.has_heart = value.is_atom("true");
    } else if (key == "starting") {
      to.controller_is_silent = value.is_atom("silent");
      to.starting = value.atoms().value_or(std::vector<Atom>());
    } else if (key == "unusable") {
      for_each_tuple(value, 3,
                     [&](const Parts& parts) { to.unusable.push_back(unusable_of(parts)); });
    } else if (key == "neighbours") {
      for_each_tuple(value, 3, [&](const Parts& parts) {
        to.neighbours.push_back(
            {name_or_text(parts[0]), name_or_text(parts[1]), name_or_text(parts[2])});
      });
    }
  }

  Forecast forecast_;
};

}  // namespace

Term forecast_term(const ForecastQuestion& question) {
  Term::Elements changed;
  for (const ChangedModule& each : question.changed)
    changed.push_back(changed_term(each));
  return Term::map(
      {{Term::atom("suspended"), atom_list(question.suspended)},
       {Term::atom("changed"), Term::list(std::move(changed))},
       {Term::atom("depth"), Term::atom(question.depth == Depth::deep ? "deep" : "quick")}});
}

Forecast read_forecast(const Term& answer) {
  return Reader().read(answer);
}

}  // namespace relup::live
