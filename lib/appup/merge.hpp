// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings an appup that somebody has edited up to date without losing an edit: a three-way merge of
// the file, of what relup generated last (which the file records), and of what it would write now.
//
//   the file has          relup would write        the result
//   what was generated    something else, nothing  what relup would write
//   an edit, nothing      what was generated       what the file has
//   something of its own  nothing                  what the file has
//   nothing               something new            what relup would write
//   an edit, nothing      something else, nothing  a conflict, unless both are the same
//
// Instructions are compared entry by entry, by their module and what they say (fingerprint.hpp).
// The text stays as it is to the byte but for what changes; comments always stay. An entry that
// relup wrote and would not write any more stays when it was edited. A version that a regular
// expression of the user serves is the user's. So is what a comment names: `%% relup:keep MODULE`
// in an entry, `%% relup:keep "VSN"` among the entries.
//
// A conflict is an error (rule appup-conflict) at the user's instruction, and the text stays as it
// was. So it does when nothing can be told: without a record; with a damaged one, or in a file that
// is no plain `[A, B]` in UTF-8, which is a warning (rule appup-base); in one that does not parse,
// which whoever reads it next will say.

#include <string>

#include "appup/appup_text.hpp"
#include "base/diagnostic.hpp"

namespace relup::appup {

struct MergeResult {
  std::string text;
  Diagnostics diagnostics;
};

// `edited` is the text of the file `name`, `document` what relup would write for `application` now.
MergeResult merge_appup(const std::string& name, const std::string& edited,
                        const AppupDocument& document, const std::string& application);

}  // namespace relup::appup
