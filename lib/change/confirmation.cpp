// SPDX-License-Identifier: Apache-2.0
#include "change/confirmation.hpp"

#include "base/error.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

void Confirmation::expect(const std::optional<Milliseconds>& within, const Outcome& outcome) {
  if (!within) return;
  const auto back = host::find_script_on(tools_.files, host_, outcome.to, outcome.from);
  session_.agent().confirm_within({outcome.to, outcome.from, *within},
                                  installing_.order(outcome.to, outcome.from),
                                  back ? back->purged_brutally_before : std::vector<Atom>());
}

void Confirmation::forget() {
  try {
    call_off();
  } catch (const Error&) {
    // It ends by itself.
  }
}

}  // namespace relup::change
