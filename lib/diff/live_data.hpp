// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live processes, tables and other stores hold of the older release that the newer one does
// not expect, and the other way round: data lives on when code is replaced. Told from compiled code
// of both releases (facts/kept_data.hpp, facts/start_effects.hpp); live_data_in_words.hpp has the
// words for it.

#include <string>
#include <vector>

#include "facts/kept_data.hpp"
#include "facts/named_functions.hpp"
#include "facts/start_effects.hpp"

namespace relup::diff {

struct ApplicationChange;

struct LiveDataChange {
  enum class Kind {
    kept_tuple,      // a record, or another tuple with an atom in front, of another shape
    kept_structure,  // an Elixir struct with other fields
    kept_fun,        // of the code that is replaced
    start_effect,    // what only a start does
    state_function,  // of a gen_statem, which the other version does not have
    callback_mode,   // of a gen_statem that has no code_change for it
    process_module,  // the callback module of live processes goes
    unread_state,    // whose shape cannot be told
    on_load,         // that runs while the code is loaded
    request,         // that the old code sends and the new one does not take
    gone_function,   // that timers, processes or stores name, and the other version does not export
  };
  enum class Way { both, up, down };  // on which it matters
  // Whether code_change of the new version may see to it, where it is called.
  enum class Care { none, by_code_change };

  Kind kind = Kind::kept_tuple;
  Way way = Way::both;
  Care care = Care::none;
  std::string subject = {};            // the tag, the struct, the state functions, ...
  std::set<facts::Store> stores = {};  // of kept things
  std::size_t size_before = 0;         // of a tuple, with its tag
  std::size_t size_after = 0;
  std::vector<std::string> added = {};  // fields, as far as they are known
  std::vector<std::string> removed = {};
  // Modules that look for the new shape; of a process module, those that are seen to start it; of a
  // request, those that send it.
  std::vector<Atom> readers = {};
  facts::StartEffect effect = {};  // of Kind::start_effect
  // Of Kind::gone_function: the code that names it, with the module that has that. What `stores`
  // hold of it was put there by `readers`.
  std::vector<std::pair<Atom, facts::NamedFunction>> names = {};
};

// Fills in `live_data` and `has_leftover_code_change` of the modules. After compare_sources().
void compare_live_data(std::vector<ApplicationChange>& applications);

}  // namespace relup::diff
