// SPDX-License-Identifier: Apache-2.0
#include "live/install.hpp"

#include "base/words.hpp"
#include "live/keyed_values.hpp"
#include "live/quiesce.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

std::vector<std::string> texts_of(const Term& list) {
  std::vector<std::string> texts;
  if (!list.is_proper_list()) return texts;
  for (const Term& each : *list.as_list())
    texts.push_back(text_of(each));
  return texts;
}

// {Reason, Module, Function, Arity, File, Line}: "function_clause in till:code_change/3
// (till.erl:12)"
std::string crash_in_words(const Term& crash) {
  const Term::Elements& parts = *crash.as_tuple();
  if (parts.size() != 6) return print(crash);
  std::string text = print(parts[0]);
  if (parts[1].is_atom("undefined")) return text;
  text += " in " + print_function(parts[1].as_atom()->name(), parts[2].as_atom()->name(),
                                  static_cast<std::size_t>(number_of(parts[3])));
  const std::string file = text_of(parts[4]);
  if (!file.empty()) text += " (" + file + ":" + print(parts[5]) + ")";
  return text;
}

// {code_change, Module}, suspend, resume
std::string request_in_words(const Term& request) {
  if (request.is_tagged("code_change", 2))
    return "code_change of " + print((*request.as_tuple())[1]);
  return print(request);
}

std::string change_failure_in_words(const Term::Elements& parts) {
  const std::string what = request_in_words(parts[2]) + " of " + text_of(parts[1]);
  const Term::Elements& how = *parts[3].as_tuple();
  return what + (parts[3].is_tagged("crashed", 2) ? " crashed: " + crash_in_words(how[1])
                                                  : " answered " + print(how[1]));
}

// The processes by module: "till: <0.120.0>; shop_cart: till, <0.121.0>"
std::string processes_in_words(const Term& by_module) {
  std::vector<std::string> texts;
  for (const auto& [module, names] : keyed_values(by_module))
    texts.push_back(module.name() + ": " + joined(texts_of(names)));
  return joined(texts, "; ");
}

std::string in_words(const Term& reason) {
  const Term::Elements* parts = reason.as_tuple();
  const auto argument = [&](std::size_t at) { return (*parts)[at]; };
  if (reason.is_tagged("not_suspended", 2)) {
    return "processes did not let themselves be suspended in time, so nobody was changed: " +
           processes_in_words(argument(1));
  }
  if (reason.is_tagged("does_not_answer", 2)) {
    return "supervisors do not say which children they have: " + joined(texts_of(argument(1)));
  }
  if (reason.is_tagged("old_processes", 2))
    return "processes still run old code of " + print(argument(1)) + ", which has to go first";
  if (reason.is_tagged("sticky_directory", 2))
    return "module " + print(argument(1)) + " lies in a sticky directory and cannot be replaced";
  if (reason.is_tagged("bad_lib_vsn", 3)) {
    return "the release has no library " + print(argument(1)) + " of version " +
           text_of(argument(2)) + ", which the script reads code from";
  }
  if (reason.is_tagged("no_such_file", 2))
    return "the file " + text_of(argument(1)) + " is missing";
  if (reason.is_tagged("illegal_instruction_after_point_of_no_return", 2))
    return "the relup holds " + print(argument(1)) + ", which cannot be run there";
  if (reason.is_tagged("not_loaded", 3))
    return "the node does not load " + print(argument(1)) + ": " + print(argument(2));
  if (reason.is_tagged("code_change_failed", 4)) return change_failure_in_words(*parts);
  if (reason.is_tagged("no_answer", 3))
    return text_of(argument(1)) + " did not answer " + request_in_words(argument(2)) +
           " within 60 s";
  if (reason.is_tagged("crashed", 2))
    return "a step of the script crashed: " + crash_in_words(argument(1));
  if (const auto failure = quiesce_failure(reason)) return *failure;
  return "a step of the script failed: " + print(reason);
}

}  // namespace

Term term_of_how(const InstallOrder& order) {
  const Term how =
      order.script ? tagged("engine", *order.script, atom_list(order.killable)) : Term::atom("otp");
  return Term::tuple({how, quiesce_term(order.quiesce)});
}

std::optional<InstallReport> read_install_report(const Term& answer) {
  if (!answer.is_tagged("installed", 4)) return std::nullopt;
  InstallReport report;
  for (const auto& [key, value] : keyed_values((*answer.as_tuple())[2])) {
    if (key == "pause") report.pause = std::chrono::microseconds(number_of(value));
    if (key == "ended") report.ended = static_cast<std::size_t>(number_of(value));
    if (key == "born") report.born = static_cast<std::size_t>(number_of(value));
    if (key == "changed") {
      for (const auto& [module, count] : keyed_values(value))
        report.changed.push_back({module, static_cast<std::size_t>(number_of(count))});
    }
    if (key == "missed") {
      for (const auto& [module, names] : keyed_values(value))
        report.missed.push_back({module, texts_of(names)});
    }
  }
  return report;
}

std::optional<InstallError> read_install_error(const Term& reason) {
  if (reason.is_tagged("not_begun", 2))
    return InstallError(InstallFailure::not_begun, in_words((*reason.as_tuple())[1]));
  if (reason.is_tagged("restarting", 2))
    return InstallError(InstallFailure::restarting, in_words((*reason.as_tuple())[1]));
  return std::nullopt;
}

}  // namespace relup::live
