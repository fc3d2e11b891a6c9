// SPDX-License-Identifier: Apache-2.0
//
// A fingerprint tells a finding from others although lines have moved: it is a digest of the rule,
// the file, the line without its blanks, and how many findings of that rule on such a line came
// before it.

#include "lint/reports/sarif_report.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/digest.hpp"
#include "lint/rule_group.hpp"
#include "lint/rule_list.hpp"
#include "lint/rule_page.hpp"

namespace relup::lint {
namespace {

std::string_view level_of(Severity severity) {
  return to_string(severity);  // SARIF has the same words
}

std::string_view problem_severity(Severity severity) {
  return severity == Severity::note ? "recommendation" : to_string(severity);
}

Json text(std::string_view words) {
  return {{"text", words}};
}

Json descriptor_of(const Rule& rule) {
  return {{"id", rule.code},
          {"name", rule.name},
          {"shortDescription", text(rule.summary)},
          {"fullDescription", text(rule.page.what)},
          {"help", {{"text", plain_page(rule)}, {"markdown", markdown_page(rule)}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties",
           {{"tags", Json::array("erlang", "hot-upgrade", to_string(group_of(rule)))},
            {"precision", "high"},
            {"problem.severity", problem_severity(rule.severity)}}}};
}

// Of a finding that no rule of the linter made: a file does not parse, an appup does not exist.
Json descriptor_of(const Diagnostic& finding) {
  return {{"id", finding.rule},
          {"name", finding.rule},
          {"shortDescription", text(finding.rule)},
          {"fullDescription", text("A fault that keeps relup from reading or compiling a file.")},
          {"help", {{"text", finding.rule}, {"markdown", finding.rule}}},
          {"defaultConfiguration", {{"level", level_of(finding.severity)}}},
          {"properties",
           {{"tags", Json::array("erlang", "hot-upgrade", "compilation")},
            {"precision", "high"},
            {"problem.severity", problem_severity(finding.severity)}}}};
}

const std::string& id_of(const Diagnostic& finding) {
  return finding.code.empty() ? finding.rule : finding.code;
}

std::string percent_encoded(const std::string& path) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char byte : path) {
    const auto value = static_cast<unsigned char>(byte);
    if (plain.find(byte) != std::string_view::npos) {
      out += byte;
    } else {
      out += {'%', digits[value >> 4U], digits[value & 15U]};
    }
  }
  return out;
}

// A finding about a whole file is placed at its beginning: GitHub wants a place.
Json region_of(const Diagnostic& finding, Span span) {
  const Position begin = finding.source ? finding.source->position(span.begin) : Position();
  const Position end = finding.source ? finding.source->position(span.end) : Position();
  return {{"startLine", begin.line},
          {"startColumn", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column}};
}

std::string message_of(const Diagnostic& finding) {
  std::string message = finding.message;
  for (const std::string& note : finding.notes)
    message += "\n" + note;
  return message;
}

std::string without_blanks(std::string_view line) {
  std::string out;
  std::copy_if(line.begin(), line.end(), std::back_inserter(out),
               [](char byte) { return byte != ' ' && byte != '\t'; });
  return out;
}

class Run {
 public:
  Run(const Diagnostics& findings, const SarifRun& run) : run_(run), findings_(findings) {
    for (const Rule* rule : all_rules())
      add_rule(std::string(rule->code), descriptor_of(*rule));
  }

  Json document() {
    for (const Diagnostic& finding : chosen_findings()) {
      if (!rule_index_.contains(id_of(finding))) add_rule(id_of(finding), descriptor_of(finding));
      if (finding.file.empty()) {
        add_notification(level_of(finding.severity), message_of(finding));
      } else {
        results_.push_back(result_of(finding));
      }
    }
    const Json driver{{"name", "relup"}, {"version", run_.version}, {"rules", std::move(rules_)}};
    const Json invocation{{"executionSuccessful", true},
                          {"toolExecutionNotifications", std::move(notifications_)}};
    Json run{{"tool", {{"driver", driver}}},
             {"columnKind", "unicodeCodePoints"},
             {"invocations", Json::array(invocation)},
             {"results", std::move(results_)}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array(std::move(run))}};
  }

 private:
  void add_rule(const std::string& id, Json descriptor) {
    rule_index_.emplace(id, rule_index_.size());
    rules_.push_back(std::move(descriptor));
  }

  void add_notification(std::string_view level, const std::string& message) {
    notifications_.push_back({{"level", level}, {"message", text(message)}});
  }

  // Of more than there may be, the most severe ones, in their order.
  Diagnostics chosen_findings() {
    if (findings_.size() <= run_.most_results) return findings_;
    std::vector<std::size_t> order(findings_.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(), [this](std::size_t left, std::size_t right) {
      return findings_[left].severity > findings_[right].severity;
    });
    add_notification("warning", std::to_string(findings_.size() - run_.most_results) +
                                    " findings more than a report holds are left out");
    order.resize(run_.most_results);
    std::sort(order.begin(), order.end());
    Diagnostics chosen;
    for (const std::size_t index : order)
      chosen.push_back(findings_[index]);
    return chosen;
  }

  Json result_of(const Diagnostic& finding) {
    const Json location{{"physicalLocation",
                         {{"artifactLocation", artifact_of(finding.file)},
                          {"region", region_of(finding, finding.span)}}}};
    Json result{{"ruleId", id_of(finding)},
                {"ruleIndex", rule_index_.at(id_of(finding))},
                {"level", level_of(finding.severity)},
                {"message", text(message_of(finding))},
                {"locations", Json::array(location)},
                {"partialFingerprints", {{"relupFinding/v1", fingerprint_of(finding)}}}};
    if (finding.fix && finding.source) result["fixes"] = Json::array(fix_of(finding));
    return result;
  }

  Json fix_of(const Diagnostic& finding) const {
    Json replacements = Json::array();
    for (const Edit& edit : finding.fix->edits) {
      replacements.push_back(
          {{"deletedRegion", region_of(finding, edit.span)}, {"insertedContent", text(edit.text)}});
    }
    const Json change{{"artifactLocation", artifact_of(finding.file)},
                      {"replacements", std::move(replacements)}};
    return {{"description", text(finding.fix->title)}, {"artifactChanges", Json::array(change)}};
  }

  // Below the working directory a path relative to it, which is what GitHub finds in a checkout.
  std::string relative(const std::string& file) const {
    const auto path = (std::filesystem::path(run_.directory) / file).lexically_normal();
    const auto inner = path.lexically_relative(std::filesystem::path(run_.directory));
    const bool is_below = !inner.empty() && *inner.begin() != "..";
    return is_below ? inner.generic_string() : path.generic_string();
  }

  Json artifact_of(const std::string& file) const {
    const std::string path = relative(file);
    if (path.starts_with('/')) return {{"uri", "file://" + percent_encoded(path)}};
    return {{"uri", percent_encoded(path)}, {"uriBaseId", "%SRCROOT%"}};
  }

  std::string fingerprint_of(const Diagnostic& finding) {
    std::string line;
    if (finding.source) {
      line = finding.source->line(finding.source->position(finding.span.begin).line);
    }
    const std::string key = id_of(finding) + "\n" + relative(finding.file) + "\n" +
                            (finding.source ? without_blanks(line) : finding.message);
    const std::size_t occurrence = ++occurrences_[key];
    return sha256_hex(key).substr(0, 32) + ":" + std::to_string(occurrence);
  }

  const SarifRun& run_;
  const Diagnostics& findings_;
  std::map<std::string, std::size_t> rule_index_;
  std::map<std::string, std::size_t> occurrences_;
  Json rules_ = Json::array();
  Json results_ = Json::array();
  Json notifications_ = Json::array();
};

}  // namespace

Json sarif_report(const Diagnostics& findings, const SarifRun& run) {
  return Run(findings, run).document();
}

}  // namespace relup::lint
