// SPDX-License-Identifier: Apache-2.0
#pragma once

// What may be inside a value: the tuples with an atom in front (records look like that in memory),
// the structs and the funs that it may hold at any depth, told from compiled code. A call of the
// same module, or of another one that is known, is what that returns; functions of OTP's and
// Elixir's containers hold what they are given. What cannot be followed holds nothing. All searches
// of one object share a budget of steps.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "beam/code/value_flow.hpp"

namespace relup::facts {

// Something that a value may hold.
struct HeldThing {
  // A function is one that is named: `fun Module:Function/Arity`, {Module, Function, Arguments}.
  enum class Kind { tuple, structure, fun, function };
  Kind kind = Kind::tuple;
  Atom name;             // the tag of a tuple, the module of a struct, the function of a fun
  std::size_t size = 0;  // of a tuple, with its tag; how many arguments a fun takes
  Atom maker;            // the module whose code makes it
  std::optional<Atom> module = {};  // of a named function
  auto operator<=>(const HeldThing&) const = default;
};
using HeldThings = std::set<HeldThing>;

// Adds what `term`, a constant of `maker`, holds.
void add_held(const Term& term, Atom maker, HeldThings& things);

class ValueSearch {
 public:
  // The code of another module; null where it is not known. It must outlive the search.
  using FindModule = std::function<const beam::ValueFlow*(Atom)>;
  explicit ValueSearch(FindModule find) : find_(std::move(find)) {}
  ValueSearch(const ValueSearch&) = delete;
  ValueSearch& operator=(const ValueSearch&) = delete;
  ~ValueSearch() = default;

  // A value of a function, which may have been called by another one.
  struct Frame {
    const beam::ValueFlow* code = nullptr;
    const beam::FunctionFlow* function = nullptr;
    const Frame* caller = nullptr;  // null where nothing is known of who calls it
    beam::FlowNode::Index call = 0;
    unsigned depth = 0;
  };
  struct Value {
    const Frame* frame = nullptr;
    beam::FlowNode::Index node = 0;
    const beam::FlowNode& operator*() const { return frame->function->nodes[node]; }
  };

  Value value_of(const beam::ValueFlow& code, const beam::FunctionFlow& function,
                 beam::FlowNode::Index node);

  HeldThings held_by(const std::vector<Value>& values);
  // The nodes that a value may be itself, seen through choices, calls of the same module and the
  // arguments of those.
  std::vector<Value> values_of(const Value& value);

 private:
  using Index = beam::FlowNode::Index;
  static constexpr std::size_t longest_path = 4;
  // Elements of tuples, the outermost last. Numbers of elements are kept as far as they fit: those
  // of larger tuples lead nowhere.
  struct Path {
    std::array<std::uint16_t, longest_path> elements{};
    std::uint16_t size = 0;
    bool operator==(const Path&) const = default;
  };
  struct Place {
    const Frame* frame;
    Index node;
    Path path;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };
  struct Walk;

  const Frame* frame_of(const beam::ValueFlow& code, const beam::FunctionFlow& function,
                        const Frame* caller, Index call);
  void run(Walk& walk);
  void follow(const Place& place, Walk& walk);
  void follow_element(const Place& place, Walk& walk);
  void follow_whole(const Place& place, Walk& walk);
  void follow_argument(const Place& place, Walk& walk);
  void follow_messages(const Place& place, Walk& walk);
  void follow_call(const Place& place, Walk& walk);
  void follow_container(const Place& place, Walk& walk);
  void follow_results(const Place& call, const beam::ValueFlow& code,
                      const beam::FunctionFlow& function, Walk& walk);

  FindModule find_;
  std::deque<Frame> frames_;
  std::map<std::tuple<const Frame*, Index, const beam::FunctionFlow*>, const Frame*> known_;
  std::size_t steps_left_ = 50'000;
};

// All tuples with an atom in front that the code of a module makes or looks for.
std::set<beam::TupleShape> tuples_in(const beam::ValueFlow& code);
// The same of one function, without those that it calls.
std::set<beam::TupleShape> tuples_in(const beam::FunctionFlow& function);

// The atom that the node surely is.
std::optional<Atom> atom_of(const beam::FlowNode& node);

// `fun Module:Function/Arity`
struct ExternalFun {
  Atom module;
  Atom function;
  unsigned arity = 0;
};
std::optional<ExternalFun> external_fun(const Term& term);

// How many elements the list has that the node is; none where that is not sure.
std::optional<unsigned> length_of(const beam::FunctionFlow& function, beam::FlowNode::Index list);

}  // namespace relup::facts
