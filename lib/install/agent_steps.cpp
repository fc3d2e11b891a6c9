// SPDX-License-Identifier: Apache-2.0
#include "install/agent_steps.hpp"

#include "node/agent.hpp"
#include "term/printer.hpp"

namespace relup::install {
namespace {

constexpr Milliseconds patient{60'000};
constexpr Milliseconds unhurried{600'000};

std::string config(const Host& host, const std::string& version) {
  return join_path(host.release_directory(version), "sys.config");
}

// As the agent calls it.
std::string kept_config(const Host& host, const std::string& version) {
  return config(host, version) + ".relup-original";
}

// {unwritable, [App, Key, ...]}
void throw_if_unwritable(const Term& reason, const std::string& version) {
  if (!reason.is_tagged("unwritable", 2)) return;
  throw Error(ErrorCode::bad_input, "the configuration of " + version +
                                        " holds a value that no file can keep, at " +
                                        print((*reason.as_tuple())[1]))
      .with_hint("a function, a process or a reference has no text; build it where it is used");
}

void throw_if_error(const std::string& call, const Term& answer, const std::string& version) {
  if (!answer.is_tagged("error", 2)) return;
  const Term& reason = (*answer.as_tuple())[1];
  throw_if_unwritable(reason, version);
  throw ReleaseHandlerError(call, reason);
}

}  // namespace

bool needs_agent(FileSystem& files, const Host& host, const std::string& version) {
  const std::string directory = host.release_directory(version);
  if (files.is_directory(join_path(directory, "consolidated"))) return true;
  const auto text = files.read_if_exists(config(host, version));
  return text && text->find("config_provider_init") != std::string::npos;
}

std::vector<std::string> unfinished_configs(FileSystem& files, const Host& host) {
  std::vector<std::string> versions;
  for (const DirectoryEntry& entry : files.list(host.path("releases"))) {
    if (files.is_file(kept_config(host, entry.name))) versions.push_back(entry.name);
  }
  return versions;
}

void restore_configs(FileSystem& files, const Host& host) {
  for (const std::string& version : unfinished_configs(files, host))
    files.rename(kept_config(host, version), config(host, version));
}

Term AgentSteps::request(std::string_view verb, const std::string& version) const {
  return Term::tuple({Term::atom(verb), Term::string(host_.root), Term::string(version)});
}

Term AgentSteps::environment(const std::string& version) {
  const Term answer = node::Agent(channel_).ask(request("environment", version), patient);
  throw_if_error("reading the configuration", answer, version);
  return answer.is_tagged("ok", 2) ? (*answer.as_tuple())[1] : Term();
}

ReleaseHandler::Installed AgentSteps::install(const std::string& version) {
  const Term answer = node::Agent(channel_).run(request("install", version), unhurried);
  throw_if_error("release_handler:install_release/1", answer, version);
  return answer.is_tagged("continue_after_restart", 3) ? ReleaseHandler::Installed::restarting
                                                       : ReleaseHandler::Installed::done;
}

void AgentSteps::make_permanent(const std::string& version) {
  const Term answer = node::Agent(channel_).ask(request("commit", version), patient);
  throw_if_error("release_handler:make_permanent/1", answer, version);
}

}  // namespace relup::install
