// SPDX-License-Identifier: Apache-2.0
#include "change/guarded.hpp"

#include "base/error.hpp"
#include "host/guarded_files.hpp"

namespace relup::change {
namespace {

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

}  // namespace

void guarded(const ChangeTools& tools, const host::Host& host, const std::function<void()>& call) {
  host::GuardedFiles guard(tools.files, host.root, *tools.journal);
  guard.keep();
  try {
    call();
  } catch (const Error& error) {
    take_back(tools, guard, error);
    throw;
  }
  guard.settle();
}

}  // namespace relup::change
