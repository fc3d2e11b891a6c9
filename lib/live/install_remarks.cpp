// SPDX-License-Identifier: Apache-2.0
#include "live/install_remarks.hpp"

#include "base/words.hpp"
#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

std::string name_of(const Term& term) {
  const Atom* atom = term.as_atom();
  return atom == nullptr ? print(term) : atom->name();
}

// {config_change, [App], crashed, Reason, Place} or {config_change, [App], answered, Shape}
std::string of_config_change(const Term::Elements& parts) {
  std::vector<std::string> names;
  for (const Term& name : *parts.at(1).as_list())
    names.push_back(name_of(name));
  const std::string function =
      "config_change/3 of " +
      (names.size() == 1 ? names.front() : "one of the applications " + joined(names));
  const std::string rest =
      ", so its new settings may not be in force; the release handler passes over that";
  if (parts.at(2).is_atom("answered")) {
    return function + " did not answer ok but an error: " + text_of(parts.at(3)) + rest;
  }
  const std::string place = text_of(parts.at(4));
  return function + " has crashed: " + text_of(parts.at(3)) +
         (place.empty() ? "" : " at " + place) + rest;
}

std::string sentence_of(const Term& remark) {
  const Term::Elements& parts = *remark.as_tuple();
  const auto handler = [&] { return "the logger's handler " + name_of(parts.at(1)); };
  const auto part = [&] { return parts.at(2).is_atom("handler") ? "code" : name_of(parts.at(2)); };
  if (remark.is_tagged("handler_gone", 2)) {
    return handler() + " was there before the install and is gone: what it wrote is not written";
  }
  if (remark.is_tagged("other_part", 5)) {
    return handler() + " had " + name_of(parts.at(3)) + " for its " + part() + ", and now has " +
           name_of(parts.at(4));
  }
  if (remark.is_tagged("no_code", 4)) {
    return handler() + " has " + name_of(parts.at(3)) + " for its " + part() +
           ", which is no longer there: its messages are lost";
  }
  return of_config_change(parts);
}

}  // namespace

std::vector<std::string> sentences_of_remarks(const Term& result) {
  std::vector<std::string> sentences;
  if (!result.is_tagged("ok", 4) && !result.is_tagged("installed", 4)) return sentences;
  for (const Term& remark : *result.as_tuple()->at(3).as_list())
    sentences.push_back(sentence_of(remark));
  return sentences;
}

}  // namespace relup::live
