// SPDX-License-Identifier: Apache-2.0
#include "wrong_call.hpp"

#include <algorithm>

#include "base/nearest_name.hpp"

namespace relup::cmd {
namespace {

bool takes_value(const Arguments& options, const std::string& name) {
  return std::any_of(options.begin(), options.end(), [&name](const Argument& option) {
    const std::vector<std::string> names = names_of(option);
    return !value_text(option).empty() &&
           std::find(names.begin(), names.end(), name) != names.end();
  });
}

// What should be the verb: the first word that is neither an option nor the value of one.
std::string first_word(const CommandLine& line, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) return words[i];
    if (takes_value(line.options, words[i])) ++i;
  }
  return "";
}

Error unknown_verb(const CommandLine& line, const std::string& word) {
  std::vector<std::string> names;
  for (const Verb& verb : line.verbs)
    names.push_back(verb.name);
  const std::string meant = nearest_name(word, names);
  return Error(ErrorCode::usage, "there is no verb `" + word + "`")
      .with_hint(meant.empty() ? "run `relup --help` for the list of verbs"
                               : "did you mean `relup " + meant + "`?");
}

void add_long_names(const Arguments& arguments, std::vector<std::string>& names) {
  for (const Argument& argument : arguments) {
    for (const std::string& name : names_of(argument)) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
}

Error unknown_option(const CommandLine& line, const Verb* verb, const std::string& word,
                     const std::string& help) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  add_long_names(line.options, names);
  if (verb != nullptr) add_long_names(verb->arguments, names);
  const std::string meant = nearest_name(name, names);
  return Error(ErrorCode::usage, "there is no option `" + name + "`")
      .with_hint(meant.empty() ? help : "did you mean `" + meant + "`?");
}

}  // namespace

Error wrong_call(const CommandLine& line, const std::vector<std::string>& words,
                 const ParseFailure& failure) {
  const std::string word = first_word(line, words);
  const Verb* verb = find_verb(line, word);
  if (verb == nullptr && !word.empty()) return unknown_verb(line, word);
  const std::string help =
      verb == nullptr ? "run `relup --help`" : "run `relup " + verb->name + " --help`";
  const auto& unknown = failure.unknown;
  const auto option = std::find_if(unknown.begin(), unknown.end(),
                                   [](const auto& each) { return each.starts_with('-'); });
  if (option != unknown.end()) return unknown_option(line, verb, *option, help);
  const std::string message = !unknown.empty()  ? "one argument too many: `" + unknown.front() + "`"
                              : verb == nullptr ? "a verb is missing"
                                                : failure.message;
  return Error(ErrorCode::usage, message).with_hint(help);
}

}  // namespace relup::cmd
