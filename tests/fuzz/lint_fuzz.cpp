// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an appup, and as a relup, for the linter: alone, and held against two small
// releases. Findings must have a place that can be shown, in every report; and what --fix makes of
// the text must leave nothing more to fix.

#include <algorithm>

#include "base/diagnostic_text.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "beam/hand_made_beam.hpp"
#include "fuzz/checked_compile.hpp"
#include "fuzz/target.hpp"
#include "lint/fix.hpp"
#include "lint/reports/github_report.hpp"
#include "lint/reports/json_report.hpp"
#include "lint/reports/sarif_report.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/external.hpp"

namespace relup::fuzz {
namespace {

// A module that exports init/1 and is of a behaviour. `version` makes it another module.
std::string module(const std::string& name, const std::string& behaviour,
                   const std::string& version) {
  using beam::u32;
  const auto attribute = [](const std::string& key, const std::string& value) {
    return tagged(key, Term::list({Term::atom(value)}));
  };
  const Term attributes =
      Term::list({attribute("vsn", version), attribute("behaviour", behaviour)});
  constexpr std::uint32_t init = 2;  // the second atom
  const std::string header = u32(16) + u32(0) + u32(170) + u32(1) + u32(0);
  return beam::form({beam::atom_chunk({name, "init", version}),
                     {"Code", header + '\x03'},
                     {"StrT", ""},
                     {"ExpT", beam::table({{init, 1, 1}})},
                     {"ImpT", beam::table({})},
                     {"Attr", encode_external(attributes)},
                     {"CInf", encode_external(Term())}});
}

support::SampleRelease release(const std::string& version) {
  support::SampleApplication shop{"shop", version};
  shop.modules["shop_a"] = module("shop_a", "gen_server", version);
  shop.modules["shop_b"] = module("shop_b", "supervisor", version);
  const std::string own = version == "1" ? "shop_old" : "shop_new";
  shop.modules[own] = module(own, "gen_server", version);
  return {version, {shop}};
}

struct Upgrade {
  Upgrade() {
    support::write_release(files, "/old", release("1"));
    support::write_release(files, "/new", release("2"));
    releases = release::load_releases(files, {"/old", "/new"}, {});
  }
  support::MemoryFileSystem files;
  std::vector<release::ReleaseTree> releases;
};

void check_result(const lint::LintResult& result) {
  for (const Diagnostic& finding : result.findings) {
    require(!finding.message.empty(), "a finding without a message");
    require(!finding.rule.empty(), "a finding without a rule");
    if (finding.source) {
      require(finding.span.begin <= finding.span.end, "a place that ends before it begins");
      require(finding.span.end <= finding.source->text().size(), "a place outside of the text");
    }
    require(!to_text(finding, TextStyle{}).empty(), "a finding without text");
  }
  require(!dump(lint::json_report(result, 0, "1")).empty(), "no JSON");
  require(!dump(lint::sarif_report(result.findings, {"1", "/"})).empty(), "no SARIF");
  const std::string commands = lint::github_report(result.findings);
  require(static_cast<std::size_t>(std::count(commands.begin(), commands.end(), '\n')) ==
              result.findings.size(),
          "a command of several lines");
}

void check_fix(lint::LintRequest request) {
  const lint::FixResult once = lint::fix(request);
  check_result(once.remaining);
  for (const lint::FixedFile& file : once.files) {
    for (auto* files : {&request.appups, &request.relups}) {
      for (lint::LintFile& each : *files) {
        if (each.name == file.name) each.bytes = file.after;
      }
    }
  }
  require(lint::fix(request).files.empty(), "a second round fixes more");
}

void check(const lint::LintRequest& request) {
  try {
    check_result(lint::run_lint(request));
    check_fix(request);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_input, error.what());
  }
}

lint::LintRequest request_for(const std::string& text, const Upgrade& upgrade) {
  lint::LintRequest request;
  request.appups.push_back({"shop.appup", text});
  request.relups.push_back({"relup", text});
  request.from = {&upgrade.releases.front()};
  request.to = &upgrade.releases.back();
  return request;
}

// The releases differ, and the linter can tell: an appup without instructions has findings.
const Upgrade& tried_upgrade() {
  static const Upgrade upgrade;
  static const auto findings =
      lint::lint(request_for("{\"2\", [{\"1\", []}], [{\"1\", []}]}.", upgrade));
  const auto missed = std::count_if(findings.begin(), findings.end(),
                                    [](const auto& finding) { return finding.code == "RU201"; });
  require(missed == 2, "the releases do not differ");
  return upgrade;
}

}  // namespace
}  // namespace relup::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relup;
  const fuzz::Upgrade& upgrade = fuzz::tried_upgrade();
  const std::string text(fuzz::bytes_of(data, size));
  lint::LintRequest alone;
  alone.appups.push_back({"shop.appup", text});
  fuzz::check(alone);
  fuzz::check(fuzz::request_for(text, upgrade));
  return 0;
}
