// SPDX-License-Identifier: Apache-2.0
#include "differential/comparison.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "differential/random.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::differential {
namespace {

using appup::Direction;

CompileRequest request_of(const Call& call, int otp_release) {
  CompileRequest request;
  request.otp.major = otp_release;
  request.top = call.top;
  for (const Base& base : call.up)
    request.up_from.push_back({base.rel, base.description.value_or(Term())});
  for (const Base& base : call.down)
    request.down_to.push_back({base.rel, base.description.value_or(Term())});
  request.path = call.path;
  request.restart_emulator = call.restart_emulator;
  request.warnings_as_errors = call.warnings_as_errors;
  return request;
}

// The modules that a script loads or removes, in its order.
std::vector<Atom> modules_in(const Term::Elements& script) {
  std::vector<Atom> modules;
  for (const Term& step : script) {
    if (!step.is_tagged("load", 2) && !step.is_tagged("remove", 2)) continue;
    modules.push_back(*(*(*step.as_tuple())[1].as_tuple())[0].as_atom());
  }
  return modules;
}

// The order of modules in one script of OTP: as they are loaded, turned around on the way up. Where
// a module stands more than once, by hand or with its application, one of the places stems from the
// group: `guess`, a number with a digit per such module, says which.
TieBreak order_in(const Term::Elements& script, Direction direction, std::size_t guess) {
  std::vector<Atom> modules = modules_in(script);
  if (direction == Direction::up) std::reverse(modules.begin(), modules.end());
  std::map<Atom, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < modules.size(); ++i)
    places[modules[i]].push_back(i);
  TieBreak order;
  for (const auto& [module, found] : places) {
    order.emplace(module, found[guess % found.size()]);
    guess /= found.size();
  }
  return order;
}

Term otp_term(const std::string& printed) {
  return parse_single_term("otp", printed + ".");
}

// OTP tells a warning once per base and direction, we tell it once per file.
Term distinct(const Term& list) {
  Term::Elements kept;
  for (const Term& element : *list.as_list()) {
    if (std::find(kept.begin(), kept.end(), element) == kept.end()) kept.push_back(element);
  }
  return Term::list(std::move(kept));
}

Term warnings_of(const CompileResult& result) {
  Term::Elements warnings;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity == Severity::warning) warnings.push_back(otp_term(diagnostic.otp));
  }
  return Term::list(std::move(warnings));
}

std::string first_error(const CompileResult& result) {
  const auto error =
      std::find_if(result.diagnostics.begin(), result.diagnostics.end(),
                   [](const auto& each) { return each.severity == Severity::error; });
  if (error == result.diagnostics.end()) return "no error";
  return error->otp.empty() ? "an error of our own: " + error->message : error->otp;
}

std::string category(const std::string& printed) {
  std::string words;
  for (const char letter : printed.substr(0, 120)) {
    if (letter == '"' || letter == '[') break;
    words += letter;
  }
  return words;
}

Difference difference(const std::string& what, const std::string& otp, const std::string& relup) {
  return {what + ": " + category(otp) + " / " + category(relup), otp, relup};
}

class Comparison {
 public:
  Comparison(const Call& call, const OtpAnswer& answer, int otp_release)
      : answer_(answer), request_(request_of(call, otp_release)), otp_release_(otp_release) {}

  std::optional<Difference> run() {
    try {
      if (answer_.result.is_tagged("ok", 4)) return compare_relup();
      if (answer_.result.is_tagged("crash", 3)) return compare_crash();
      return compare_error();
    } catch (const Error& error) {
      return difference("exception", print(answer_.result), error.message());
    }
  }

 private:
  CompileResult compile_now() const { return compile(real_file_system(), request_); }

  std::optional<Difference> compare_crash() {
    const CompileResult result = compile_now();
    if (!result.relup) return std::nullopt;
    return difference("OTP crashed, we answer", print(answer_.result),
                      print(to_term(*result.relup)));
  }

  // A script for which the first guess is wrong gets others, until it is that of our compiler.
  std::optional<Difference> compare_relup() {
    const Term::Elements& parts = *answer_.result.as_tuple();
    constexpr std::size_t most_guesses = 300;
    std::optional<Difference> found;
    for (std::size_t guess = 0; guess < most_guesses; ++guess) {
      for (auto& [script, made] : guesses_) {
        if (!made.is_right) made.guess = guess;
      }
      found = compare_relup_now(parts);
      if (!found) break;
    }
    return found;
  }

  TieBreak tie_break(const Term::Elements& relup, Direction direction, const std::string& base) {
    const std::size_t guess = guesses_[{direction, base}].guess;
    for (const Term& entry : *relup[direction == Direction::up ? 1 : 2].as_list()) {
      const Term::Elements& parts = *entry.as_tuple();
      if (parts[0] == Term::string(base)) return order_in(*parts[2].as_list(), direction, guess);
    }
    return {};
  }

  // Notes which scripts are the same.
  void note(const Term& theirs, const Term& ours, Direction direction) {
    const Term::Elements& their_entries = *theirs.as_list();
    const Term::Elements& our_entries = *ours.as_list();
    for (std::size_t i = 0; i < std::min(their_entries.size(), our_entries.size()); ++i) {
      const Term& version = (*our_entries[i].as_tuple())[0];
      guesses_[{direction, *version.text()}].is_right = their_entries[i] == our_entries[i];
    }
  }

  std::optional<Difference> compare_relup_now(const Term::Elements& parts) {
    const Term::Elements& relup = *parts[1].as_tuple();
    request_.tie_break = [&](Direction direction, const std::string& base) {
      return tie_break(relup, direction, base);
    };
    const CompileResult result = compile_now();
    if (!result.relup) return difference("we refuse", "ok", first_error(result));
    const Term ours = to_term(*result.relup);
    note(relup[1], (*ours.as_tuple())[1], Direction::up);
    note(relup[2], (*ours.as_tuple())[2], Direction::down);
    if (!(ours == parts[1])) return difference("other relup", print(parts[1]), print(ours));
    const Term warnings = warnings_of(result);
    if (!(distinct(warnings) == distinct(parts[3]))) {
      return difference("other warnings", print(parts[3]), print(warnings));
    }
    // From OTP 26 on, the keys of a map are written in an order that only that machine knows.
    const bool unordered = otp_release_ >= 26 && print(ours).find("#{") != std::string::npos;
    if (!unordered && answer_.relup != term_file(ours)) {
      return difference("other bytes", answer_.relup.value_or("(no file)"), term_file(ours));
    }
    return std::nullopt;
  }

  std::optional<Difference> compare_error() {
    const std::string printed = print(answer_.result);
    const CompileResult result = compile_now();
    const std::string ours = first_error(result);
    if (result.relup) return difference("we accept", printed, "ok");
    if (is_stack_trace()) return compare_stack_trace(printed, ours);
    if (is_same(ours) || (is_of_order() && is_some_order())) return std::nullopt;
    if (ours.starts_with("{error,") && otp_term(ours) == without_stack_traces(answer_.result)) {
      return std::nullopt;
    }
    return difference("other error", printed, ours);
  }

  // In the list of application faults, a key whose value is no string may come with the stack trace
  // of a crash: {{'EXIT',{badarg,Stack}},App}. OTP's word for it is {bad_param,Key}; which key it
  // was stands nowhere, so it is looked for.
  Term without_stack_traces(const Term& result) const {
    const Term::Elements& parts = *result.as_tuple();
    if (!parts[2].is_list()) return result;
    Term::Elements faults;
    for (const Term& fault : *parts[2].as_list())
      faults.push_back(without_stack_trace(fault));
    return Term::tuple({parts[0], parts[1], Term::list(std::move(faults))});
  }

  static Term without_stack_trace(const Term& fault) {
    if (!fault.is_tagged("error_reading", 2)) return fault;
    const Term::Elements& pair = *(*fault.as_tuple())[1].as_tuple();
    const Term::Elements* reason = pair[1].as_tuple();
    if (reason == nullptr || reason->size() != 2 || !reason->front().is_tagged("EXIT", 2)) {
      return fault;
    }
    const Term bad = tagged("bad_param", Term::atom(key_that_is_no_string((*reason)[1])));
    return tagged("error_reading", Term::tuple({pair[0], Term::tuple({bad, (*reason)[1]})}));
  }

  // The first of the keys that are looked at in turn whose value is neither a string nor a binary.
  static std::string_view key_that_is_no_string(const Term& application) {
    for (const std::string_view key : {"vsn", "id", "description"}) {
      for (const Term& entry : *(*application.as_tuple())[2].as_list()) {
        if (!entry.is_tagged(key, 2)) continue;
        const Term& value = (*entry.as_tuple())[1];
        const bool binary = value.as_bits() != nullptr && value.as_bits()->last_bits == 8;
        if (!binary && !value.text()) return key;
        break;
      }
    }
    return "none";
  }

  // A crash that systools caught. Mostly a string of the .rel file is none, and OTP has a better
  // word for it, which we use; any other crash is ours to report as an error.
  static std::optional<Difference> compare_stack_trace(const std::string& printed,
                                                       const std::string& ours) {
    const bool no_string = printed.find("{unicode,characters_to_list,") != std::string::npos;
    if (!no_string || ours.starts_with("{error,systools_make,{illegal_")) return std::nullopt;
    return difference("other error", printed, ours);
  }

  bool is_same(const std::string& ours) const {
    return ours.starts_with("{error,") && otp_term(ours) == answer_.result;
  }

  // {'EXIT',{Why,Stack}} of systools_make, {Why,Stack} of systools_rc.
  bool is_stack_trace() const {
    const Term::Elements* reason = (*answer_.result.as_tuple())[2].as_tuple();
    if (reason == nullptr || reason->size() != 2) return false;
    if (reason->front().is_atom("EXIT")) return true;
    const Term::Elements* stack = (*reason)[1].as_list();
    const Term::Elements* frame =
        stack == nullptr || stack->empty() ? nullptr : stack->front().as_tuple();
    return frame != nullptr && frame->size() == 4 && frame->front().is_atom("lists");
  }

  // Errors that are met in the order in which groups are written out.
  bool is_of_order() const {
    const Term& reason = (*answer_.result.as_tuple())[2];
    return reason.is_tagged("no_such_module", 2) || reason.is_tagged("conflicting_versions", 4);
  }

  // Whether some order that respects the dependencies leads to OTP's error.
  bool is_some_order() {
    constexpr int attempts = 300;
    for (std::uint64_t attempt = 0; attempt < attempts; ++attempt) {
      request_.tie_break = [attempt](Direction, const std::string&) { return any_order(attempt); };
      if (is_same(first_error(compile_now()))) return true;
    }
    return false;
  }

  static TieBreak any_order(std::uint64_t seed) {
    Random random(seed);
    TieBreak order;
    for (const Atom module : known_modules())
      order.emplace(module, random.below(1000));
    return order;
  }

  // Every module that a script of ours may name.
  static const std::vector<Atom>& known_modules() {
    static const std::vector<Atom> modules = [] {
      std::vector<Atom> all{Atom("stray"), Atom("ghost_mod"), Atom("kernel_app")};
      for (const char* app : {"alpha", "beta", "gamma", "delta", "epsilon", "omega", "psi",
                              "\u00E4pp", "my app", "kernel", "stdlib", "sasl"}) {
        for (const char* part : {"_app", "_sup", "_server", "_fsm", "_lib", "_h", "_x", "_\u03B2"})
          all.emplace_back(std::string(app) + part);
        all.emplace_back("Elixir." + std::string(app));
      }
      return all;
    }();
    return modules;
  }

  struct Guess {
    std::size_t guess = 0;
    bool is_right = false;
  };

  const OtpAnswer& answer_;
  std::map<std::pair<Direction, std::string>, Guess> guesses_;
  CompileRequest request_;
  const int otp_release_;
};

std::string tag_of(const Term& term) {
  const Term& tag =
      term.as_tuple() != nullptr && !term.as_tuple()->empty() ? term.as_tuple()->front() : term;
  return tag.as_atom() != nullptr ? tag.as_atom()->name() : "other";
}

// The faults of applications come as a list of {error_reading, {App, Reason}}.
std::string fault_of(const Term& fault) {
  if (!fault.is_tagged("error_reading", 2)) return tag_of(fault);
  const Term& reason = (*(*fault.as_tuple())[1].as_tuple())[1];
  const Term::Elements* parts = reason.as_tuple();
  const bool nested =
      parts != nullptr && parts->size() == 2 && parts->front().as_tuple() != nullptr;
  return "error_reading: " + tag_of(nested ? parts->front() : reason);
}

// {file_problem, {File, Why}}: Why is {error, {parse, ..}} or the whole term of the file.
std::string file_problem_of(const Term& reason) {
  const Term& why = (*(*reason.as_tuple())[1].as_tuple())[1];
  return "file_problem: " + tag_of(why.is_tagged("error", 2) ? (*why.as_tuple())[1] : why);
}

std::string syntax_of(const std::string& printed) {
  if (printed.find("\"bad term\"") != std::string::npos) return "syntax: bad term";
  if (printed.find("syntax error before") != std::string::npos) return "syntax: before a token";
  return "";
}

}  // namespace

std::vector<std::string> kinds_of(const OtpAnswer& answer) {
  const Term& result = answer.result;
  std::vector<std::string> kinds;
  if (result.is_tagged("crash", 3)) return {"crash"};
  if (result.is_tagged("ok", 4)) {
    kinds.emplace_back("ok");
    for (const Term& warning : *(*result.as_tuple())[3].as_list())
      kinds.push_back("warning: " + tag_of(warning));
    return kinds;
  }
  const std::string module = (*result.as_tuple())[1].as_atom()->name() + ": ";
  const Term& reason = (*result.as_tuple())[2];
  if (reason.is_list()) {
    for (const Term& fault : *reason.as_list())
      kinds.push_back(module + fault_of(fault));
  } else {
    kinds.push_back(
        module + (reason.is_tagged("file_problem", 2) ? file_problem_of(reason) : tag_of(reason)));
  }
  const std::string syntax = syntax_of(print(reason));
  if (!syntax.empty()) kinds.push_back(syntax);
  return kinds;
}

std::optional<Difference> compare(const Call& call, const OtpAnswer& answer, int otp_release) {
  return Comparison(call, answer, otp_release).run();
}

}  // namespace relup::differential
