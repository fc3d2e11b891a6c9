// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inputs of a compilation, written to a directory and always the same for the same request: two
// releases, `new.rel` and `old.rel`, whose applications all differ in their version, with an appup
// for each that names every module.
//
//     new.rel, old.rel                       the second lists every application at version 0.1
//     lib/NAME-VSN/ebin/NAME.app, NAME.appup
//     lib/NAME-0.1/ebin/NAME.app             what `old.rel` needs; no code is there, none is read

#include <cstddef>
#include <string>

namespace relup::bench {

// What an appup says of each module.
enum class AppupStyle {
  load_module,      // {load_module, M}
  update_advanced,  // {update, M, {advanced, []}}
  chain,            // {load_module, M, [Next]}: one chain of DepMods through the application
};

// How large a made-up release is. It has kernel, stdlib and sasl besides, unchanged and empty.
struct Shape {
  std::size_t applications = 1;
  std::size_t modules_each = 1;
};

// A release of every application that the Erlang installation at `erlang_root` has a `.app` file
// of. Returns the number of modules.
std::size_t write_otp_release(const std::string& erlang_root, AppupStyle style,
                              const std::string& directory);

// Returns the number of modules.
std::size_t write_made_up_release(const Shape& shape, AppupStyle style,
                                  const std::string& directory);

}  // namespace relup::bench
