// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that the old code sends to a gen_server, and whose new code does not take them. They are
// sent by its own module, or by another one that names it: by its registered name, or by its
// module.

#include "diff/live/code_pair.hpp"

namespace relup::diff {

class SentRequests {
 public:
  // What the old code of all modules sends. In several threads.
  explicit SentRequests(const CodePairs& pairs);

  // Adds to the changes of the module of `server` what it does not take any more.
  void compare(CodePair& server) const;

 private:
  struct Sent {
    Atom client;
    std::string how;               // "call", "cast"
    std::optional<Atom> receiver;  // its name, where it stands there
    std::string request;           // "{take, _}"
  };

  static std::vector<Sent> sent_by(const CodePair& client);
  void take_names(const CodePair& starter);
  bool reaches(const Sent& sent, Atom server) const;
  void compare(CodePair& server, std::string_view how, std::string_view callback,
               unsigned arity) const;

  std::vector<Sent> sent_;
  std::map<Atom, std::set<Atom>> names_;  // the modules that are started by a name
};

}  // namespace relup::diff
