// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the node that answers is one of this root (host/node_place.hpp). A copy of a root has a
// node of the same name, and what relup did there would be done to files that the node never sees,
// or to those of the other root. So this is asked before anything else is.

#include "change/objection.hpp"
#include "host/node_place.hpp"

namespace relup::change {

// None where the node runs from the root, on an emulator of its own or on the system's.
Objections against_place(FileSystem& files, const host::Host& host, const std::string& node,
                         const host::NodePlace& place);

}  // namespace relup::change
