// SPDX-License-Identifier: Apache-2.0
#pragma once

// The placeholder that stands for the version in a template of an appup: a free variable that the
// build binds (`{VSN, ...}`), or what it exchanges in the text, quoted or not (`%VSN%`, `{{vsn}}`,
// `@VSN@`, `<%= vsn %>`). Of each template there is one: what stands first in its tuple.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.hpp"
#include "term/term.hpp"

namespace relup::appup {

// Where it stands outside of strings, comments and quoted atoms, in order; none where the version
// is a literal term.
std::vector<Span> unquoted_placeholders(std::string_view text);

// The text with an atom of the same length in their places, so that it reads as a term.
std::string with_atoms(std::string_view text, const std::vector<Span>& placeholders);

// Whether the text of a string is a placeholder, as in `{"%VSN%", ...}`.
bool is_quoted_placeholder(std::string_view text);

// `term`, read from such a text, with `version` for the terms at these places, and for every string
// that is `quoted`.
Term bind_version(const Term& term, const std::vector<Span>& placeholders,
                  const std::optional<std::string>& quoted, const std::string& version);

}  // namespace relup::appup
