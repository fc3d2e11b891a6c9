// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comments by which a person tells relup to leave something alone when it merges:
// `%% relup:keep shop_cart` in an entry, `%% relup:keep "1.0"` among the entries.

#include <set>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "term/term.hpp"

namespace relup::merge {

// What the comments in the lines of `span`, from its begin on, name. Comments that name nothing are
// passed over.
std::vector<Term> read_keep_comments(const SourceText& source, const std::vector<Span>& comments,
                                     Span span);

std::set<Atom> kept_modules(const std::vector<Term>& named);
std::set<std::string> kept_versions(const std::vector<Term>& named);

}  // namespace relup::merge
