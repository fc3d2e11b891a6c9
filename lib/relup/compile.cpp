// SPDX-License-Identifier: Apache-2.0
#include "relup/compile.hpp"

#include <algorithm>
#include <set>

#include "relup/way_script.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using appup::Direction;
using release::ResolvedRelease;

// `{error, Module, Reason}`, printed. A reason of [] means that OTP itself would have crashed.
std::string otp_error(std::string_view module, const Term& reason) {
  if (reason.is_nil()) return "";
  return print(tagged("error", Term::atom(module), reason));
}

class Compiler {
 public:
  Compiler(FileSystem& files, const CompileRequest& request)
      : request_(request),
        reader_(files, with_current(request.path), request.otp),
        appups_(files, request.otp) {}

  CompileResult compile() {
    const std::optional<ResolvedRelease> top = read(request_.top);
    Relup relup;
    if (top) {
      relup.version = top->rel.version;
      // OTP collects the entries of a relup by prepending, so the last base comes first.
      for (const BaseRelease& base : request_.up_from) {
        if (auto entry = compile_entry(Direction::up, *top, base))
          relup.up.insert(relup.up.begin(), *entry);
      }
      for (const BaseRelease& base : request_.down_to) {
        if (auto entry = compile_entry(Direction::down, *top, base)) {
          relup.down.insert(relup.down.begin(), *entry);
        }
      }
    }
    return finish(std::move(relup));
  }

 private:
  // OTP looks into the current directory last, as the first entry of its own code path.
  static std::vector<std::string> with_current(std::vector<std::string> path) {
    path.emplace_back(".");
    return path;
  }

  std::optional<ResolvedRelease> read(const std::string& name) {
    Problems problems;
    std::optional<ResolvedRelease> release = reader_.read(name, problems);
    report("systools_make", problems);
    if (!release) return std::nullopt;
    if (release->rel.find(Atom("sasl")) == nullptr) {
      Problem problem = make_problem("missing-sasl", release->rel.source, {0, 0},
                                     "the release has no sasl, so it has no release handler",
                                     tagged("missing_sasl", release::release_record(release->rel)));
      problem.diagnostic.notes.push_back("add sasl to the applications of the release");
      report("systools_relup", {problem});
      return std::nullopt;
    }
    return release;
  }

  std::optional<RelupEntry> compile_entry(Direction direction, const ResolvedRelease& top,
                                          const BaseRelease& base_release) {
    const std::optional<ResolvedRelease> base = read(base_release.rel);
    if (!base) return std::nullopt;
    const Way way = way_between(*base, top, direction);
    WayScript made = make_script(way, appups_, options_for(way));
    // Nothing can be translated where an appup is missing, but much can be said of the others.
    if (!made.collecting.empty()) check_script_syntax(made.sources, made.translating);
    report("systools_relup", made.collecting);
    report("systools_rc", made.translating);
    warnings_.insert(warnings_.end(), made.warnings.begin(), made.warnings.end());
    if (!made.script) return std::nullopt;
    if (direction == Direction::up) move_late_restart(*made.script, *base);
    return RelupEntry{base->rel.version, base_release.description, std::move(*made.script)};
  }

  WayScriptOptions options_for(const Way& way) const {
    WayScriptOptions options;
    if (request_.restart_emulator) options.added_restart = AddedRestart::emulator;
    if (request_.tie_break)
      options.tie_break = request_.tie_break(way.direction, way.base().rel.version);
    return options;
  }

  // An OTP before R15 restarts the new emulator after the upgrade, not before it. It is known by a
  // sasl version below "2.2", compared character by character.
  void move_late_restart(Script& script, const ResolvedRelease& base) {
    if (!std::holds_alternative<appup::RestartNewEmulator>(script.front().action)) return;
    const release::Application* sasl = base.find(Atom("sasl"));
    if (sasl->version() >= "2.2") return;
    const appup::Instruction restart = script.front();
    script.erase(script.begin());
    const auto last = std::find_if(script.begin(), script.end(), [](const auto& step) {
      return std::holds_alternative<appup::RestartEmulator>(step.action);
    });
    if (last != script.end()) script.erase(last);
    script.push_back(restart);
    warnings_.push_back(make_problem(
        "pre-r15-upgrade", base.rel.source, {0, 0},
        "upgrade from an OTP earlier than R15: new code must be compiled with the old emulator",
        Term::atom("pre_R15_emulator_upgrade")));
  }

  void report(std::string_view module, const Problems& problems) {
    for (const Problem& problem : problems) {
      Diagnostic diagnostic = problem.diagnostic;
      diagnostic.otp = otp_error(module, problem.reason);
      errors_.push_back(std::move(diagnostic));
    }
  }

  CompileResult finish(Relup relup) {
    CompileResult result;
    Diagnostics warnings = newest_first();
    if (request_.warnings_as_errors && !warnings.empty() && errors_.empty()) {
      errors_.push_back(warnings_treated_as_errors());
    }
    if (errors_.empty()) result.relup = std::move(relup);
    append_new(errors_, result.diagnostics);
    append_new(warnings, result.diagnostics);
    return result;
  }

  // OTP lists the newest warning first.
  Diagnostics newest_first() const {
    Diagnostics warnings;
    for (auto problem = warnings_.rbegin(); problem != warnings_.rend(); ++problem) {
      warnings.push_back(problem->diagnostic);
      warnings.back().severity = Severity::warning;
      warnings.back().otp = print(problem->reason);
    }
    return warnings;
  }

  Diagnostic warnings_treated_as_errors() const {
    Term::Elements terms;
    for (auto problem = warnings_.rbegin(); problem != warnings_.rend(); ++problem) {
      terms.push_back(problem->reason);
    }
    Diagnostic diagnostic;
    diagnostic.rule = "warnings-as-errors";
    diagnostic.message = "warnings are treated as errors";
    diagnostic.otp = otp_error("systools_relup",
                               tagged("warnings_treated_as_errors", Term::list(std::move(terms))));
    return diagnostic;
  }

  // The same fault of one file is met once per base and direction, and told once. Warnings about
  // two bases may read alike; OTP's term tells them apart.
  static void append_new(const Diagnostics& from, Diagnostics& to) {
    using Identity = std::tuple<std::string, std::string, std::uint32_t, std::string>;
    std::set<Identity> told;
    for (const Diagnostic& diagnostic : from) {
      const bool is_warning = diagnostic.severity == Severity::warning;
      const Identity identity{diagnostic.rule, diagnostic.file, diagnostic.span.begin,
                              is_warning ? diagnostic.otp : diagnostic.message};
      if (told.insert(identity).second) to.push_back(diagnostic);
    }
  }

  const CompileRequest& request_;
  release::ReleaseReader reader_;
  AppupFiles appups_;
  Diagnostics errors_;
  Problems warnings_;
};

}  // namespace

CompileResult compile(FileSystem& files, const CompileRequest& request) {
  return Compiler(files, request).compile();
}

}  // namespace relup
