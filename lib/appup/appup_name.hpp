// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the file of an appup is called, and where it is.

#include <optional>
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

// How an appup is kept, by the name of its file.
enum class AppupForm {
  plain,            // NAME.appup, which systools reads
  erlang_template,  // what a build makes it from: a placeholder may stand for the version
  part,    // a template whose instructions are added to generated ones (.pre.src, .post.src)
  elixir,  // an Elixir term, which a compiler of mix evaluates (appup.exs)
};

// None for a file that is no appup by its name.
std::optional<AppupForm> form_of(std::string_view path);

// Whether the file is an appup in any form.
bool is_appup(std::string_view path);

// The application that an appup of this name belongs to: up to the first hyphen or full stop, and
// for one that is called after two versions (rel/appups/shop/1.0_to_2.0.appup) the folder it is in.
Atom application_of(const std::string& path);

}  // namespace relup::appup
