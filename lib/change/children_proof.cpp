// SPDX-License-Identifier: Apache-2.0
//
// A child is a thing of its supervisor and its id. Where the code of the new release can be read,
// it decides who should run, and that of the old one tells a child that came with the release from
// one that somebody has added at run time. Where it cannot, a child that was there and is not any
// more is told, unless the script itself stops it. One that may end by itself is nobody's fault.

#include "change/children_proof.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/words.hpp"
#include "beam/file/beam_file.hpp"
#include "beam/source/module_source.hpp"
#include "live/loaded_code.hpp"
#include "term/printer.hpp"

namespace relup::change {
namespace {

using facts::Child;
using facts::Children;
using live::SupervisedChild;
using live::Supervisor;

std::optional<Children> children_in(const release::ReleaseTree& tree, Atom module) {
  try {
    const auto path = live::running_beam(tree, module);
    if (!path) return std::nullopt;
    const beam::ModuleSource source(tree.reference.files->place(*path),
                                    [&] { return tree.reference.files->read(*path); });
    const beam::SourceCode* code = source.source();
    return facts::children_of(code != nullptr ? *code : source.recovered()).answer;
  } catch (const Error&) {
    return std::nullopt;  // a damaged file is told by others
  }
}

// Whether it may start its children without init/1, as an application of Elixir does.
bool may_start_children(const release::ReleaseTree& tree, Atom module) {
  try {
    const auto path = live::running_beam(tree, module);
    if (!path) return false;
    const auto exports =
        beam::BeamFile(tree.reference.files->place(*path), tree.reference.files->read(*path))
            .exports();
    const auto has = [&](const char* name, unsigned arity) {
      return std::any_of(exports.begin(), exports.end(), [&](const beam::Function& each) {
        return each.name == name && each.arity == arity;
      });
    };
    return has("start", 2) && !has("init", 1);
  } catch (const Error&) {
    return false;
  }
}

// Of a supervisor that an application starts; none where it cannot be found by its name.
std::optional<std::string> name_of(const std::optional<Children>& children) {
  if (!children || children->source != Children::Source::application_start) return std::nullopt;
  if (!children->supervisor || children->supervisor->as_atom() == nullptr) return std::nullopt;
  return children->supervisor->as_atom()->name();
}

// Whether the script calls a function that ends this child.
bool stops(const Term& script, const std::string& supervisor, const Term& id) {
  if (script.as_list() == nullptr) return false;
  return std::any_of(script.as_list()->begin(), script.as_list()->end(), [&](const Term& step) {
    if (!step.is_tagged("apply", 2)) return false;
    const Term::Elements* call = step.as_tuple()->at(1).as_tuple();
    if (call == nullptr || call->size() != 3) return false;
    const Term::Elements* arguments = call->at(2).as_list();
    return (call->at(1).is_atom("terminate_child") || call->at(1).is_atom("delete_child")) &&
           arguments != nullptr && arguments->size() == 2 && arguments->at(0).is_atom(supervisor) &&
           arguments->at(1) == id;
  });
}

template <typename List>
auto find(const List& list, const Term& id) -> decltype(&list.front()) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
  return found == list.end() ? nullptr : &*found;
}

std::string names_of(const std::vector<Atom>& modules) {
  std::vector<std::string> names;
  names.reserve(modules.size());
  for (const Atom module : modules)
    names.push_back(module.name());
  return joined(names);
}

// What the code says of one part of a specification; none where it cannot be read.
std::optional<Term> part_of(const Child& child, const char* key, std::size_t place,
                            const char* otherwise) {
  if (!child.specification) return std::nullopt;
  if (const Term::Pairs* pairs = child.specification->as_map()) {
    for (const auto& [name, value] : *pairs) {
      if (name.is_atom(key)) return value;
    }
    return Term::atom(otherwise);
  }
  const Term::Elements* parts = child.specification->as_tuple();
  return parts != nullptr && parts->size() == 6 ? std::optional(parts->at(place)) : std::nullopt;
}

// What differs in the specification that a supervisor has: "restart is permanent (1.1.0:
// transient)"
class Comparison {
 public:
  Comparison(const SupervisedChild& live, const Child& listed, const std::string& version)
      : version_(version) {
    if (listed.starter) compare("started by", live.starter.name(), listed.starter->name());
    if (listed.modules && live.modules)
      compare("modules", names_of(*live.modules), names_of(*listed.modules));
    compare_part("restart", live.restart, part_of(listed, "restart", 2, "permanent"));
    compare_part("type", live.type, part_of(listed, "type", 4, "worker"));
  }

  std::string text() const { return joined(differences_); }

 private:
  void compare_part(const char* what, Atom live, const std::optional<Term>& listed) {
    if (listed && listed->as_atom() != nullptr)
      compare(what, live.name(), listed->as_atom()->name());
  }

  void compare(const std::string& what, const std::string& live, const std::string& listed) {
    if (live != listed)
      differences_.push_back(what + " " + live + " (" + version_ + ": " + listed + ")");
  }

  const std::string& version_;
  std::vector<std::string> differences_;
};

// The children of one supervisor, before and now.
class Family {
 public:
  Family(const Supervisor& before, const Supervisor& now, const ChildrenProof::Listed* listed,
         const Term& script, const std::string& version)
      : before_(before), now_(now), script_(script), version_(version) {
    if (listed == nullptr) return;
    if (listed->before) old_list_ = &listed->before->list;
    if (listed->after) new_list_ = &listed->after->list;
    is_of_application_ =
        listed->after && listed->after->source == Children::Source::application_start;
  }

  std::vector<std::string> differences() {
    std::set<Term> seen;
    for (const Term& id : ids()) {
      if (seen.insert(id).second) compare(id);
    }
    return std::move(sentences_);
  }

 private:
  std::vector<Term> ids() const {
    std::vector<Term> ids;
    const auto add = [&](const auto& list) {
      for (const auto& each : list)
        ids.push_back(each.id);
    };
    if (new_list_ != nullptr) add(*new_list_);
    add(before_.children);
    add(now_.children);
    return ids;
  }

  void compare(const Term& id) {
    const SupervisedChild* before = find(before_.children, id);
    const SupervisedChild* now = find(now_.children, id);
    const Child* wanted = new_list_ == nullptr ? nullptr : find(*new_list_, id);
    if (now == nullptr || now->process.empty()) {
      if (is_missing(id, before, wanted)) say_missing(id, before, now);
    } else if (is_left_over(id, before, wanted)) {
      say(shown(id) + " still runs below " + now_.name + ", though " + version_ +
          " does not list it: `" + call("terminate_child", id) + "` and `" +
          call("delete_child", id) + "` end it");
    } else {
      compare_start(id, before, *now);
    }
    if (now != nullptr && wanted != nullptr) compare_specification(id, *now, *wanted);
  }

  bool is_missing(const Term& id, const SupervisedChild* before, const Child* wanted) const {
    if (new_list_ != nullptr && wanted == nullptr) return false;
    const bool was_up = before != nullptr && (!before->process.empty() || before->is_restarting);
    if (was_up) {
      return before->restart == "permanent" &&
             (wanted != nullptr || !stops(script_, now_.name, id));
    }
    const bool was_listed = old_list_ != nullptr && find(*old_list_, id) != nullptr;
    return wanted != nullptr && before == nullptr && !was_listed;
  }

  // Not one that somebody has added at run time, as far as the old code tells.
  bool is_left_over(const Term& id, const SupervisedChild* before, const Child* wanted) const {
    return new_list_ != nullptr && wanted == nullptr && before != nullptr &&
           (old_list_ == nullptr || find(*old_list_, id) != nullptr);
  }

  void say_missing(const Term& id, const SupervisedChild* before, const SupervisedChild* now) {
    const std::string fact =
        before != nullptr
            ? shown(id) + " ran below " + now_.name +
                  " before the install and does not run any more: "
            : shown(id) + ", which " + version_ + " has below " + now_.name + ", does not run: ";
    if (now != nullptr && now->is_restarting) {
      say(fact + "its supervisor tries to start it; the log of the node tells why it fails");
    } else if (now != nullptr) {
      say(fact + "`" + call("restart_child", id) + "` starts it");
    } else {
      say(fact + now_.name +
          " does not know it; supervisor:start_child/2 adds it, or a restart of " + now_.name +
          (is_of_application_ ? " with its application" : "") + " starts it");
    }
  }

  // The process is the same, and its supervisor would now start another one.
  void compare_start(const Term& id, const SupervisedChild* before, const SupervisedChild& now) {
    if (before == nullptr || before->process != now.process || before->starter == now.starter)
      return;
    say(shown(id) + " below " + now_.name + " is still the process that " + before->start +
        " has started, and " + version_ + " has " + now.start + " for it: `" +
        call("terminate_child", id) + "` and `" + call("restart_child", id) + "` replace it");
  }

  void compare_specification(const Term& id, const SupervisedChild& now, const Child& wanted) {
    const std::string differences = Comparison(now, wanted, version_).text();
    if (differences.empty()) return;
    const bool can_update = !is_of_application_ && now_.callback;
    say(now_.name + " keeps the old specification of " + shown(id) + ": " + differences + "; " +
        (can_update ? "the appup takes over the new one with {update, " +
                          print(Term(*now_.callback)) + ", supervisor}"
                    : "only a restart of the application takes over the new one"));
  }

  std::string call(const char* function, const Term& id) const {
    return "supervisor:" + std::string(function) + "(" + print_name() + ", " + print(id) + ")";
  }

  std::string print_name() const {
    return now_.name.starts_with("<") ? "pid(\"" + now_.name + "\")" : print_atom(now_.name);
  }

  static std::string shown(const Term& id) {
    constexpr std::size_t longest = 80;
    const std::string text = id.as_atom() != nullptr ? id.as_atom()->name() : print(id);
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
  }

  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  const Supervisor& before_;
  const Supervisor& now_;
  const std::vector<Child>* old_list_ = nullptr;
  const std::vector<Child>* new_list_ = nullptr;
  bool is_of_application_ = false;
  const Term& script_;
  const std::string& version_;
  std::vector<std::string> sentences_;
};

std::vector<std::string> names_of(const std::vector<Supervisor>& supervisors) {
  std::vector<std::string> names;
  names.reserve(supervisors.size());
  for (const Supervisor& supervisor : supervisors)
    names.push_back(supervisor.name);
  return names;
}

}  // namespace

void ChildrenProof::look_before(live::AgentVerbs& agent, const host::ScriptSummary& script,
                                const release::ReleaseTree& old_release,
                                const release::ReleaseTree& new_release) {
  *this = {};
  if (script.restarts_emulator) return;  // then all are started by the new code
  version_ = new_release.version();
  modules_ = script.loaded;
  script_ = script.instructions;
  std::vector<std::string> known;
  for (const Atom module : modules_) {
    if (!may_start_children(new_release, module)) continue;
    Listed listed{children_in(old_release, module), children_in(new_release, module)};
    const auto name = name_of(listed.after);
    if (!name) continue;
    known.push_back(*name);
    by_name_.emplace(*name, std::move(listed));
  }
  before_ = agent.supervisors(modules_, known);
  for (const Supervisor& supervisor : before_) {
    if (!supervisor.callback ||
        std::find(modules_.begin(), modules_.end(), *supervisor.callback) == modules_.end())
      continue;
    by_callback_[*supervisor.callback] = {children_in(old_release, *supervisor.callback),
                                          children_in(new_release, *supervisor.callback)};
  }
}

const ChildrenProof::Listed* ChildrenProof::listed_for(const Supervisor& supervisor) const {
  if (const auto named = by_name_.find(supervisor.name); named != by_name_.end())
    return &named->second;
  if (!supervisor.callback) return nullptr;
  const auto found = by_callback_.find(*supervisor.callback);
  return found == by_callback_.end() ? nullptr : &found->second;
}

std::vector<std::string> ChildrenProof::differences(live::AgentVerbs& agent) const {
  std::vector<std::string> sentences;
  if (before_.empty()) return sentences;
  const std::vector<Supervisor> all = agent.supervisors({}, names_of(before_));
  for (const Supervisor& before : before_) {
    const auto now = std::find_if(all.begin(), all.end(),
                                  [&](const Supervisor& each) { return each.name == before.name; });
    if (now == all.end()) continue;  // its own supervisor tells, where that is not meant
    if (now->is_silent || before.is_silent) {
      sentences.push_back("the children of " + before.name +
                          " are not proved: it has not answered in time");
      continue;
    }
    for (std::string& each :
         Family(before, *now, listed_for(before), script_, version_).differences())
      sentences.push_back(std::move(each));
  }
  return sentences;
}

}  // namespace relup::change
