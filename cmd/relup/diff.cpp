// SPDX-License-Identifier: Apache-2.0
//
// relup diff: what changed between two releases, and why we say so.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
#include "diff/release_diff.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;
using diff::ReleaseDiff;
using Json = nlohmann::ordered_json;

struct Options {
  std::string from;
  std::string to;
  bool exit_code = false;
};

Json identity_json(const diff::ReleaseIdentity& identity) {
  return {{"name", identity.name}, {"version", identity.version}, {"erts", identity.erts}};
}

Json version_json(const std::string& version) {
  return version.empty() ? Json() : Json(version);
}

Json modules_json(const std::vector<ModuleChange>& modules) {
  Json list = Json::array();
  for (const ModuleChange& module : modules) {
    list.push_back({{"name", module.name.name()},
                    {"status", diff::to_string(module.status)},
                    {"reasons", module.reasons}});
  }
  return list;
}

Json diff_json(const ReleaseDiff& diff) {
  Json document;
  document["schema_version"] = 1;
  document["from"] = identity_json(diff.from);
  document["to"] = identity_json(diff.to);
  document["applications"] = Json::array();
  for (const ApplicationChange& application : diff.applications) {
    document["applications"].push_back({{"name", application.name.name()},
                                        {"status", diff::to_string(application.status)},
                                        {"from", version_json(application.from)},
                                        {"to", version_json(application.to)},
                                        {"modules", modules_json(application.modules)},
                                        {"details", application.details}});
  }
  document["protocols"] = modules_json(diff.protocols);
  document["settings"] = diff.settings;
  document["diagnostics"] = to_json(diff.findings);
  return document;
}

char sign_of(diff::ModuleStatus status) {
  switch (status) {
    case diff::ModuleStatus::added:
      return '+';
    case diff::ModuleStatus::removed:
      return '-';
    case diff::ModuleStatus::rebuilt:
      return '=';
    case diff::ModuleStatus::moved:
      return '>';
    case diff::ModuleStatus::changed:
      break;
  }
  return '~';
}

std::string_view colour_of(char sign) {
  switch (sign) {
    case '+':
      return "\033[32m";
    case '-':
      return "\033[31m";
    case '~':
      return "\033[33m";
    default:
      return "\033[2m";
  }
}

std::string coloured(const std::string& text, char sign, bool colour) {
  return colour ? std::string(colour_of(sign)) + text + "\033[0m" : text;
}

std::string versions_text(const ApplicationChange& application) {
  switch (application.status) {
    case ApplicationStatus::added:
      return application.to + " (added)";
    case ApplicationStatus::removed:
      return application.from + " (removed)";
    case ApplicationStatus::unchanged:
      return application.to;
    default:
      return application.from + " -> " + application.to;
  }
}

void print_modules(const std::vector<ModuleChange>& modules, Console& console) {
  std::size_t width = 0;
  for (const ModuleChange& module : modules) {
    width = std::max(width, module.name.name().size());
  }
  for (const ModuleChange& module : modules) {
    const char sign = sign_of(module.status);
    std::string line = std::string("  ") + sign + " " + module.name.name();
    line.append(width - module.name.name().size() + 2, ' ');
    line += diff::to_string(module.status);
    for (std::size_t i = 0; i < module.reasons.size(); ++i) {
      line += (i == 0 ? ": " : "; ") + module.reasons[i];
    }
    console.results() << coloured(printable(line), sign, console.result_style().colour) << "\n";
  }
}

void print_application(const ApplicationChange& application, Console& console) {
  std::ostream& out = console.results();
  out << "\n" << printable(application.name.name() + " " + versions_text(application)) << "\n";
  // Of an application that comes or goes every module does; the names would say nothing.
  const bool is_whole = application.status == ApplicationStatus::added ||
                        application.status == ApplicationStatus::removed;
  if (is_whole) {
    out << "  " << application.modules.size() << " modules\n";
  } else {
    print_modules(application.modules, console);
  }
  for (const std::string& detail : application.details)
    out << "  . " << printable(detail) << "\n";
}

// What concerns the whole release, before any application.
void print_release(const ReleaseDiff& diff, Console& console) {
  std::ostream& out = console.results();
  out << printable(diff.from.name + " " + diff.from.version + " -> " + diff.to.name + " " +
                   diff.to.version)
      << "\n";
  if (diff.from.erts != diff.to.erts) {
    out << printable("ERTS " + diff.from.erts + " -> " + diff.to.erts)
        << ": the emulator must be restarted\n";
  }
  for (const std::string& setting : diff.settings)
    out << "  . " << printable(setting) << "\n";
  if (diff.protocols.empty()) return;
  out << "\nconsolidated protocols\n";
  print_modules(diff.protocols, console);
}

void print_diff(const ReleaseDiff& diff, Console& console) {
  print_release(diff, console);
  std::size_t unchanged = 0;
  for (const ApplicationChange& application : diff.applications) {
    if (application.differs()) {
      print_application(application, console);
    } else {
      ++unchanged;
    }
  }
  if (unchanged == 0) return;
  console.results() << "\n"
                    << unchanged << (unchanged == 1 ? " application is" : " applications are")
                    << " unchanged\n";
}

ExitStatus run(const Options& options, Console& console) {
  const auto releases =
      release::load_releases(real_file_system(), {options.from, options.to}, release::OtpVersion());
  const ReleaseDiff diff = diff::compare_releases(releases.front(), releases.back());
  if (console.wants_json()) {
    console.results() << dump(diff_json(diff)) << "\n";
  } else {
    print_diff(diff, console);
    console.show(diff.findings);
  }
  return options.exit_code && !diff.is_empty() ? ExitStatus::no : ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("OLD", options.from, "a release root, ROOT@VSN, or a tarball")->required();
  verb.add_option("NEW", options.to, "what to compare it with")->required();
  verb.add_flag("--exit-code", options.exit_code, "exit with 1 when they differ");
}

}  // namespace

void add_diff(Program& program) {
  add_verb<Options>(program, "diff", "Show what changed between two releases", define, run);
}

}  // namespace relup::cmd
