// SPDX-License-Identifier: Apache-2.0
#pragma once

// The facts of a difference as the words that people read, for whoever shows them. No code looks
// into these.

#include <string>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::diff {

// "Garden.Bed" of 'Elixir.Garden.Bed'; of a module of Erlang its name.
std::string name_in_words(Atom module);

// "vm.args is new"
std::string describe(const SettingsChange& change);
// "new port; gone host; changed depth"
std::string describe(const NameChanges& changes);
// "priv/shop.so changed"
std::string describe(const FixedAtStart& change);
// "needs: new inets", "lists m, which is not in its ebin"
std::string describe(const ApplicationDetail& detail);

// The two halves of that: "needs" and "new inets"; ".app file" and the sentence.
std::string_view subject_of(const ApplicationDetail& detail);
std::string predicate_of(const ApplicationDetail& detail);

// Why a module is listed, the most important first. That the shape of its state changed is said in
// one word where the state itself is told elsewhere.
enum class StateReason { in_full, in_one_word };
std::vector<std::string> reasons_of(const ModuleChange& module,
                                    StateReason state = StateReason::in_full);

}  // namespace relup::diff
