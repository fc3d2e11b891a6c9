// SPDX-License-Identifier: Apache-2.0
#include "live/agent_verbs.hpp"

#include "base/words.hpp"
#include "live/install_remarks.hpp"
#include "live/keyed_values.hpp"
#include "live/node_place.hpp"
#include "live/release_handler.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::live {
namespace {

constexpr Milliseconds quick{10'000};
// Short, so that what the script says is shown while it goes on.
constexpr Milliseconds one_wait{200};
constexpr Milliseconds one_second{1'000};
constexpr Milliseconds patient{120'000};

// Elixir's Config.Provider aborts such a start.
Error compiled_otherwise(const Term& places, const std::string& version) {
  std::vector<std::string> texts;
  for (const Term& place : *places.as_list()) {
    std::string text;
    for (const Term& key : *place.as_list())
      text += (text.empty() ? "" : " ") + print(key);
    texts.push_back(std::move(text));
  }
  return Error(ErrorCode::bad_input,
               "the configuration of " + version +
                   " has other values than its code was compiled with (compile_env): " +
                   joined(texts))
      .with_hint("a start of " + version +
                 " would abort; give the value that it was compiled with, or compile it anew");
}

// Why a configuration cannot be used, from what the agent answers; none where the answer is about
// something else.
std::optional<Error> configuration_error(const Term& reason, const std::string& version) {
  const Term::Elements* parts = reason.as_tuple();
  const std::string what = "the configuration of " + version;
  if (reason.is_tagged("unwritable", 2)) {
    return Error(ErrorCode::bad_input,
                 what + " holds a value that no file can keep, at " + print((*parts)[1]))
        .with_hint("a function, a process or a reference has no text; build it where it is used");
  }
  if (reason.is_tagged("provider", 3)) {
    return Error(ErrorCode::bad_input, what + " cannot be resolved, " + print((*parts)[1]) +
                                           " says: " + text_of((*parts)[2]))
        .with_hint("it is resolved by the running node, with the environment that it has");
  }
  if (reason.is_tagged("sys_config", 3)) {
    return Error(ErrorCode::bad_input,
                 what + " cannot be used: " + text_of((*parts)[1]) + ": " + text_of((*parts)[2]));
  }
  if (reason.is_tagged("compile_env", 2)) return compiled_otherwise((*parts)[1], version);
  return std::nullopt;
}

Error not_confirmed(const std::string& version) {
  return {ErrorCode::answer_is_no,
          "the time to confirm release " + version + " is over, and the node goes back by itself"};
}

// Of an answer `{error, Reason}`.
void throw_if_error(const std::string& call, const Term& answer, const std::string& version) {
  if (!answer.is_tagged("error", 2)) return;
  const Term& reason = (*answer.as_tuple())[1];
  if (const auto error = configuration_error(reason, version)) throw *error;
  throw ReleaseHandlerError(call, reason);
}

}  // namespace

std::vector<OldCode> old_code_of(const Term& answer) {
  std::vector<OldCode> found;
  for (const auto& [module, names] : keyed_values(answer)) {
    OldCode old_code{module, {}};
    for (const Term& name : *names.as_list())
      old_code.processes.push_back(name.text().value_or("a process"));
    found.push_back(std::move(old_code));
  }
  return found;
}

std::string describe(const OldCode& old_code) {
  return old_code.module.name() + ": " + joined(old_code.processes);
}

const host::NodePlace& AgentVerbs::place() {
  if (!place_)
    place_ = read_node_place(agent_.ask(tagged("place", Term::string(host_.root)), quick));
  return *place_;
}

std::string AgentVerbs::on_node(const std::string& path) {
  return host::root_on_node(host_, place()) + path.substr(host_.root.size());
}

Term AgentVerbs::root_on_node() {
  return Term::string(on_node(host_.root));
}

Term AgentVerbs::request(std::string_view verb, const std::string& argument) {
  return Term::tuple({Term::atom(verb), root_on_node(), Term::string(argument)});
}

std::vector<std::pair<Atom, Term>> AgentVerbs::loaded(const std::vector<Atom>& modules) {
  return keyed_values(agent_.ask(tagged("loaded", atom_list(modules)), patient));
}

std::vector<std::pair<Atom, std::string>> AgentVerbs::applications() {
  std::vector<std::pair<Atom, std::string>> versions;
  for (const auto& [name, version] : keyed_values(agent_.ask(Term::atom("applications"), quick)))
    versions.emplace_back(name, version.text().value_or(""));
  return versions;
}

std::vector<std::pair<Atom, std::string>> AgentVerbs::library_directories(
    const std::vector<Atom>& names) {
  std::vector<std::pair<Atom, std::string>> directories;
  const Term answer = agent_.ask(tagged("library_directories", atom_list(names)), quick);
  for (const auto& [name, directory] : keyed_values(answer))
    directories.emplace_back(name, directory.text().value_or(""));
  return directories;
}

std::vector<OldCode> AgentVerbs::old_code(const std::vector<Atom>& modules) {
  return old_code_of(agent_.ask(tagged("old_code", atom_list(modules)), patient));
}

Forecast AgentVerbs::forecast(const ForecastQuestion& question) {
  return read_forecast(agent_.ask(tagged("forecast", forecast_term(question)), patient));
}

Term AgentVerbs::settings() {
  return agent_.ask(Term::atom("settings"), patient);
}

Term AgentVerbs::command_line() {
  return agent_.ask(Term::atom("command_line"), quick);
}

Term AgentVerbs::environment(const std::string& version, const std::vector<FileToSend>& files) {
  Term::Elements sent;
  for (const auto& [path, bytes] : files)
    sent.push_back(Term::tuple({Term::string(path), Term::binary(bytes)}));
  const Term verb = tagged("environment", root_on_node(), Term::string(version), Term::list(sent));
  const Term answer = agent_.ask(verb, patient);
  throw_if_error("reading the configuration", answer, version);
  return answer.as_tuple()->at(1);
}

Incarnation AgentVerbs::incarnation() {
  Term answer = agent_.ask(Term::atom("incarnation"), quick);
  const auto text = [&](std::size_t index) {
    return answer.as_tuple()->at(index).text().value_or("");
  };
  std::string os_pid = text(0);
  std::string pid_namespace = text(3);
  return {std::move(os_pid), std::move(pid_namespace), std::move(answer)};
}

Term AgentVerbs::status(Milliseconds time) {
  return agent_.ask(tagged("status", root_on_node(), Term(std::int64_t{time.count()})),
                    time + quick);
}

Term AgentVerbs::begin_trial(const Term& order) {
  return agent_.ask(tagged("begin_trial", order), patient);
}

Term AgentVerbs::trial(const Term& begun) {
  return agent_.ask(tagged("trial", begun, Term(one_second.count())), quick);
}

std::vector<Supervisor> AgentVerbs::supervisors(const std::vector<Atom>& modules,
                                                const std::vector<std::string>& known) {
  Term::Elements names;
  for (const std::string& name : known)
    names.push_back(Term::string(name));
  return read_supervisors(
      agent_.ask(tagged("children", atom_list(modules), Term::list(std::move(names))), patient));
}

Term AgentVerbs::begin_rehearsal(const Term& order) {
  return agent_.ask(tagged("begin_rehearsal", order), quick);
}

Term AgentVerbs::rehearsal(const Term& begun, Milliseconds wait) {
  return agent_.ask(tagged("probe_outcome", begun, Term(wait.count())), quick);
}

bool AgentVerbs::rehearsal_fits(const Term& mark, const Term& order) {
  return agent_.ask(tagged("rehearsal_fits", mark, order), patient).is_atom("true");
}

Term AgentVerbs::logging() {
  return agent_.ask(Term::atom("logging"), quick);
}

BootedRelease AgentVerbs::booted_release() {
  const Term answer = agent_.ask(tagged("booted_release", root_on_node()), quick);
  const Term::Elements& parts = *answer.as_tuple();  // {Name, Vsn, here | {elsewhere, Directory}}
  BootedRelease booted{parts.at(1).text().value_or(""), std::nullopt};
  if (parts.at(2).is_tagged("elsewhere", 2)) booted.handled_in = parts[2].as_tuple()->at(1).text();
  return booted;
}

std::vector<release::InstalledRelease> AgentVerbs::known_releases() {
  return release::parse_releases_file("the list of releases of the node",
                                      print(agent_.ask(Term::atom("known_releases"), quick)) + ".");
}

void AgentVerbs::settle(const std::vector<release::InstalledRelease>& releases) {
  const Term known = parse_single_term("releases", release::format_releases_file(releases));
  const Term answer = agent_.ask(tagged("settle", root_on_node(), known), patient);
  throw_if_error("the release handler", answer, host_.boot.version);
}

void AgentVerbs::register_release(const std::string& rel_file) {
  const Term answer = agent_.ask(request("register", on_node(rel_file)), quick);
  throw_if_error("release_handler:set_unpacked/2", answer, rel_file);
}

void AgentVerbs::check_install(const std::string& version) {
  throw_if_error("release_handler:check_install_release/1",
                 agent_.ask(tagged("check_install", Term::string(version)), patient), version);
}

void AgentVerbs::begin_install(const InstallOrder& order) {
  agent_.begin(tagged("install", root_on_node(), Term::string(order.version), term_of_how(order)));
}

void AgentVerbs::hear_new_lines(const Hear& hear) {
  const Term lines = agent_.ask(Term::atom("lines"), quick);
  if (!lines.is_proper_list()) return;
  for (const Term& line : *lines.as_list())
    hear(text_of(line));
}

std::vector<ListenerUse> AgentVerbs::listeners(const policy::Quiesce& quiesce) {
  const Term answer = agent_.ask(tagged("listeners", quiesce_term(quiesce)), patient);
  const Term& told = answer.as_tuple()->at(1);
  if (answer.is_tagged("ok", 2)) return read_listener_uses(told);
  throw QuiesceError(quiesce_failure(told).value_or(print(told)));
}

AgentVerbs::InstallState AgentVerbs::install_state(const std::string& version, const Hear& hear) {
  const auto job = agent_.job(one_wait);
  if (!job) return {};
  hear_new_lines(hear);
  if (!job->result) return {Install::running};
  agent_.forget();
  const Term& result = *job->result;
  if (result.is_tagged("error", 2)) {
    if (const auto error = read_install_error((*result.as_tuple())[1])) throw *error;
  }
  throw_if_error("release_handler:install_release/1", result, version);
  const Install end =
      result.is_tagged("continue_after_restart", 3) ? Install::restarting : Install::done;
  return {end, read_install_report(result), sentences_of_remarks(result)};
}

std::vector<std::string> AgentVerbs::make_permanent(const std::string& version) {
  const Term answer = agent_.ask(request("commit", version), patient);
  if (answer == tagged("error", Term::atom("going_back"))) throw not_confirmed(version);
  throw_if_error("release_handler:make_permanent/1", answer, version);
  std::vector<std::string> notes;
  for (const Term& note : *answer.as_tuple()->at(1).as_list())
    notes.push_back(text_of(note));
  return notes;
}

void AgentVerbs::forget_job() {
  agent_.forget();
}

std::optional<UnheardJob> AgentVerbs::unheard_job() {
  const auto job = agent_.job(Milliseconds{0});
  if (!job) return std::nullopt;
  const Term::Elements& what = *job->what.as_tuple();  // {install, Vsn}
  const std::string work = print(what.at(0)) + " of " + what.at(1).text().value_or("?");
  const std::string text = "the " + work + ", begun by a relup that has gone, ";
  if (!job->result) return UnheardJob{true, text + "still runs", work, job->age};
  if (!job->result->is_tagged("error", 2)) return UnheardJob{false, text + "is done", work};
  return UnheardJob{false, text + "has failed: " + print((*job->result->as_tuple())[1]), work};
}

}  // namespace relup::live
