// SPDX-License-Identifier: Apache-2.0
#include "change/objection.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/words.hpp"

namespace relup::change {
namespace {

// A wrong call stays wrong; a release that cannot be used has to be built again; what the node does
// may be over soon.
constexpr std::array least_helped_by_waiting{ErrorCode::usage, ErrorCode::needs_restart,
                                             ErrorCode::bad_input, ErrorCode::answer_is_no,
                                             ErrorCode::unavailable};

ErrorCode code_of(const Objections& objections) {
  const auto rank = [](const std::shared_ptr<const Objection>& objection) {
    const auto& order = least_helped_by_waiting;
    return std::find(order.begin(), order.end(), objection->code()) - order.begin();
  };
  return (*std::min_element(
              objections.begin(), objections.end(),
              [&](const auto& left, const auto& right) { return rank(left) < rank(right); }))
      ->code();
}

}  // namespace

void append(Objections& objections, Objections more) {
  std::move(more.begin(), more.end(), std::back_inserter(objections));
}

std::string to_text(const Objection& objection) {
  const std::string hint = objection.hint();
  return objection.sentence() + (hint.empty() ? "" : "; " + hint);
}

Error refusal(const std::string& what, const Objections& objections) {
  if (objections.size() == 1) {
    const Objection& only = *objections.front();
    return Error(only.code(), only.sentence()).with_hint(only.hint());
  }
  std::string message = what + " is refused, for " + counted(objections.size(), "reason") + ":";
  for (const auto& objection : objections)
    message += "\n  " + to_text(*objection);
  return {code_of(objections), message};
}

}  // namespace relup::change
