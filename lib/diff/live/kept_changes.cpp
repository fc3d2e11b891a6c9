// SPDX-License-Identifier: Apache-2.0
//
// What the old code keeps is held against what the new one knows. A shape has changed where the new
// code no longer knows it at all, and knows the same tag with another size that the old code did
// not know: code that still names the old shape is taken to cope with it.

#include "diff/live/kept_changes.hpp"

#include <algorithm>
#include <map>

#include "diff/live/code_change_care.hpp"

namespace relup::diff {
namespace {

using facts::HeldThing;
using facts::ModuleFacts;
using facts::Store;
using Kind = LiveDataChange::Kind;

std::vector<std::string> missing_in(const std::vector<std::string>& some,
                                    const std::vector<std::string>& others) {
  std::vector<std::string> missing;
  for (const std::string& each : some) {
    if (std::find(others.begin(), others.end(), each) == others.end()) missing.push_back(each);
  }
  return missing;
}

// The function that made a fun, by the name that the compiler gave to that: "attach/0" of
// '-attach/0-fun-1-'.
std::string maker_of_fun(Atom fun) {
  const std::string& name = fun.name();
  if (!name.starts_with("-")) return name;
  const std::size_t end = name.find('-', 1);
  return end == std::string::npos ? name : name.substr(1, end - 1);
}

// Whether it is the state as a whole, whose change is told as such.
bool is_state(const CodePair& pair, Atom name) {
  return pair.change->state_change && pair.change->state_change->before.name == name.name();
}

std::optional<LiveDataChange> compare_tuple(const CodePair& pair, const HeldThing& thing,
                                            const CodePairs& pairs) {
  if (!tells_a_type(thing.name) || is_state(pair, thing.name)) return std::nullopt;
  std::set<std::size_t> before = sizes_of(thing.name, pair.old_tuples);
  std::set<std::size_t> after = sizes_of(thing.name, pair.new_tuples);
  const CodePair* maker = pairs.find(thing.maker);
  const CodePair& made_by = maker == nullptr ? pair : *maker;
  before.merge(sizes_of(thing.name, made_by.old_tuples));
  after.merge(sizes_of(thing.name, made_by.new_tuples));
  const bool is_same = after.contains(thing.size);
  const std::size_t size_after = is_same || after.empty() ? thing.size : *after.begin();
  const auto old_fields = fields_of(*made_by.change->old_facts, thing.name, thing.size);
  const auto new_fields = fields_of(*made_by.change->new_facts, thing.name, size_after);
  if (is_same) {
    if (!old_fields || !new_fields || old_fields == new_fields) return std::nullopt;
  } else if (after.empty() || before.contains(size_after)) {
    return std::nullopt;
  }
  LiveDataChange change{Kind::kept_tuple};
  change.subject = thing.name.name();
  change.care = care_for(pair, thing.name);
  change.size_before = thing.size;
  change.size_after = size_after;
  if (old_fields && new_fields) {
    change.added = missing_in(*new_fields, *old_fields);
    change.removed = missing_in(*old_fields, *new_fields);
  }
  for (const CodePair& other : pairs.all()) {
    if (other.new_tuples.contains({thing.name, size_after}))
      change.readers.push_back(other.change->name);
  }
  return change;
}

std::optional<LiveDataChange> compare_structure(const CodePair& pair, const HeldThing& thing,
                                                const CodePairs& pairs) {
  const CodePair* definer = pairs.find(thing.name);
  if (definer == nullptr || is_state(pair, thing.name)) return std::nullopt;
  const ModuleChange& definition = *definer->change;
  const auto& before = definition.old_facts->structure;
  const auto& after = definition.new_facts->structure;
  if (!before || !after || before == after) return std::nullopt;
  LiveDataChange change{Kind::kept_structure};
  change.subject = thing.name.name();
  change.care = care_for(pair, thing.name);
  change.added = missing_in(*after, *before);
  change.removed = missing_in(*before, *after);
  for (const CodePair& other : pairs.all()) {
    const bool is_other = !(other.change->name == thing.name);
    if (is_other && mentions(*other.new_code, thing.name))
      change.readers.push_back(other.change->name);
  }
  return change;
}

// What has changed of all that one module keeps, one finding a subject.
class Findings {
 public:
  Findings(const CodePair& pair, const CodePairs& pairs) : pair_(pair), pairs_(pairs) {}

  void take(Store store, const HeldThing& thing) {
    if (thing.kind == HeldThing::Kind::tuple) {
      if (auto change = compare_tuple(pair_, thing, pairs_))
        tuples_.try_emplace({thing.name, thing.size}, *change).first->second.stores.insert(store);
    } else if (thing.kind == HeldThing::Kind::structure) {
      if (auto change = compare_structure(pair_, thing, pairs_))
        structures_.try_emplace(thing.name, *change).first->second.stores.insert(store);
    } else if (thing.kind == HeldThing::Kind::fun && store != Store::state &&
               thing.maker == pair_.change->name) {
      funs_.insert(maker_of_fun(thing.name));
      fun_stores_.insert(store);
    }
  }

  void add_to(std::vector<LiveDataChange>& found) {
    for (auto& [name, change] : tuples_)
      found.push_back(std::move(change));
    for (auto& [name, change] : structures_)
      found.push_back(std::move(change));
    if (funs_.empty()) return;
    LiveDataChange change{Kind::kept_fun};
    for (const std::string& fun : funs_)
      append_name(change.subject, fun);
    change.stores = fun_stores_;
    found.push_back(std::move(change));
  }

 private:
  const CodePair& pair_;
  const CodePairs& pairs_;
  std::map<std::pair<Atom, std::size_t>, LiveDataChange> tuples_;
  std::map<Atom, LiveDataChange> structures_;
  std::set<std::string> funs_;
  std::set<Store> fun_stores_;
};

}  // namespace

void compare_kept(CodePair& pair, const CodePairs& pairs, const ShapeChanges& shapes) {
  const bool may_change = shapes.may_concern(pair);
  if (!may_change && !facts::keeps_elsewhere(*pair.change->old_facts)) return;
  const auto old_code = [&](Atom module) {
    const CodePair* other = pairs.find(module);
    return other == nullptr ? nullptr : other->old_code;
  };
  Findings findings(pair, pairs);
  for (const auto& [store, things] :
       facts::kept_data(*pair.change->old_facts, *pair.old_code, old_code,
                        may_change ? facts::Kept::anywhere : facts::Kept::elsewhere)) {
    for (const HeldThing& thing : things)
      findings.take(store, thing);
  }
  findings.add_to(pair.change->live_data);
}

}  // namespace relup::diff
