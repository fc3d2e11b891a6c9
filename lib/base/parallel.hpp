// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work that falls into independent pieces, done by as many threads as the machine has cores.

#include <cstddef>
#include <functional>

namespace relup {

// Calls `work` with each number below `count`, in any order and on several threads at once; returns
// when all of it is done. When pieces throw, the exception of the one with the smallest number is
// thrown on, so that the outcome does not depend on the threads.
void for_each_index(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace relup
