// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the process of a child is: a supervisor, a manager of events or another server, and of which
// callback module. Told from the compiled code of the function that starts it, through functions of
// other modules as well, for a few steps. Where the code chooses, or somebody unknown starts the
// process, nothing is told.

#include <functional>
#include <optional>

#include "beam/code/value_flow.hpp"

namespace relup::facts {

struct ChildProcess {
  enum class Kind { supervisor, event_manager, server };
  Kind kind = Kind::server;
  std::optional<Atom> callback = {};  // none of those that bring their own, or where it is not told
  bool operator==(const ChildProcess&) const = default;
};

// The code of a module; null where it is not known. It must outlive the call.
using FindFlow = std::function<const beam::ValueFlow*(Atom)>;

std::optional<ChildProcess> process_started_by(const FindFlow& find, Atom module, Atom function,
                                               std::size_t arity);

// Whether the code of a module may take a message with that atom.
bool may_take(const beam::ValueFlow& code, std::string_view message);

}  // namespace relup::facts
