// SPDX-License-Identifier: Apache-2.0
#include "policy/read_insertion.hpp"

#include "policy/embedded_term.hpp"

namespace relup::policy {
namespace {

using Place = Insertion::Place;

// An entry as far as it is read.
struct Draft {
  Insertion insertion;
  int places = 0;      // how many of `at`, `before` and `after` it has
  int directions = 0;  // how many of `up` and `down`
};

void read_relup_place(const YamlNode& node, Draft& draft, Faults& faults) {
  static constexpr Choices<Place, 3> choices{
      {{"check", Place::check}, {"first", Place::first}, {"last", Place::last}}};
  ++draft.places;
  read_choice(node, "`at`", choices, draft.insertion.place, faults);
}

void read_appup_place(const YamlNode& node, Draft& draft, Faults& faults) {
  static constexpr Choices<Place, 2> choices{{{"first", Place::first}, {"last", Place::last}}};
  ++draft.places;
  read_choice(node, "`at`", choices, draft.insertion.place, faults);
}

void read_module(const YamlNode& node, Place place, Draft& draft, Faults& faults) {
  ++draft.places;
  draft.insertion.place = place;
  if (node.kind == YamlNode::Kind::scalar && is_one_name(node.text)) {
    draft.insertion.module = Atom(node.text);
    return;
  }
  faults.add_wrong(node, place == Place::before ? "`before`" : "`after`",
                   "the name of one module, without `*`");
}

void read_before(const YamlNode& node, Draft& draft, Faults& faults) {
  read_module(node, Place::before, draft, faults);
}

void read_after(const YamlNode& node, Draft& draft, Faults& faults) {
  read_module(node, Place::after, draft, faults);
}

void read_up(const YamlNode& node, Draft& draft, Faults& faults) {
  ++draft.directions;
  draft.insertion.up = read_terms(node, "`up`", faults);
}

void read_down(const YamlNode& node, Draft& draft, Faults& faults) {
  ++draft.directions;
  draft.insertion.down = read_terms(node, "`down`", faults);
}

constexpr std::array<Key<Draft>, 3> relup_keys{
    {{"at", read_relup_place}, {"up", read_up}, {"down", read_down}}};

constexpr std::array<Key<Draft>, 5> appup_keys{{{"at", read_appup_place},
                                                {"before", read_before},
                                                {"after", read_after},
                                                {"up", read_up},
                                                {"down", read_down}}};

// What an entry lacks as a whole.
void check_entry(const YamlNode& node, Script script, const Draft& draft, Faults& faults) {
  const std::string places = script == Script::relup ? "`at`" : "one of `at`, `before` and `after`";
  if (draft.places == 0) {
    faults.add(node.span, "these instructions have no place", "expected " + places);
  } else if (draft.places > 1) {
    faults.add(node.span, "these instructions have " + std::to_string(draft.places) + " places",
               "expected " + places);
  }
  if (draft.directions == 0) {
    faults.add(node.span, "an entry without instructions", "expected `up`, `down` or both");
  }
}

}  // namespace

void read_insertions(const YamlNode& node, Script script, std::vector<Insertion>& insertions,
                     Faults& faults) {
  constexpr std::string_view right = "a list of maps with `at`, `up` and `down`";
  for_each_item(node, "`instructions`", right, faults, [&](const YamlNode& item) {
    if (item.kind != YamlNode::Kind::map) {
      faults.add_wrong(item, "an entry of `instructions`", "a map with `at`, `up` and `down`");
      return;
    }
    Draft draft;
    draft.insertion.source = faults.source();
    draft.insertion.span = item.span;
    if (script == Script::relup) {
      read_map(item, "", relup_keys, draft, faults);
    } else {
      read_map(item, "", appup_keys, draft, faults);
    }
    check_entry(item, script, draft, faults);
    insertions.push_back(std::move(draft.insertion));
  });
}

}  // namespace relup::policy
