// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the file of an appup is called, and where it is.

#include <string>
#include <string_view>

#include "term/atom.hpp"

namespace relup::appup {

// "shop.appup", as systools looks for it beside shop.app.
std::string appup_name(Atom application);

// "shop-1.2.appup", in a folder of appups of several applications.
std::string appup_name(Atom application, const std::string& version);

// "lib/shop-1.2/ebin/shop.appup", where `directory` is that of the application.
std::string appup_path(const std::string& directory, Atom application);

// Whether the file is an appup or a template of one (.appup.src).
bool is_appup(std::string_view path);

// The application that an appup of this name belongs to: up to the first hyphen or full stop.
Atom application_of(const std::string& path);

}  // namespace relup::appup
