// SPDX-License-Identifier: Apache-2.0
#include "differential/comparison.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "differential/random.hpp"
#include "term/parser.hpp"
#include "term/printer.hpp"

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

// A module may be loaded or removed more than once, by hand or with its application. Which of them
// stems from the group?
struct Reading {
  enum class Steps { all, loads, grouped } steps;  // grouped: a removal is followed by its purge
  enum class Take { first, last } take;
};

constexpr auto readings = std::to_array<Reading>({
    {Reading::Steps::all, Reading::Take::first},
    {Reading::Steps::all, Reading::Take::last},
    {Reading::Steps::grouped, Reading::Take::first},
    {Reading::Steps::grouped, Reading::Take::last},
    {Reading::Steps::loads, Reading::Take::first},
    {Reading::Steps::loads, Reading::Take::last},
});

// The modules that a script loads or removes, in its order.
std::vector<Atom> modules_in(const Term::Elements& script, Reading::Steps steps) {
  std::vector<Atom> modules;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const bool removal = script[i].is_tagged("remove", 2);
    if (!removal && !script[i].is_tagged("load", 2)) continue;
    const Term& module = (*(*script[i].as_tuple())[1].as_tuple())[0];
    if (removal && steps == Reading::Steps::loads) continue;
    if (removal && steps == Reading::Steps::grouped) {
      const Term purge = tagged("purge", Term::list({module}));
      if (i + 1 == script.size() || !(script[i + 1] == purge)) continue;
    }
    modules.push_back(*module.as_atom());
  }
  return modules;
}

// The order of modules in one script of OTP: as they are loaded, turned around on the way up.
TieBreak order_in(const Term& entries, const std::string& base, Direction direction,
                  const Reading& reading) {
  std::vector<Atom> modules;
  for (const Term& entry : *entries.as_list()) {
    if (!((*entry.as_tuple())[0] == Term::string(base))) continue;
    modules = modules_in(*(*entry.as_tuple())[2].as_list(), reading.steps);
    break;
  }
  if (direction == Direction::up) std::reverse(modules.begin(), modules.end());
  TieBreak order;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (reading.take == Reading::Take::first) order.emplace(modules[i], i);
    if (reading.take == Reading::Take::last) order[modules[i]] = i;
  }
  return order;
}

Term otp_term(const std::string& printed) {
  return parse_single_term("otp", printed + ".");
}

// A warning is told once.
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

  std::optional<Difference> compare_relup() {
    const Term::Elements& parts = *answer_.result.as_tuple();
    std::optional<Difference> found;
    for (const Reading& reading : readings) {
      found = compare_relup_with(parts, reading);
      if (!found) break;
    }
    return found;
  }

  std::optional<Difference> compare_relup_with(const Term::Elements& parts,
                                               const Reading& reading) {
    const Term::Elements& relup = *parts[1].as_tuple();
    request_.tie_break = [&](Direction direction, const std::string& base) {
      return order_in(relup[direction == Direction::up ? 1 : 2], base, direction, reading);
    };
    const CompileResult result = compile_now();
    if (!result.relup) return difference("we refuse", "ok", first_error(result));
    const Term ours = to_term(*result.relup);
    if (!(ours == parts[1])) return difference("other relup", print(parts[1]), print(ours));
    const Term warnings = warnings_of(result);
    if (!(warnings == distinct(parts[3]))) {
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

  // The first of the keys that are looked at in turn whose value is neither a list nor a binary.
  static std::string_view key_that_is_no_string(const Term& application) {
    for (const std::string_view key : {"vsn", "id", "description"}) {
      for (const Term& entry : *(*application.as_tuple())[2].as_list()) {
        if (!entry.is_tagged(key, 2)) continue;
        const Term& value = (*entry.as_tuple())[1];
        if (value.as_bits() == nullptr && !value.text()) return key;
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

  bool is_stack_trace() const {
    const Term& reason = (*answer_.result.as_tuple())[2];
    return reason.is_tagged("EXIT", 2);
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

  const OtpAnswer& answer_;
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
