// SPDX-License-Identifier: Apache-2.0
#include "live/node_place.hpp"

#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

host::NodeFolder folder(const Term::Elements& parts) {  // {Path, {Device, Inode} | none}
  host::NodeFolder found{text_of(parts.at(0)), std::nullopt};
  if (const Term::Elements* identity = parts.at(1).as_tuple()) {
    found.identity = {static_cast<std::uint64_t>(number_of(identity->at(0))),
                      static_cast<std::uint64_t>(number_of(identity->at(1)))};
  }
  return found;
}

}  // namespace

host::NodePlace read_node_place(const Term& answer) {
  host::NodePlace place;
  for (const auto& [key, value] : keyed_values(answer)) {
    const Term::Elements* parts = value.as_tuple();
    if (parts == nullptr || parts->size() != 2) continue;  // `busy`
    if (key == "release") {
      place.name = text_of(parts->at(0));
      place.version = text_of(parts->at(1));
    }
    if (key == "named") place.named = folder(*parts);
    if (key == "root") place.root = folder(*parts);
    if (key == "emulator") place.emulator = folder(*parts);
    if (key == "releases") place.releases = folder(*parts);
  }
  if (place.root.path.empty())
    throw Error(ErrorCode::bad_input,
                "the agent does not tell where the node runs from: " + print(answer));
  return place;
}

}  // namespace relup::live
