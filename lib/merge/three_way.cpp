// SPDX-License-Identifier: Apache-2.0
//
// First the instructions of the three lists are matched. Mostly a module has one instruction in a
// list, and that is that. Where it has several, equal ones belong together, and the rest in the
// order in which they stand. Then each match is decided for itself.
//
// The order is the user's when he has changed it. When he has not, it is the one that relup would
// write now: of the instructions that all three have, a longest run that is in order already stays
// (so that as little as possible is moved), the others move. What the user has edited never moves.

#include "merge/three_way.hpp"

#include <algorithm>

namespace relup::merge {
namespace {

using Index = std::optional<std::size_t>;
using Side = Index Decision::*;

class Matcher {
 public:
  Matcher(const appup::Fingerprints& user, const appup::Fingerprints& base,
          const appup::Fingerprints& now)
      : user_(user), base_(base), now_(now) {}

  std::vector<Decision> match() {
    for (std::size_t i = 0; i < base_.size(); ++i)
      decisions_.push_back({{}, i, {}});
    // Where relup and the user agree, it hardly matters what was there before.
    for (std::size_t i = 0; i < user_.size(); ++i) {
      const auto same = find(now_, taken_now_, user_[i]);
      if (same) place(user_[i], i, same);
    }
    place_equal(user_, taken_user_, &Decision::user);
    place_equal(now_, taken_now_, &Decision::now);
    place_rest(user_, taken_user_, &Decision::user);
    place_rest(now_, taken_now_, &Decision::now);
    return std::move(decisions_);
  }

 private:
  using Taken = std::set<std::size_t>;

  static Index find(const appup::Fingerprints& list, const Taken& taken,
                    const appup::Fingerprint& sought) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i] == sought && !taken.contains(i)) return i;
    }
    return std::nullopt;
  }

  // A decision about what is `sought` that has neither a user's nor a new instruction yet.
  Decision* find_equal(const appup::Fingerprint& sought, Side side) {
    for (Decision& decision : decisions_) {
      if (decision.base && !(decision.*side) && base_[*decision.base] == sought) return &decision;
    }
    return nullptr;
  }

  const appup::Fingerprint& any_of(const Decision& decision) const {
    if (decision.base) return base_[*decision.base];
    return decision.user ? user_[*decision.user] : now_[*decision.now];
  }

  void place(const appup::Fingerprint& sought, Index user, Index now) {
    Decision* decision = find_equal(sought, &Decision::user);
    if (decision == nullptr) decision = &decisions_.emplace_back();
    decision->user = user;
    decision->now = now;
    taken_user_.insert(*user);
    taken_now_.insert(*now);
  }

  // What has not changed since relup wrote it.
  void place_equal(const appup::Fingerprints& list, Taken& taken, Side side) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (taken.contains(i)) continue;
      Decision* decision = find_equal(list[i], side);
      if (decision == nullptr) continue;
      decision->*side = i;
      taken.insert(i);
    }
  }

  // What has changed, or is new.
  void place_rest(const appup::Fingerprints& list, const Taken& taken, Side side) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (taken.contains(i)) continue;
      const auto fits = [&](const Decision& decision) {
        return !(decision.*side) && any_of(decision).is_about_the_same(list[i]);
      };
      const auto free = std::find_if(decisions_.begin(), decisions_.end(), fits);
      Decision& decision = free == decisions_.end() ? decisions_.emplace_back() : *free;
      decision.*side = i;
    }
  }

  const appup::Fingerprints& user_;
  const appup::Fingerprints& base_;
  const appup::Fingerprints& now_;
  Taken taken_user_;
  Taken taken_now_;
  std::vector<Decision> decisions_;
};

bool is_in_all(const Decision& decision) {
  return decision.user && decision.base && decision.now;
}

// The indices, sorted by `by`, of what all three lists have.
std::vector<Decision*> common(std::vector<Decision>& decisions, Side by) {
  std::vector<Decision*> found;
  for (Decision& decision : decisions) {
    if (is_in_all(decision)) found.push_back(&decision);
  }
  std::sort(found.begin(), found.end(), [by](const Decision* left, const Decision* right) {
    return *(left->*by) < *(right->*by);
  });
  return found;
}

bool has_order_of(const std::vector<Decision*>& decisions, Side side) {
  return std::is_sorted(
      decisions.begin(), decisions.end(),
      [side](const Decision* left, const Decision* right) { return left->*side < right->*side; });
}

// Those of `decisions` that are not in a longest run whose `now` ascends.
std::set<Decision*> out_of_order(const std::vector<Decision*>& decisions) {
  std::vector<std::size_t> length(decisions.size(), 1);  // of the longest run that ends there
  std::vector<Index> previous(decisions.size());
  Index last;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (decisions[k]->now < decisions[i]->now && length[k] >= length[i]) {
        length[i] = length[k] + 1;
        previous[i] = k;
      }
    }
    if (!last || length[i] > length[*last]) last = i;
  }
  std::set<Decision*> outside(decisions.begin(), decisions.end());
  for (; last; last = previous[*last])
    outside.erase(decisions[*last]);
  return outside;
}

}  // namespace

std::vector<Decision> merge_instructions(const appup::Fingerprints& user,
                                         const appup::Fingerprints& base,
                                         const appup::Fingerprints& now,
                                         const std::set<Atom>& left_alone) {
  std::vector<Decision> decisions = Matcher(user, base, now).match();
  const auto value = [](const appup::Fingerprints& list, Index index) {
    return index ? std::optional(list[*index]) : std::nullopt;
  };
  const auto is_left_alone = [&](const std::optional<appup::Fingerprint>& one) {
    return one && one->module && left_alone.contains(*one->module);
  };
  for (Decision& decision : decisions) {
    const auto users = value(user, decision.user);
    const auto nows = value(now, decision.now);
    if (is_left_alone(users) || is_left_alone(nows)) continue;
    decision.verdict = three_way(users, value(base, decision.base), nows);
  }
  const std::vector<Decision*> in_file = common(decisions, &Decision::user);
  if (!has_order_of(in_file, &Decision::base)) return decisions;
  for (Decision* decision : out_of_order(in_file)) {
    const bool is_as_now = user[*decision->user] == now[*decision->now];
    const bool is_free = !is_left_alone(user[*decision->user]);
    decision->moves = is_free && (decision->verdict == Verdict::take_now || is_as_now);
  }
  return decisions;
}

}  // namespace relup::merge
