// SPDX-License-Identifier: Apache-2.0
#pragma once

// A call into OTP's release handler that may write RELEASES or start_erl.data, with what
// host/guarded_files.hpp does before and after it: where the node has answered and refused, what
// was there is put back; where nobody knows what it did, a file that cannot be read is. Where the
// files cannot be kept, the node is not asked, and what was decided is taken back.

#include <functional>

#include "change/change.hpp"
#include "host/host.hpp"

namespace relup::change {

// Throws what `call` throws; Error (uncertain) where what was kept could not be put back.
void guarded(const ChangeTools& tools, const host::Host& host, const std::function<void()>& call);

}  // namespace relup::change
