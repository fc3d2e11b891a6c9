// SPDX-License-Identifier: Apache-2.0
//
// relup explain: the page of a rule, or an appup or relup told step by step.

#include "appup/appup_name.hpp"
#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/nearest_name.hpp"
#include "explain/narration.hpp"
#include "generate/finding_names.hpp"
#include "lint/rule_group.hpp"
#include "lint/rule_list.hpp"
#include "lint/rule_page.hpp"
#include "relup/appup_reader.hpp"
#include "relup/relup_reader.hpp"
#include "text_page.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::string subject;
};

void print_rule(const lint::Rule& rule, TextPage& page) {
  page.paragraph(std::string(rule.code) + " " + std::string(rule.name), Colour::bold);
  page.paragraph(std::string(to_string(rule.severity)) + ": " + std::string(rule.summary));
  for (const lint::PageSection& section : lint::sections_of(rule)) {
    page.heading(section.title);
    if (section.kind == lint::PageSection::Kind::code) {
      page.verbatim(section.text);
    } else {
      page.prose(section.text);
    }
  }
}

Json rule_json(const lint::Rule& rule) {
  return {{"code", rule.code},
          {"name", rule.name},
          {"group", to_string(lint::group_of(rule))},
          {"severity", to_string(rule.severity)},
          {"summary", rule.summary},
          {"page", lint::markdown_page(rule)}};
}

struct Told {
  std::vector<explain::Narration> scripts;
  Diagnostics problems;
};

Told tell(const std::string& path) {
  const std::string bytes = real_file_system().read(path);
  Told told;
  Problems problems;
  if (appup::is_appup(path)) {
    ReadAppup read = read_appup(path, bytes, {});
    problems = std::move(read.problems);
    if (read.appup)
      told.scripts = explain::narrate(*read.appup, appup::application_of(path), problems);
  } else {
    ReadRelup read = read_relup(path, bytes, {});
    problems = std::move(read.problems);
    if (read.relup) told.scripts = explain::narrate(*read.relup);
  }
  for (Problem& problem : problems)
    told.problems.push_back(std::move(problem.diagnostic));
  return told;
}

std::string numbers(const explain::ToldStep& step) {
  const std::string first = std::to_string(step.first);
  return step.first == step.last ? first : first + "-" + std::to_string(step.last);
}

void print_script(const explain::Narration& script, TextPage& page) {
  page.heading(explain::title_of(script));
  std::vector<Row> rows;
  for (const explain::ToldStep& step : script.steps)
    rows.push_back({numbers(step), step.text});
  page.rows(rows);
  for (const std::string& remark : script.remarks)
    page.paragraph(remark);
}

Json script_json(const explain::Narration& script) {
  Json steps = Json::array();
  for (const explain::ToldStep& step : script.steps)
    steps.push_back({{"first", step.first}, {"last", step.last}, {"text", step.text}});
  return {{"direction", script.direction == appup::Direction::up ? "up" : "down"},
          {"from", script.from},
          {"to", script.to},
          {"steps", std::move(steps)},
          {"remarks", script.remarks}};
}

Json document(const Json& rule, const Told& told) {
  Json scripts = Json::array();
  for (const explain::Narration& script : told.scripts)
    scripts.push_back(script_json(script));
  return {{"schema_version", 1},
          {"rule", rule},
          {"scripts", std::move(scripts)},
          {"diagnostics", to_json(told.problems)}};
}

ExitStatus explain_rule(const lint::Rule& rule, Console& console) {
  if (console.wants_json()) {
    console.results() << dump(document(rule_json(rule), {})) << "\n";
    return ExitStatus::done;
  }
  TextPage page(console.result_style());
  print_rule(rule, page);
  console.results() << page.text();
  return ExitStatus::done;
}

ExitStatus explain_file(const std::string& path, Console& console) {
  const Told told = tell(path);
  if (console.wants_json()) {
    console.results() << dump(document(nullptr, told)) << "\n";
  } else {
    TextPage page(console.result_style());
    page.paragraph(path, Colour::bold);
    for (const explain::Narration& script : told.scripts)
      print_script(script, page);
    if (!told.scripts.empty()) console.results() << page.text();
    console.show(told.problems);
  }
  return has_errors(told.problems) ? ExitStatus::bad_input : ExitStatus::done;
}

// A path, whether or not something is there; the name of a rule has neither slash nor full stop.
bool is_path(const std::string& subject) {
  return subject.find_first_of("/.") != std::string::npos || real_file_system().is_file(subject);
}

Error unknown_rule(const std::string& subject) {
  std::vector<std::string> names;
  for (const lint::Rule* rule : lint::all_rules()) {
    names.emplace_back(rule->name);
    names.emplace_back(rule->code);
  }
  for (const generate::FindingName& finding : generate::finding_names())
    names.emplace_back(finding.name);
  const std::string meant = nearest_name(subject, names);
  return Error(ErrorCode::usage, "there is no rule and no file `" + subject + "`")
      .with_hint(meant.empty() ? "`relup rules` lists the rules"
                               : "did you mean `relup explain " + meant + "`?");
}

// The rule of that code or name, or the one that a finding of `compile` or `diff` belongs to.
const lint::Rule* find_rule(const std::string& subject) {
  const lint::Rule* rule = lint::find_rule(subject);
  return rule != nullptr ? rule : lint::rule_of_compiler(subject);
}

ExitStatus explain_finding(const generate::FindingName& finding, Console& console) {
  if (console.wants_json()) {
    const Json rule{{"code", ""},
                    {"name", finding.name},
                    {"group", "generate"},
                    {"severity", "warning"},
                    {"summary", finding.meaning},
                    {"page", finding.meaning}};
    console.results() << dump(document(rule, {})) << "\n";
    return ExitStatus::done;
  }
  TextPage page(console.result_style());
  page.paragraph(std::string(finding.name), Colour::bold);
  page.paragraph("a finding of `relup generate`");
  page.prose(std::string(finding.meaning));
  console.results() << page.text();
  return ExitStatus::done;
}

ExitStatus run(const Options& options, Console& console) {
  if (const lint::Rule* rule = find_rule(options.subject)) {
    return explain_rule(*rule, console);
  }
  if (const auto* finding = generate::find_finding(options.subject)) {
    return explain_finding(*finding, console);
  }
  if (!is_path(options.subject)) throw unknown_rule(options.subject);
  return explain_file(options.subject, console);
}

Arguments describe(Options& options) {
  return {{.name = "RULE|FILE",
           .description = "a rule of lint or a finding by its name, an appup, or a relup",
           .target = &options.subject,
           .presence = Presence::required}};
}

}  // namespace

Verb explain_verb() {
  return make_verb("explain", "Tell about a rule, or an appup or relup step by step", describe,
                   run);
}

}  // namespace relup::cmd
