// SPDX-License-Identifier: Apache-2.0
#pragma once

// The shape of the state that a process of a module holds: the record, the struct or the map that
// init/1 returns, told from debug information without running anything, or from compiled code.
// Where init/1 does not say, or says several things, there is none.

#include <optional>
#include <string>
#include <vector>

#include "beam/code/value_flow.hpp"
#include "facts/evaluator.hpp"

namespace relup::facts {

struct StateShape {
  // Compiled code has records as tuples with their name in front, without names of fields.
  enum class Kind { record, structure, map, tuple };
  Kind kind = Kind::record;
  std::string name;         // of the record; of the module that defines the struct; in the tuple
  beam::FieldNames fields;  // of a record in order; empty for a struct, which its module defines
  std::size_t size = 0;     // of a tuple, with its name

  bool operator==(const StateShape&) const = default;
};

// What init/1 returns after `ok`: `position` is 1 for `{ok, State}`, 2 for `{ok, Name, Data}`.
Reading<StateShape> state_shape(const beam::SourceCode& code, std::size_t position);

// The same, told by compiled code.
std::optional<StateShape> state_shape(const beam::ValueFlow& code, std::size_t position);

// Whether compiled code tells what init/1 returns as the state: a shape, several, or what has none,
// such as a number or a list.
bool is_state_told(const beam::ValueFlow& code, std::size_t position);

// How the shape of a state differs between two versions of a module.
struct StateChange {
  StateShape before;
  StateShape after;
  beam::FieldNames added;
  beam::FieldNames removed;
  // Told without debug information: a GenServer that defines a struct most likely has it as state.
  bool is_presumed = false;
};

// None when the shapes are equal. For structs, give the fields of their modules in both versions.
std::optional<StateChange> compare_shapes(const StateShape& before, const StateShape& after);

// "record state", "struct Shop.Cart", "a map"
std::string describe(const StateShape& shape);
// "has the new fields currency, since, and no longer total"
std::string describe(const StateChange& change);
// As one of the reasons of a module: "its state (record state) has the new field currency"
std::string reason_of(const StateChange& change);

}  // namespace relup::facts
