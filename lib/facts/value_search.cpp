// SPDX-License-Identifier: Apache-2.0
//
// The search goes backwards from a value to what it is made of. A call leads into the results of
// the function, in a frame that knows who called it, so that an argument there is what this caller
// gave. An argument of a function that nobody has entered is what any function of its module calls
// it with, and the message of a callback what the module itself sends to its process: that is how
// an API function puts what it makes into the state.
//
// An element that was taken out of a tuple is searched for in the tuple: the place of the element
// goes along until the tuple is found.

#include "facts/value_search.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <unordered_set>

#include "term/external.hpp"

namespace relup::facts {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::ValueFlow;
using Kind = FlowNode::Kind;

constexpr unsigned deepest_call = 10;

bool is_one_of(const std::optional<Atom>& atom, std::initializer_list<std::string_view> names) {
  return atom && std::any_of(names.begin(), names.end(), [&](auto name) { return *atom == name; });
}

bool is_container(const FlowNode& call) {
  if (is_one_of(call.module, {"erlang"}))
    return is_one_of(call.function, {"setelement", "append_element", "insert_element", "++"});
  return is_one_of(call.module,
                   {"maps", "lists", "orddict", "dict", "gb_trees", "gb_sets", "queue", "array",
                    "sets", "ordsets", "proplists", "Elixir.Map", "Elixir.Enum", "Elixir.List",
                    "Elixir.Keyword", "Elixir.MapSet", "Elixir.Stream", "Elixir.Access"});
}

// Whether a function that takes a fun answers elements that it was given.
bool selects(const FlowNode& call) {
  return is_one_of(call.function, {"filter", "partition", "sort", "takewhile", "dropwhile",
                                   "take_while", "drop_while", "reject", "sort_by", "find", "uniq",
                                   "uniq_by", "max_by", "min_by", "search", "usort"});
}

bool folds(const FlowNode& call) {
  return is_one_of(call.function, {"foldl", "foldr", "fold", "reduce", "mapfoldl", "mapfoldr",
                                   "map_reduce", "reduce_while"});
}

void collect_tuples(const Term& term, std::set<beam::TupleShape>& tuples) {
  if (const Term::Elements* elements = term.as_tuple()) {
    const Atom* tag = elements->empty() ? nullptr : elements->front().as_atom();
    if (tag != nullptr) tuples.insert({*tag, elements->size()});
    for (const Term& element : *elements)
      collect_tuples(element, tuples);
  } else if (const Term::Elements* list = term.as_list()) {
    for (const Term& element : *list)
      collect_tuples(element, tuples);
  } else if (const Term::Pairs* pairs = term.as_map()) {
    for (const auto& [key, value] : *pairs) {
      collect_tuples(key, tuples);
      collect_tuples(value, tuples);
    }
  }
}

// What {Module, Function, Arguments} names, where a tuple looks like that.
std::optional<ExternalFun> named_by(const FunctionFlow& function, const FlowNode& tuple) {
  if (tuple.parts.size() != 3) return std::nullopt;
  const auto module = atom_of(function.nodes[tuple.parts[0]]);
  const auto name = atom_of(function.nodes[tuple.parts[1]]);
  const auto arity = length_of(function, tuple.parts[2]);
  if (!module || !name || !arity) return std::nullopt;
  return ExternalFun{*module, *name, *arity};
}

// A constant {Module, Function, Arguments}.
void add_named(const Term::Elements& tuple, Atom maker, HeldThings& things) {
  const bool is_name = tuple.size() == 3 && tuple[0].as_atom() != nullptr &&
                       tuple[1].as_atom() != nullptr && tuple[2].is_proper_list();
  if (is_name)
    things.insert({HeldThing::Kind::function, *tuple[1].as_atom(), tuple[2].as_list()->size(),
                   maker, *tuple[0].as_atom()});
}

}  // namespace

std::optional<Atom> atom_of(const FlowNode& node) {
  const Atom* atom = node.kind == Kind::term ? node.value.as_atom() : nullptr;
  return atom == nullptr ? std::nullopt : std::optional(*atom);
}

// EXPORT_EXT: a tag, then module, function and arity, as terms without the version number.
std::optional<ExternalFun> external_fun(const Term& term) {
  const auto* opaque = term.as_opaque();
  if (opaque == nullptr || !opaque->second.starts_with('q')) return std::nullopt;
  std::string_view rest = opaque->second;
  rest.remove_prefix(1);
  std::array<Term, 3> parts;
  for (Term& part : parts) {
    const std::string framed = "\x83" + std::string(rest);
    std::string_view view = framed;
    part = take_external(view);
    rest.remove_prefix(rest.size() - view.size());
  }
  if (!parts[0].as_atom() || !parts[1].as_atom() || !parts[2].as_small_integer())
    return std::nullopt;
  return ExternalFun{*parts[0].as_atom(), *parts[1].as_atom(),
                     static_cast<unsigned>(*parts[2].as_small_integer())};
}

std::optional<unsigned> length_of(const FunctionFlow& function, FlowNode::Index list) {
  unsigned length = 0;
  const FlowNode* node = &function.nodes[list];
  for (; node->kind == FlowNode::Kind::list && length < 256; ++length)
    node = &function.nodes[node->parts[1]];
  if (node->kind != FlowNode::Kind::term || !node->value.is_proper_list()) return std::nullopt;
  return length + static_cast<unsigned>(node->value.as_list()->size());
}

std::set<beam::TupleShape> tuples_in(const FunctionFlow& function) {
  std::set<beam::TupleShape> tuples = function.matched;
  for (const FlowNode& node : function.nodes) {
    if (node.kind == Kind::term) collect_tuples(node.value, tuples);
    if (node.kind != Kind::tuple || node.parts.empty()) continue;
    if (const auto tag = atom_of(function.nodes[node.parts.front()]))
      tuples.insert({*tag, node.parts.size()});
  }
  return tuples;
}

std::set<beam::TupleShape> tuples_in(const ValueFlow& code) {
  std::set<beam::TupleShape> tuples;
  for (const auto& [name, function] : code.functions)
    tuples.merge(tuples_in(function));
  return tuples;
}

std::size_t ValueSearch::PlaceHash::operator()(const Place& place) const {
  std::size_t hash = std::hash<const void*>()(place.frame) * 31 + place.node;
  for (std::size_t i = 0; i < place.path.size; ++i)
    hash = hash * 131 + place.path.elements[i] + 1;
  return hash * 0x9e3779b97f4a7c15U >> 7U;
}

struct ValueSearch::Walk {
  enum class Wanted { things, values } wanted;
  std::vector<Place> open = {};
  std::unordered_set<Place, PlaceHash> seen = {};
  HeldThings things = {};
  std::vector<Value> values = {};

  void add(const Frame* frame, Index node, const Path& path = {}) {
    open.push_back({frame, node, path});
  }
  void add_parts(const Place& place, const FlowNode& node) {
    for (const Index part : node.parts)
      add(place.frame, part);
  }
  void add_term(const Term& term, Atom maker) { add_held(term, maker, things); }
};

void add_held(const Term& term, Atom maker, HeldThings& things) {
  if (const Term::Elements* elements = term.as_tuple()) {
    const Atom* tag = elements->empty() ? nullptr : elements->front().as_atom();
    if (tag != nullptr) things.insert({HeldThing::Kind::tuple, *tag, elements->size(), maker});
    add_named(*elements, maker, things);
    for (const Term& element : *elements)
      add_held(element, maker, things);
  } else if (const auto fun = external_fun(term)) {
    things.insert({HeldThing::Kind::function, fun->function, fun->arity, maker, fun->module});
  } else if (const Term::Elements* list = term.as_list()) {
    for (const Term& element : *list)
      add_held(element, maker, things);
  } else if (const Term::Pairs* pairs = term.as_map()) {
    for (const auto& [key, value] : *pairs) {
      if (key.is_atom("__struct__") && value.as_atom() != nullptr)
        things.insert({HeldThing::Kind::structure, *value.as_atom(), 0, maker});
      add_held(key, maker, things);
      add_held(value, maker, things);
    }
  }
}

ValueSearch::Value ValueSearch::value_of(const ValueFlow& code, const FunctionFlow& function,
                                         Index node) {
  return {frame_of(code, function, nullptr, 0), node};
}

const ValueSearch::Frame* ValueSearch::frame_of(const ValueFlow& code, const FunctionFlow& function,
                                                const Frame* caller, Index call) {
  const auto [known, is_new] = known_.try_emplace(std::tuple(caller, call, &function));
  if (is_new) {
    const unsigned depth = caller == nullptr ? 0 : caller->depth + 1;
    known->second = &frames_.emplace_back(Frame{&code, &function, caller, call, depth});
  }
  return known->second;
}

HeldThings ValueSearch::held_by(const std::vector<Value>& values) {
  Walk walk{Walk::Wanted::things};
  for (const Value& value : values)
    walk.add(value.frame, value.node);
  run(walk);
  return std::move(walk.things);
}

std::vector<ValueSearch::Value> ValueSearch::values_of(const Value& value) {
  Walk walk{Walk::Wanted::values};
  walk.add(value.frame, value.node);
  run(walk);
  return std::move(walk.values);
}

void ValueSearch::run(Walk& walk) {
  while (!walk.open.empty() && steps_left_ > 0) {
    const Place place = walk.open.back();
    walk.open.pop_back();
    if (walk.seen.insert(place).second) follow(place, walk);
  }
}

void ValueSearch::follow(const Place& place, Walk& walk) {
  --steps_left_;
  const FlowNode& node = place.frame->function->nodes[place.node];
  switch (node.kind) {
    case Kind::choice:
      for (const Index part : node.parts)
        walk.add(place.frame, part, place.path);
      return;
    case Kind::element:
      return follow_element(place, walk);
    case Kind::argument:
      return follow_argument(place, walk);
    case Kind::call:
      return follow_call(place, walk);
    default:
      break;
  }
  if (place.path.size == 0) return follow_whole(place, walk);
  Path rest = place.path;
  const std::size_t wanted = rest.elements[--rest.size];
  rest.elements[rest.size] = 0;
  if (node.kind == Kind::tuple && wanted < node.parts.size())
    return walk.add(place.frame, node.parts[wanted], rest);
  if (node.kind != Kind::term || walk.wanted == Walk::Wanted::values) return;
  const Term* term = &node.value;
  for (std::size_t i = place.path.size; i > 0 && term != nullptr; --i) {
    const Term::Elements* elements = term->as_tuple();
    const std::size_t each = place.path.elements[i - 1];
    term = elements != nullptr && each < elements->size() ? &(*elements)[each] : nullptr;
  }
  if (term != nullptr) walk.add_term(*term, place.frame->code->module);
}

void ValueSearch::follow_element(const Place& place, Walk& walk) {
  const FlowNode& node = place.frame->function->nodes[place.node];
  Path path = place.path;
  const bool fits =
      path.size < longest_path && node.number <= std::numeric_limits<std::uint16_t>::max();
  if (!fits) return;
  path.elements[path.size++] = static_cast<std::uint16_t>(node.number);
  walk.add(place.frame, node.parts.front(), path);
}

// The value itself, and what is in it.
void ValueSearch::follow_whole(const Place& place, Walk& walk) {
  if (walk.wanted == Walk::Wanted::values) {
    walk.values.push_back({place.frame, place.node});
    return;
  }
  const FunctionFlow& function = *place.frame->function;
  const Atom maker = place.frame->code->module;
  const FlowNode& node = function.nodes[place.node];
  if (node.kind == Kind::term) return walk.add_term(node.value, maker);
  if (node.kind == Kind::tuple && !node.parts.empty()) {
    if (const auto tag = atom_of(function.nodes[node.parts.front()]))
      walk.things.insert({HeldThing::Kind::tuple, *tag, node.parts.size(), maker});
    if (const auto named = named_by(function, node))
      walk.things.insert(
          {HeldThing::Kind::function, named->function, named->arity, maker, named->module});
  } else if (node.kind == Kind::map) {
    for (std::size_t i = 1; i + 1 < node.parts.size(); i += 2) {
      const auto key = atom_of(function.nodes[node.parts[i]]);
      const auto name = atom_of(function.nodes[node.parts[i + 1]]);
      if (key && name && *key == "__struct__")
        walk.things.insert({HeldThing::Kind::structure, *name, 0, maker});
    }
  } else if (node.kind == Kind::fun) {
    walk.things.insert({HeldThing::Kind::fun, *node.function, node.number, maker});
  }
  walk.add_parts(place, node);
}

void ValueSearch::follow_argument(const Place& place, Walk& walk) {
  const Frame& frame = *place.frame;
  const std::size_t number = frame.function->nodes[place.node].number;
  if (frame.caller != nullptr) {
    const FlowNode& call = frame.caller->function->nodes[frame.call];
    if (call.kind == Kind::fun) {
      // The kept variables stand behind the parameters; what the caller gives is not seen.
      if (number >= call.number && number - call.number < call.parts.size())
        walk.add(frame.caller, call.parts[number - call.number], place.path);
    } else if (number < call.parts.size()) {
      walk.add(frame.caller, call.parts[number], place.path);
    }
    return;
  }
  if (walk.wanted == Walk::Wanted::values) {
    walk.values.push_back({place.frame, place.node});
    return;
  }
  for (const auto& [name, function] : frame.code->functions) {
    for (const Index each : function.calls) {
      const FlowNode& call = function.nodes[each];
      const bool is_it = !call.module && call.function == frame.function->name &&
                         call.parts.size() == frame.function->arity;
      if (is_it)
        walk.add(frame_of(*frame.code, function, nullptr, 0), call.parts[number], place.path);
    }
  }
  follow_messages(place, walk);
}

// What the functions of the module send to its process.
void ValueSearch::follow_messages(const Place& place, Walk& walk) {
  const Frame& frame = *place.frame;
  const Atom name = frame.function->name;
  const unsigned arity = frame.function->arity;
  const std::size_t number = frame.function->nodes[place.node].number;
  std::string_view sent;
  if (name == "handle_call" && arity == 3 && number == 0) sent = "call";
  if (name == "handle_cast" && arity == 2 && number == 0) sent = "cast";
  if (name == "handle_event" && arity == 4 && number == 1) sent = "*";
  if (arity == 3 && number == 1 && frame.code->find("callback_mode", 0) != nullptr) sent = "*";
  if (sent.empty()) return;
  for (const auto& [caller, function] : frame.code->functions) {
    for (const Index each : function.calls) {
      const FlowNode& call = function.nodes[each];
      if (!is_one_of(call.module, {"gen_server", "gen_statem", "Elixir.GenServer"})) continue;
      const bool is_it =
          sent == "*" ? is_one_of(call.function, {"call", "cast"}) : *call.function == sent;
      if (is_it && call.parts.size() >= 2)
        walk.add(frame_of(*frame.code, function, nullptr, 0), call.parts[1], place.path);
    }
  }
}

void ValueSearch::follow_call(const Place& place, Walk& walk) {
  const Frame& frame = *place.frame;
  const FlowNode& call = frame.function->nodes[place.node];
  if (!call.module) {
    if (const FunctionFlow* called = frame.code->find(*call.function, call.parts.size()))
      follow_results(place, *frame.code, *called, walk);
    return;
  }
  if (*call.module == "erlang" && *call.function == "setelement" &&
      walk.wanted == Walk::Wanted::values && call.parts.size() >= 2) {
    return walk.add(place.frame, call.parts[1], place.path);
  }
  if (walk.wanted == Walk::Wanted::values) {
    if (place.path.size == 0) walk.values.push_back({place.frame, place.node});
    return;
  }
  if (is_container(call)) return follow_container(place, walk);
  const ValueFlow* other = find_ ? find_(*call.module) : nullptr;
  if (other == nullptr) return;
  if (const FunctionFlow* called = other->find(*call.function, call.parts.size()))
    follow_results(place, *other, *called, walk);
}

void ValueSearch::follow_container(const Place& place, Walk& walk) {
  const FunctionFlow& function = *place.frame->function;
  const FlowNode& call = function.nodes[place.node];
  bool has_fun = false;
  for (const Index part : call.parts) {
    const FlowNode& argument = function.nodes[part];
    if (argument.kind != Kind::fun || is_one_of(call.function, {"put", "store", "keystore", "in"}))
      continue;
    has_fun = true;
    const std::size_t arity = argument.number + argument.parts.size();
    if (const FunctionFlow* called = place.frame->code->find(*argument.function, arity)) {
      Place made = place;
      made.node = part;
      follow_results(made, *place.frame->code, *called, walk);
    }
  }
  if (!has_fun || selects(call)) {
    for (const Index part : call.parts) {
      if (!has_fun || function.nodes[part].kind != Kind::fun) walk.add(place.frame, part);
    }
  } else if (folds(call) && call.parts.size() > 1) {
    walk.add(place.frame, call.parts[1]);
  }
}

void ValueSearch::follow_results(const Place& call, const ValueFlow& code,
                                 const FunctionFlow& function, Walk& walk) {
  if (call.frame->depth >= deepest_call) return;
  const Frame* frame = frame_of(code, function, call.frame, call.node);
  for (const Index result : function.results)
    walk.add(frame, result, call.path);
}

}  // namespace relup::facts
