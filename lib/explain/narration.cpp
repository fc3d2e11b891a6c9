// SPDX-License-Identifier: Apache-2.0
//
// A script is told from its begin to its end. Neighbouring steps of one kind become one sentence:
// loads with loads, and a removed module with its purge. What holds for the script as a whole, who
// stands still from where to where and whose processes may be killed, is said after it.

#include "explain/narration.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "explain/step_text.hpp"

namespace relup::explain {
namespace {

using appup::Action;
using appup::Direction;

class Narrator {
 public:
  explicit Narrator(const Script& script) : script_(script) {}

  Narration tell(Direction direction, std::string from, std::string to) {
    Narration narration{direction, std::move(from), std::move(to), script_.size(), {}, {}};
    for (std::size_t at = 0; at < script_.size();) {
      const std::size_t end = end_of_run(at);
      narration.steps.push_back({at + 1, end, text_of(at, end)});
      at = end;
    }
    narration.remarks = remarks();
    return narration;
  }

 private:
  template <typename Kind>
  const Kind* step(std::size_t at) const {
    return at < script_.size() ? std::get_if<Kind>(&script_[at].action) : nullptr;
  }

  // Whether `remove` stands at `at` and the purge of that module right after it.
  bool is_removal(std::size_t at) const {
    const auto* remove = step<appup::Remove>(at);
    const auto* purge = step<appup::PurgeModules>(at + 1);
    return remove != nullptr && purge != nullptr && purge->modules == std::vector{remove->module};
  }

  std::size_t end_of_run(std::size_t at) const {
    std::size_t end = at;
    while (is_removal(end))
      end += 2;
    if (end > at) return end;
    while (step<appup::Load>(end) != nullptr)
      ++end;
    if (end > at) return end;
    while (step<appup::Remove>(end) != nullptr && !is_removal(end))
      ++end;
    return std::max(end, at + 1);
  }

  std::string text_of(std::size_t begin, std::size_t end) {
    is_behind_ = is_behind_ || step<appup::PointOfNoReturn>(begin) != nullptr;
    if (is_removal(begin)) {
      return "removes " + names_of<appup::Remove>(begin, end) +
             " and purges the code: processes that still run it are killed";
    }
    if (step<appup::Load>(begin) != nullptr) return "loads " + names_of<appup::Load>(begin, end);
    if (step<appup::Remove>(begin) != nullptr) {
      return "removes " + names_of<appup::Remove>(begin, end);
    }
    if (const auto* suspend = step<appup::Suspend>(begin)) {
      return suspend_text(*suspend) + "; " + silence_text(begin);
    }
    return step_text(script_[begin].action, is_behind_ ? Phase::after : Phase::before);
  }

  template <typename Kind>
  std::string names_of(std::size_t begin, std::size_t end) const {
    std::vector<Atom> modules;
    for (std::size_t at = begin; at < end; ++at) {
      if (const auto* each = step<Kind>(at)) modules.push_back(each->module);
    }
    return listed(modules);
  }

  // The step that resumes a module which is suspended at `from`; none when nothing does.
  std::optional<std::size_t> resumed_at(Atom module, std::size_t from) const {
    for (std::size_t at = from; at < script_.size(); ++at) {
      const auto* resume = step<appup::Resume>(at);
      if (resume == nullptr) continue;
      const auto& modules = resume->modules;
      if (std::find(modules.begin(), modules.end(), module) != modules.end()) return at;
    }
    return std::nullopt;
  }

  // The suspended modules of a step by the step that resumes them.
  std::map<std::size_t, std::vector<Atom>> by_resume(std::size_t at) const {
    std::map<std::size_t, std::vector<Atom>> pauses;
    for (const auto& target : step<appup::Suspend>(at)->targets) {
      pauses[resumed_at(target.module, at).value_or(script_.size())].push_back(target.module);
    }
    return pauses;
  }

  std::string silence_text(std::size_t at) const {
    std::string text;
    for (const auto& [end, modules] : by_resume(at)) {
      if (!text.empty()) text += ", ";
      text += listed(modules) + (modules.size() > 1 ? " answer nobody " : " answers nobody ") +
              (end == script_.size() ? "from here on" : "until step " + std::to_string(end + 1));
    }
    return text;
  }

  std::vector<std::string> remarks() const {
    std::vector<std::string> remarks;
    for (std::size_t at = 0; at < script_.size(); ++at) {
      if (step<appup::Suspend>(at) == nullptr) continue;
      for (const auto& [end, modules] : by_resume(at)) {
        remarks.push_back("pause: " + listed(modules) + ", from step " + std::to_string(at + 1) +
                          (end == script_.size() ? " on, without an end"
                                                 : " to step " + std::to_string(end + 1)));
      }
    }
    add_purges(remarks);
    return remarks;
  }

  void add_purges(std::vector<std::string>& remarks) const {
    using appup::Purge;
    Purges purges;
    for (std::size_t at = 0; at < script_.size(); ++at) {
      if (const auto* load = step<appup::Load>(at)) purges.add(*load);
      const auto* remove = step<appup::Remove>(at);
      if (remove == nullptr) continue;
      purges.add_before(*remove);
      if (!is_removal(at)) purges.add_after(*remove);  // else it is purged at once
    }
    const auto tell = [&](const std::vector<Atom>& modules, const std::string& front,
                          const std::string& rear) {
      if (!modules.empty()) remarks.push_back(front + listed(modules) + rear);
    };
    tell(purges.before[Purge::soft], "refused at the start while a process runs old code of ", "");
    tell(purges.before[Purge::brutal], "killed at the start: processes that run old code of ", "");
    tell(purges.after[Purge::soft], "old code of ", " is purged once no process runs it");
    tell(purges.after[Purge::brutal],
         "killed when the release is made permanent: processes that still run old code of ", "");
  }

  // Modules by what becomes of their old code, each once.
  struct Purges {
    std::map<appup::Purge, std::vector<Atom>> before;
    std::map<appup::Purge, std::vector<Atom>> after;

    void add(const appup::Load& load) {
      add_before(load);
      add_after(load);
    }
    template <typename Change>
    void add_before(const Change& change) {
      add_to(before[change.pre_purge], change.module);
    }
    template <typename Change>
    void add_after(const Change& change) {
      add_to(after[change.post_purge], change.module);
    }
    static void add_to(std::vector<Atom>& modules, Atom module) {
      if (std::find(modules.begin(), modules.end(), module) == modules.end()) {
        modules.push_back(module);
      }
    }
  };

  const Script& script_;
  bool is_behind_ = false;  // the point of no return
};

bool has_same_steps(const Narration& left, const Narration& right) {
  return left.direction == right.direction && left.remarks == right.remarks &&
         std::equal(left.steps.begin(), left.steps.end(), right.steps.begin(), right.steps.end(),
                    [](const ToldStep& a, const ToldStep& b) { return a.text == b.text; });
}

// Many appups say the same for one version after the other; that is told once.
void add(Narration narration, std::vector<Narration>& all) {
  if (all.empty() || !has_same_steps(all.back(), narration)) {
    all.push_back(std::move(narration));
    return;
  }
  const bool up = narration.direction == Direction::up;
  (up ? all.back().from : all.back().to) += ", " + (up ? narration.from : narration.to);
}

}  // namespace

std::string title_of(const Narration& narration) {
  const bool up = narration.direction == Direction::up;
  return std::string(up ? "up" : "down") + " from " + narration.from + " to " + narration.to +
         ": " + std::to_string(narration.count) + (narration.count == 1 ? " step" : " steps");
}

std::vector<Narration> narrate(const Relup& relup) {
  std::vector<Narration> all;
  for (const RelupEntry& entry : relup.up)
    all.push_back(Narrator(entry.script).tell(Direction::up, entry.version, relup.version));
  for (const RelupEntry& entry : relup.down)
    all.push_back(Narrator(entry.script).tell(Direction::down, relup.version, entry.version));
  return all;
}

std::vector<Narration> narrate(const appup::Appup& appup, Atom application, Problems& problems) {
  const std::string own = print_version(appup.version);
  std::vector<Narration> all;
  for (const Direction direction : {Direction::up, Direction::down}) {
    const Term& list = direction == Direction::up ? appup.up : appup.down;
    if (!list.is_proper_list()) continue;
    for (const Term& entry : *list.as_list()) {
      const Term::Elements* pair = entry.as_tuple();
      if (pair == nullptr || pair->size() != 2) continue;
      const bool up = direction == Direction::up;
      const std::string other = print_version(pair->front());
      const std::string& from = up ? other : own;
      const std::string& to = up ? own : other;
      const auto script =
          script_of_entry({application, to, direction, pair->back(), appup.source}, problems);
      if (script) add(Narrator(*script).tell(direction, from, to), all);
    }
  }
  return all;
}

}  // namespace relup::explain
