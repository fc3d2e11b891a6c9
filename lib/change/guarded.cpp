// SPDX-License-Identifier: Apache-2.0
#include "change/guarded.hpp"

#include "base/error.hpp"
#include "host/guarded_files.hpp"

namespace relup::change {
namespace {

// A decision that stays is told as that by whoever ends the work.
void try_to_take_back(host::Journal& journal) {
  try {
    journal.take_back();
  } catch (const Error&) {
    return;
  }
}

void take_back(const ChangeTools& tools, host::GuardedFiles& guard, const Error& cause) {
  const auto* broken = dynamic_cast<const node::NodeError*>(&cause);
  const bool has_answered = broken == nullptr || broken->delivery() == node::Delivery::answered;
  try {
    if (has_answered) {
      guard.put_back();
      if (tools.journal->operation().decision) tools.journal->take_back();
    } else {
      guard.mend();
    }
  } catch (const Error& failure) {
    throw Error(ErrorCode::uncertain, cause.message() +
                                          "; and what was in releases/ before could "
                                          "not be put back: " +
                                          failure.message())
        .with_hint("`relup recover` when that is mended")
        .because_of(cause);
  }
}

// Without copies nothing is asked of the node, and what was decided for that is not done.
void keep(const ChangeTools& tools, host::GuardedFiles& guard) {
  try {
    guard.keep();
  } catch (const Error&) {
    if (tools.journal->operation().decision) try_to_take_back(*tools.journal);
    throw;
  }
}

}  // namespace

void guarded(const ChangeTools& tools, const host::Host& host, const std::function<void()>& call) {
  host::GuardedFiles guard(tools.files, host.root, *tools.journal);
  keep(tools, guard);
  try {
    call();
  } catch (const Error& error) {
    take_back(tools, guard, error);
    throw;
  }
  guard.settle();
}

}  // namespace relup::change
