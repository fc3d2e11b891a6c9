// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads an appup in any of the forms in which people keep it (appup_name.hpp). What the build puts
// in place of a placeholder is `version`, where that is known; else the placeholder itself counts
// as the version. All places are those of the file as it is.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "appup/appup_name.hpp"
#include "term/term_file.hpp"

namespace relup::appup {

struct KeptAppup {
  AppupForm form = AppupForm::plain;
  TermFile file;
  // The text with atoms in place of unquoted placeholders. An Elixir term has none.
  Source lexed;
};

// `name` names the file in messages; one that is no appup by its name counts as a template.
std::variant<KeptAppup, TermFault> read_kept_appup(const std::string& name, std::string bytes,
                                                   Dialect dialect,
                                                   const std::optional<std::string>& version = {});

// The text of the NAME.appup that a build makes of a file: of a template with `version` in place of
// its placeholder, of an Elixir term the same in Erlang. A text that does not read, and one that is
// no template, stays as it is.
std::string built_appup(const std::string& name, std::string bytes, const std::string& version);

}  // namespace relup::appup
