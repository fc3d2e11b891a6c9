// SPDX-License-Identifier: Apache-2.0
#include "relup/merge_scripts.hpp"

#include <algorithm>
#include <unordered_set>

#include "appup/short_forms.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using appup::Instruction;

struct PlacedTerm {
  Term term;
  Source source;
};

Problem problem_at(std::string rule, const PlacedTerm& placed, Span span, std::string message,
                   Term reason) {
  if (placed.source) {
    return make_problem(std::move(rule), placed.source, span, std::move(message),
                        std::move(reason));
  }
  return make_file_problem(std::move(rule), "", std::move(message), std::move(reason));
}

bool is_point_of_no_return(const Term& term) {
  return term.is_atom("point_of_no_return");
}
bool is_object_code(const Term& term) {
  return term.is_tagged("load_object_code", 2);
}

struct Halves {
  std::vector<PlacedTerm> before;
  std::vector<PlacedTerm> after;
};

void split_script(const AppupScript& script, Halves& merged, Problems& problems) {
  std::vector<Term> terms = appup::expand_short_forms(*script.instructions.as_list());
  const auto point = std::find_if(terms.begin(), terms.end(), is_point_of_no_return);
  const bool has_point = point != terms.end();
  const auto second =
      has_point ? std::find_if(point + 1, terms.end(), is_point_of_no_return) : terms.end();
  if (second != terms.end()) {
    problems.push_back(problem_at("too-many-points-of-no-return", {*second, script.source},
                                  second->span(), "a second point_of_no_return in one script",
                                  Term::atom("too_many_point_of_no_return")));
  }
  for (auto term = terms.begin(); has_point && term != point; ++term) {
    if (!is_object_code(*term) && !term->is_tagged("apply", 2)) {
      Problem problem = problem_at("before-point-of-no-return", {*term, script.source},
                                   term->span(), print(*term) + " stands before point_of_no_return",
                                   tagged("bad_op_before_point_of_no_return", *term));
      problem.diagnostic.notes.push_back(
          "only load_object_code and apply may stand there; move it behind point_of_no_return");
      problems.push_back(std::move(problem));
    }
    merged.before.push_back({std::move(*term), script.source});
  }
  for (auto term = has_point ? point + 1 : terms.begin(); term != terms.end(); ++term) {
    std::vector<PlacedTerm>& half = is_object_code(*term) ? merged.before : merged.after;
    half.push_back({std::move(*term), script.source});
  }
}

void read_all(const std::vector<PlacedTerm>& terms, Script& script, Problems& problems) {
  script.reserve(terms.size());
  for (const PlacedTerm& placed : terms) {
    auto read = appup::read_instruction(placed.term);
    if (auto* action = std::get_if<appup::Action>(&read)) {
      script.push_back({std::move(*action), placed.source, placed.term.span()});
      continue;
    }
    auto& fault = std::get<appup::InstructionFault>(read);
    Problem problem = problem_at(fault.rule, placed, fault.span, fault.message, fault.reason);
    problem.diagnostic.notes.push_back("expected " + fault.expected);
    problems.push_back(std::move(problem));
  }
}

// A module that a low-level instruction of one kind names, and the instruction.
struct Mention {
  Atom module;
  const Instruction* instruction;
};
using Mentions = std::vector<Mention>;

template <typename Kind>
Mentions mentions(const Script& script) {
  Mentions found;
  for (const Instruction& instruction : script) {
    const Kind* action = std::get_if<Kind>(&instruction.action);
    if (action == nullptr) continue;
    if constexpr (std::is_same_v<Kind, appup::Suspend>) {
      for (const auto& target : action->targets)
        found.push_back({target.module, &instruction});
    } else {
      for (const Atom module : action->modules)
        found.push_back({module, &instruction});
    }
  }
  return found;
}

// What to say of a module that one kind of instruction names and its counterpart does not.
struct Mismatch {
  std::string_view reason;
  std::string_view message;
  std::string_view missing;  // the counterpart
};

// Reports what `some` mention and `others` do not.
void check_matched(const Mentions& some, const Mentions& others, const Mismatch& mismatch,
                   Problems& problems) {
  std::unordered_set<Atom> known;
  for (const Mention& mention : others)
    known.insert(mention.module);
  std::vector<Atom> unmatched;
  std::vector<const Mention*> culprits;
  for (const Mention& mention : some) {
    if (known.contains(mention.module)) continue;
    unmatched.push_back(mention.module);
    culprits.push_back(&mention);
  }
  std::string rule(mismatch.reason);
  std::replace(rule.begin(), rule.end(), '_', '-');
  for (const Mention* culprit : culprits) {
    Problem problem =
        instruction_problem(rule, *culprit->instruction,
                            culprit->module.name() + " is " + std::string(mismatch.message),
                            tagged(mismatch.reason, atom_list(unmatched)));
    problem.diagnostic.notes.push_back("add {" + std::string(mismatch.missing) + ", [" +
                                       print(Term(culprit->module)) + "]} to the same script");
    problems.push_back(std::move(problem));
  }
}

void check_object_code(const MergedScript& script, Problems& problems) {
  std::unordered_set<Atom> available;
  for (const Mention& mention : mentions<appup::LoadObjectCode>(script.before)) {
    available.insert(mention.module);
  }
  for (const Instruction& instruction : script.after) {
    const auto* load = std::get_if<appup::Load>(&instruction.action);
    if (load == nullptr || available.contains(load->module)) continue;
    Problem problem = instruction_problem(
        "no-object-code", instruction,
        "load of " + load->module.name() + " without a load_object_code that names it",
        tagged("no_object_code", Term(load->module)));
    problem.diagnostic.notes.push_back("add {load_object_code, {App, Vsn, [" +
                                       print(Term(load->module)) + "]}}, or use {load_module, " +
                                       print(Term(load->module)) + "} instead");
    problems.push_back(std::move(problem));
  }
}

}  // namespace

Problem instruction_problem(std::string rule, const Instruction& instruction, std::string message,
                            Term reason) {
  return problem_at(std::move(rule), {Term(), instruction.source}, instruction.span,
                    std::move(message), std::move(reason));
}

MergedScript merge_scripts(const std::vector<AppupScript>& scripts, Problems& problems) {
  Halves halves;
  for (const AppupScript& script : scripts) {
    if (script.instructions.is_proper_list()) {
      split_script(script, halves, problems);
    } else {
      Problem problem =
          problem_at("bad-script", {script.instructions, script.source}, script.instructions.span(),
                     "the instructions are " + print(script.instructions), Term());
      problem.diagnostic.notes.push_back("expected a list of instructions");
      problems.push_back(std::move(problem));
    }
  }
  MergedScript merged;
  read_all(halves.before, merged.before, problems);
  read_all(halves.after, merged.after, problems);
  return merged;
}

void check_merged_script(const MergedScript& script, Problems& problems) {
  check_object_code(script, problems);
  const Mentions suspended = mentions<appup::Suspend>(script.after);
  const Mentions resumed = mentions<appup::Resume>(script.after);
  check_matched(suspended, resumed,
                {"suspended_not_resumed", "suspended but not resumed", "resume"}, problems);
  check_matched(resumed, suspended,
                {"resumed_not_suspended", "resumed but not suspended", "suspend"}, problems);
  const Mentions started = mentions<appup::Start>(script.after);
  const Mentions stopped = mentions<appup::Stop>(script.after);
  check_matched(started, stopped, {"start_not_stop", "started but not stopped", "stop"}, problems);
  check_matched(stopped, started, {"stop_not_start", "stopped but not started", "start"}, problems);
}

}  // namespace relup
