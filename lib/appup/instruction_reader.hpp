// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads one instruction in full form from its term. Parts are checked in the order in which
// `systools_rc:check_op/1` checks them, and the first that is wrong is thrown as an
// InstructionFault: an internal tool of instruction.cpp, which turns the throw into a value.

#include "appup/instruction.hpp"

namespace relup::appup {

class InstructionReader {
 public:
  explicit InstructionReader(const Term& term) : term_(term) {}

  Action read() const;

 private:
  using Parts = Term::Elements;

  Action read_atom(const Atom& name) const;
  std::optional<Action> read_high_level(const std::string& name, const Parts& parts) const;
  std::optional<Action> read_low_level(const std::string& name, const Parts& parts) const;
  std::optional<Action> read_triple(const std::string& name, const Term& argument) const;
  Action read_update(const Parts& parts) const;
  Action read_load_module(const Parts& parts) const;
  Action read_load_object_code(const Parts& parts) const;
  Action read_suspend(const Term& targets) const;
  Action read_code_change(const Parts& parts) const;
  Action read_sync_nodes(const Parts& parts) const;
  Action read_apply(const Parts& call) const;

  Atom module(const Term& term) const;
  Atom application(const Term& term) const;
  std::vector<Atom> modules(const Term& term) const;
  std::vector<Atom> dep_mods(const Parts& parts, std::size_t at) const;
  Purge purge(const Term& term) const;
  Term timeout(const Term& term) const;
  const Parts& list(const Term& term) const;
  void check_end(const Term& list) const;

  Span place_of(const Term& culprit) const;
  [[noreturn]] void fail(std::string_view tag, const Term& culprit, std::string message,
                         std::string expected) const;

  const Term& term_;
};

}  // namespace relup::appup
