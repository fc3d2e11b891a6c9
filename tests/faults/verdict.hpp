// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is asked after a verb in which a fault was met: that its exit code says what is, that a
// start boots the old release or the new one, and that `relup recover`, or the verb once more, ends
// it. Counts what it has seen, for docs/reliability.md.

#include <map>
#include <string>

#include "faults.hpp"

namespace relup::live_tests {

enum class End { recover, again, start };

// recover: the node goes on. again: so it does, and the verb is asked for once more. start: the
// node is killed and started, before anything is recovered. By turns, the last one seldom.
End turn(std::size_t number);

class Verdict {
 public:
  explicit Verdict(FaultyHost& host) : host_(host) {}

  // Whether the exit code says what is. `before`: the files before the verb; `what`: for people.
  void judge(const Verb& verb, const RelupResult& result, const Listing& before,
             const std::string& what);
  // Ends what was left.
  void end_it(const Verb& verb, End end, const std::string& what);
  // The exit code of a verb whose node has died in it.
  void judge_death(const Verb& verb, const RelupResult& result, const std::string& what);
  // What is left of a host, node or not, boots.
  bool boots(const std::string& what);

  void note(int code) { ++codes_[code]; }
  void start_node(const std::string& what);
  // A failed test, as long as there are not too many.
  void fault(const std::string& text);

  // Prints the figures and gives them to the page.
  void tell(const std::string& table, const std::string& row, std::size_t calls, std::size_t cases,
            std::size_t tried) const;

 private:
  void expect_as_before(const Verb& verb, const Truth& now, const Listing& before,
                        const std::string& tells);

  FaultyHost& host_;
  bool is_uncommitted_ = false;  // by the last exit code: then a commit ends it
  std::size_t found_ = 0;
  std::size_t starts_ = 0;
  std::map<int, std::size_t> codes_;
};

// Whether `relup recover` has found nothing to do.
bool is_nothing(const RelupResult& recover);

}  // namespace relup::live_tests
