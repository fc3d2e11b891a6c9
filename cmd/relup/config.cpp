// SPDX-License-Identifier: Apache-2.0
//
// relup config: the settings of this host, and where each is from.

#include "base/diagnostic_json.hpp"
#include "base/json.hpp"
#include "base/words.hpp"
#include "host_options.hpp"
#include "host_settings.hpp"
#include "text_page.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  bool origin = false;
};

Json value_json(const policy::ListedSetting& setting) {
  if (setting.is_list) return setting.values;
  return setting.values.empty() ? Json() : Json(setting.values.front());
}

Json origin_json(const policy::Origin& origin) {
  if (origin.file.empty()) return {{"file", nullptr}, {"line", nullptr}};
  return {{"file", origin.file}, {"line", std::int64_t{origin.line}}};
}

Json document_of(const policy::HostConfiguration& configuration,
                 const std::optional<std::string>& root, ExitStatus status) {
  Json settings = Json::array();
  if (configuration.diagnostics.empty()) {
    for (const policy::ListedSetting& each : policy::listed(configuration.settings)) {
      settings.push_back(
          {{"name", each.name}, {"value", value_json(each)}, {"origin", origin_json(each.origin)}});
    }
  }
  return {{"schema_version", 1},
          {"exit", {{"code", static_cast<int>(status)}, {"meaning", meaning_of(status)}}},
          {"root", root ? Json(*root) : Json(nullptr)},
          {"files", configuration.files},
          {"settings", settings},
          {"diagnostics", to_json(configuration.diagnostics)}};
}

enum class Tell { values, origins };

void print(const policy::HostSettings& settings, Tell tell, Console& console) {
  std::vector<Row> rows;
  for (const policy::ListedSetting& each : policy::listed(settings)) {
    std::string text = each.values.empty() ? "-" : joined(each.values, "; ");
    if (tell == Tell::origins) text += " (" + to_text(each.origin) + ")";
    rows.push_back({each.name, text});
  }
  TextPage page(console.result_style());
  page.rows(rows);
  console.results() << page.text();
}

ExitStatus run(const Options& options, Console& console) {
  const auto root = root_if_any(options.host);
  if (root) find_host(options.host, console);  // asks as the user who would change it
  const policy::HostConfiguration configuration = read_host_settings(root, console);
  const bool is_right = configuration.diagnostics.empty();
  const ExitStatus status = is_right ? ExitStatus::done : ExitStatus::usage;
  if (console.wants_json()) {
    console.results() << dump(document_of(configuration, root, status)) << "\n";
    return status;
  }
  console.show(configuration.diagnostics);
  if (is_right)
    print(configuration.settings, options.origin ? Tell::origins : Tell::values, console);
  return status;
}

Arguments describe(Options& options) {
  return {{.name = "--origin",
           .description = "say where each setting is from, too",
           .target = &options.origin},
          {.name = "--root",
           .value = "DIR",
           .description = "the release root, instead of looking for it",
           .target = &options.host.root}};
}

}  // namespace

Verb config_verb() {
  return make_verb("config", "Show the settings of this host", describe, run);
}

}  // namespace relup::cmd
