// SPDX-License-Identifier: Apache-2.0
#pragma once

// A relup, or an appup, told step by step as a person would: what is done, what stands still
// meanwhile, and who may be killed. An appup is told without its releases, so instructions for
// whole applications stay one step each. What cannot be told, since it does not compile, comes as
// problems.

#include <cstddef>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "relup/script.hpp"
#include "term/problem.hpp"

namespace relup::explain {

// One step, or several of a kind in a row. Steps are counted from 1.
struct ToldStep {
  std::size_t first = 1;
  std::size_t last = 1;
  std::string text;
};

struct Narration {
  appup::Direction direction = appup::Direction::up;
  std::string from;  // a version or /pattern/; several where the steps are the same
  std::string to;
  std::size_t count = 0;  // of steps
  std::vector<ToldStep> steps;
  std::vector<std::string> remarks;  // pauses, purges
};

// "up from 1.0 to 2.0: 12 steps"
std::string title_of(const Narration& narration);

std::vector<Narration> narrate(const Relup& relup);

// `application` is the one that the appup belongs to.
std::vector<Narration> narrate(const appup::Appup& appup, Atom application, Problems& problems);

}  // namespace relup::explain
