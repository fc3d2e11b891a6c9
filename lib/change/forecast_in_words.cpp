// SPDX-License-Identifier: Apache-2.0
#include "change/forecast_in_words.hpp"

#include <algorithm>
#include <map>

#include "base/words.hpp"
#include "change/process_names.hpp"

namespace relup::change {
namespace {

using live::Forecast;
using live::HeldFunction;
using live::StayingProcesses;
using live::TreeDifference;
using Class = StayingProcesses::Class;

bool has(const std::vector<Atom>& modules, Atom module) {
  return std::find(modules.begin(), modules.end(), module) != modules.end();
}

// "looper:loop/1"
std::string place_of(const StayingProcesses& staying) {
  return staying.module.name() + ":" + staying.function;
}

std::string_view verb(const live::ProcessGroup& group, std::string_view one,
                      std::string_view many) {
  return group.count == 1 ? one : many;
}

class Writer {
 public:
  Writer(const Forecast& forecast, const host::ScriptSummary& script, Engine engine)
      : forecast_(forecast), script_(script), engine_(engine) {}

  ForecastInWords write() {
    add_differences();
    for (const StayingProcesses& each : forecast_.staying)
      add_staying(each);
    add_held_functions();
    add_late();
    add_surroundings();
    add_not_seen();
    add_pause();
    return std::move(words_);
  }

 private:
  // With OTP's engine they are objections.
  void add_differences() {
    for (const TreeDifference& each : forecast_.differences) {
      if (each.kind == TreeDifference::Kind::not_of_module) {
        words_.notes.push_back(in_words(each));
      } else if (engine_ == Engine::relup) {
        words_.warnings.push_back(in_words(each) + "; relup's own engine does not do so");
      }
    }
  }

  // Whoever a suspend reaches leaves old code with it, so the agent does not name them here.
  void add_staying(const StayingProcesses& staying) {
    if (staying.stay == Class::moving) return;
    const live::ProcessGroup& group = staying.processes;
    const bool is_brutal = has(script_.purged_brutally, staying.module);
    const std::string who = describe(group);
    if (staying.stay == Class::captive) {
      const std::string text = who + std::string(verb(group, " is", " are")) + " in " +
                               place_of(staying) + ", a loop that nothing leads out of to new code";
      if (is_brutal) {
        words_.uncommitted.push_back(text + ": the commit would kill " +
                                     std::string(verb(group, "it", "them")) +
                                     ", so relup would not commit");
      } else {
        words_.warnings.push_back(text + ": " + std::string(verb(group, "it stays", "they stay")) +
                                  " in old code, and the next change of " + staying.module.name() +
                                  " has to end " + std::string(verb(group, "it", "them")));
      }
      return;
    }
    const std::string state =
        staying.stay == Class::parked ? " waits in " : " has been at work below ";
    const std::string states =
        staying.stay == Class::parked ? " wait in " : " have been at work below ";
    const std::string text = who + (group.count == 1 ? state : states) + place_of(staying);
    if (is_brutal) {
      words_.warnings.push_back(text + " and may stay there: while " +
                                std::string(verb(group, "it does", "they do")) +
                                ", relup does not commit, since that would kill " +
                                std::string(verb(group, "it", "them")));
    } else {
      words_.notes.push_back(text + ": old code stays until " +
                             std::string(verb(group, "it returns", "they return")));
    }
  }

  void add_held_functions() {
    std::map<Atom, std::vector<std::string>> funs;
    std::map<std::pair<Atom, std::string>, std::vector<std::string>> names;
    for (const HeldFunction& held : forecast_.held) {
      if (held.kind == HeldFunction::Kind::fun) {
        const std::string maker = held.function.empty() ? "" : " (made by " + held.function + ")";
        funs[held.module].push_back(held.place + maker);
      } else if (held.kind == HeldFunction::Kind::name) {
        names[{held.module, held.function}].push_back(held.place);
      } else {
        words_.warnings.push_back(held.place + " is of module " + held.module.name() +
                                  ", which leaves: logger drops what fails, without a word");
      }
    }
    for (const auto& [module, places] : funs) {
      words_.warnings.push_back("funs of " + module.name() + " are kept in " + listed(places) +
                                ": they belong to the old code and fail (badfun) when that is "
                                "purged, right after the load where no process runs it");
    }
    for (const auto& [name, places] : names) {
      words_.warnings.push_back(name.first.name() + ":" + name.second +
                                ", which the new code does not export, is named in " +
                                listed(places) + ": a call of it fails (undef)");
    }
    for (const auto& [module, count] : forecast_.hibernating) {
      words_.notes.push_back(counted(count, "process") + " that began in " + module.name() +
                             " hibernate" + (count == 1 ? "s" : "") +
                             "; where it wakes is not known, and " + module.name() +
                             " loses exported functions");
    }
  }

  static std::string listed(std::vector<std::string> places) {
    constexpr std::size_t most = 5;
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    if (places.size() <= most) return joined(places);
    const std::size_t left = places.size() - most;
    places.resize(most);
    return joined(places) + " and " + std::to_string(left) + " more";
  }

  void add_late() {
    for (const live::LateProcess& late : forecast_.late) {
      if (late.kind != live::LateProcess::Kind::mailbox) continue;
      words_.warnings.push_back(late.process.shown() + " has " + std::to_string(late.messages) +
                                " messages waiting, and is suspended only after them");
    }
    for (const live::NearLimit& near : forecast_.near_limit) {
      words_.warnings.push_back(
          "supervisor " + near.supervisor.shown() + " has restarted " +
          (near.done == 1 ? "a child" : std::to_string(near.done) + " times") + " within " +
          std::to_string(near.period) +
          " s: one failure more, and it ends itself and all its children");
    }
  }

  void add_surroundings() {
    for (const live::UnusableModule& each : forecast_.unusable) {
      if (each.why != live::UnusableModule::Why::no_file) continue;
      words_.warnings.push_back(each.place + ", which " + each.module.name() +
                                " was loaded from, is gone: its code_change is told that the old "
                                "version is `undefined`");
    }
    for (const live::Neighbour& each : forecast_.neighbours) {
      words_.connected.push_back(
          each.release.empty()
              ? "node " + each.node + ", which does not tell what it runs"
              : each.node + " runs " + each.release + " " + each.version +
                    ": calls between it and this node go between versions after the change");
    }
    if (!forecast_.has_heart) {
      words_.notes.push_back(script_.restarts_emulator
                                 ? "the script restarts the emulator, and no heart runs that would "
                                   "start it again"
                                 : "no heart runs: where the node ends, only a service manager "
                                   "would start it again");
    }
  }

  void add_not_seen() {
    if (!forecast_.too_deep.empty()) {
      words_.not_seen.push_back("the stacks of " + names_of(forecast_.too_deep) +
                                ", which are too deep to be read");
    }
    for (const std::string& each : forecast_.unread)
      words_.not_seen.push_back("funs of changed modules in " + each);
  }

  // What a suspend, a resume and a code_change that does next to nothing cost on an ordinary
  // machine, and what a load does, in microseconds.
  void add_pause() {
    constexpr std::size_t per_process = 15;
    constexpr std::size_t per_module = 1'000;
    std::size_t processes = 0;
    for (const live::SuspendedProcesses& each : forecast_.suspended)
      processes += each.processes.count;
    if (processes == 0) return;
    const std::size_t milliseconds =
        1 + (processes * per_process + script_.loaded.size() * per_module) / 1'000;
    words_.pause = "about " + std::to_string(rounded(milliseconds)) + " ms for " +
                   (processes == 1 ? "1 process" : std::to_string(processes) + " processes") +
                   ", and what code_change needs: a rough estimate";
  }

  // Its first digit counts.
  static std::size_t rounded(std::size_t number) {
    std::size_t unit = 1;
    while (number / unit >= 10)
      unit *= 10;
    return (number + unit / 2) / unit * unit;
  }

  const Forecast& forecast_;
  const host::ScriptSummary& script_;
  Engine engine_;
  ForecastInWords words_;
};

}  // namespace

std::string in_words(const TreeDifference& difference) {
  const std::string who = names_of(difference.processes);
  const std::string module = difference.module ? difference.module->name() : "";
  const bool is_one = difference.processes.count == 1;
  const std::string missed = is_one ? "OTP's release handler would not find it"
                                    : "OTP's release handler would not find them";
  switch (difference.kind) {
    case TreeDifference::Kind::no_supervisor_on_top:
      return "the top process of application " + difference.detail + " (" + who +
             ") is not a supervisor: OTP's release handler would ask it for its children, which "
             "may end it";
    case TreeDifference::Kind::no_supervisor:
      return who + ", below " + difference.detail + ", " +
             (is_one ? "is declared a supervisor and is none"
                     : "are declared supervisors and are none") +
             ": OTP's release handler would ask for its children, which may end it";
    case TreeDifference::Kind::dynamic:
      return who + ", below " + difference.detail + ", " + (is_one ? "has" : "have") +
             " `dynamic` modules and " + (is_one ? "manages" : "manage") +
             " no events: OTP's release handler would ask for its modules, which may end it";
    case TreeDifference::Kind::other_module:
      return who + (is_one ? " is a process" : " are processes") + " of " + module +
             ", but the child specification names " +
             (difference.detail.empty() ? "no module" : difference.detail) + ": " + missed;
    case TreeDifference::Kind::below_worker:
      return who + " of " + module + (is_one ? " is" : " are") + " below " + difference.detail +
             ", a supervisor that is declared a worker: " + missed;
    case TreeDifference::Kind::in_no_tree:
      return who + " of " + module + (is_one ? " is" : " are") +
             " in no tree of supervisors: " + missed;
    case TreeDifference::Kind::not_of_module:
      break;
  }
  return who + (is_one ? " runs " : " run ") + difference.detail +
         ", but the child specification names " + module + " too: suspended for both";
}

ForecastInWords in_words(const Forecast& forecast, const host::ScriptSummary& script,
                         Engine engine) {
  return Writer(forecast, script, engine).write();
}

}  // namespace relup::change
