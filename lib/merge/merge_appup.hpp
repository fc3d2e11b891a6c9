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
// Instructions are compared entry by entry, by their module and by what they say (fingerprint.hpp).
// Outside the instructions that change, the text stays as it is to the byte; comments always stay.
// An entry that relup would no longer write stays if it was edited. Left to the user is: every
// version that a regular expression of the user serves, and whatever a comment names, by
// `%% relup:keep MODULE` in an entry or `%% relup:keep "VSN"` among the entries.
//
// The text stays as it was, too, where no merge is possible:
//   - on a conflict, an error (rule appup-conflict) at the user's instruction;
//   - if the record of what was generated is damaged, or the file is not written as plain lists in
//     UTF-8, a warning (rule appup-base);
//   - if there is no record at all: then the file is the user's own;
//   - if the file does not parse: the next reader of it will say so.

#include <string>

#include "appup/appup_text.hpp"
#include "base/diagnostic.hpp"

namespace relup::merge {

struct MergeResult {
  std::string text;
  Diagnostics diagnostics;
};

// `edited` is the text of the file `name`, `document` what relup would write for `application` now.
MergeResult merge_appup(const std::string& name, const std::string& edited,
                        const appup::AppupDocument& document, const std::string& application);

}  // namespace relup::merge
