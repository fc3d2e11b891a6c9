// SPDX-License-Identifier: Apache-2.0
#include "end_options.hpp"

#include "base/duration.hpp"

namespace relup::cmd {
namespace {

Milliseconds duration(const std::string& option, const std::string& text) {
  if (const auto time = parse_duration(text)) return *time;
  throw Error(ErrorCode::usage,
              option + " is a time such as 500ms, 10s, 5m, 2h or 0, not `" + text + "`");
}

Atom module_named(const std::string& name) {
  const bool is_elixir = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
  return Atom(is_elixir && !name.starts_with("Elixir.") ? "Elixir." + name : name);
}

live::ProbeFunction function_named(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t slash = text.rfind('/');
  const bool is_whole = colon != std::string::npos && slash != std::string::npos && colon > 0 &&
                        colon + 1 < slash && slash + 1 < text.size();
  if (!is_whole) {
    throw Error(ErrorCode::usage,
                "--probe-mfa is a function such as shop_health:check/0, not `" + text + "`");
  }
  if (text.substr(slash) != "/0") {
    throw Error(ErrorCode::usage,
                "--probe-mfa calls a function without arguments, and " + text + " takes some")
        .with_hint("name a function of arity 0 that calls it");
  }
  return {module_named(text.substr(0, colon)), Atom(text.substr(colon + 1, slash - colon - 1))};
}

}  // namespace

Argument kill_argument(std::vector<std::string>& modules) {
  return {.name = "--kill",
          .value = "MODULE",
          .description = "kill processes that still run old code of it; may be given again",
          .target = OneEach{&modules}};
}

Argument drain_argument(EndOptions& options) {
  return {.name = "--drain-timeout",
          .value = "TIME",
          .description =
              "how long to wait for processes to leave old code: 10s, 5m, 0; without "
              "it as `relup config` shows",
          .target = &options.drain_timeout};
}

Arguments watch_arguments(WatchOptions& options) {
  return {{.name = "--confirm-within",
           .value = "TIME",
           .description = "do not commit; the node goes back by itself unless `relup commit` comes "
                          "within this time",
           .target = &options.confirm_within},
          {.name = "--probe",
           .value = "CMD",
           .description = "a shell command that must succeed within 10 s, from the install until "
                          "the commit; else back to the old release. It finds RELUP_VERSION and "
                          "RELUP_NODE in its environment",
           .target = OneEach{&options.probes}},
          {.name = "--probe-mfa",
           .value = "M:F/0",
           .description = "the same with a function on the node, which must return true or ok",
           .target = OneEach{&options.probe_functions}}};
}

std::vector<Atom> modules_named(const std::vector<std::string>& names) {
  std::vector<Atom> modules;
  modules.reserve(names.size());
  for (const std::string& name : names)
    modules.push_back(module_named(name));
  return modules;
}

change::EndRequest meaning_of(const EndOptions& options, const policy::HostSettings& settings) {
  const Milliseconds drain = options.drain_timeout.empty()
                                 ? settings.drain_timeout.value
                                 : duration("--drain-timeout", options.drain_timeout);
  return {drain, modules_named(options.kill)};
}

change::Probes probes_of(const WatchOptions& options, const policy::HostSettings& settings) {
  const auto said = [](const policy::Texts& call, const policy::Said<policy::Texts>& files) {
    return call.empty() ? files.value : call;
  };
  change::Probes probes{said(options.probes, settings.probe_commands), {}};
  for (const std::string& text : said(options.probe_functions, settings.probe_functions))
    probes.functions.push_back(function_named(text));
  return probes;
}

std::optional<Milliseconds> confirmation_of(const WatchOptions& options) {
  if (options.confirm_within.empty()) return std::nullopt;
  const Milliseconds time = duration("--confirm-within", options.confirm_within);
  if (time.count() > 0) return time;
  throw Error(ErrorCode::usage, "--confirm-within 0 would leave no time for `relup commit`");
}

}  // namespace relup::cmd
