// SPDX-License-Identifier: Apache-2.0
#include "diff_view.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "diff/in_words.hpp"
#include "diff_attention.hpp"
#include "diff_summary.hpp"
#include "plan/cold_changes.hpp"
#include "text_page.hpp"

namespace relup::cmd {
namespace {

using diff::ApplicationChange;
using diff::ApplicationStatus;
using diff::ModuleChange;
using diff::ModuleStatus;

std::string title_of(const ApplicationChange& application) {
  const std::string name = application.name.name() + " ";
  switch (application.status) {
    case ApplicationStatus::added:
      return name + application.new_version + " (added)";
    case ApplicationStatus::removed:
      return name + application.old_version + " (removed)";
    case ApplicationStatus::unchanged:
      return name + application.new_version;
    case ApplicationStatus::downgraded:
      return name + application.old_version + " -> " + application.new_version + " (downgraded)";
    case ApplicationStatus::upgraded:
      break;
  }
  return name + application.old_version + " -> " + application.new_version;
}

// The state of a module stands among what wants a second look, with its fields.
std::string joined_reasons(const ModuleChange& module) {
  return joined(diff::reasons_of(module, diff::StateReason::in_one_word), "; ");
}

Row row_of(const ModuleChange& module) {
  const std::string name = diff::name_in_words(module.name);
  switch (module.status) {
    case ModuleStatus::added:
      return {"+ " + name, "added", Colour::green};
    case ModuleStatus::removed:
      return {"- " + name, "removed", Colour::red};
    case ModuleStatus::moved:
      return {"> " + name, "moved " + joined_reasons(module), Colour::none};
    case ModuleStatus::rebuilt:
      return {"= " + name, "only rebuilt", Colour::dim};
    case ModuleStatus::changed:
      break;
  }
  return {"~ " + name, joined_reasons(module), Colour::yellow};
}

Row row_of(const diff::ApplicationDetail& detail) {
  return {". " + std::string(subject_of(detail)), predicate_of(detail), Colour::dim};
}

// Such an application has all its modules added or removed, so their names tell nothing new.
bool is_whole(const ApplicationChange& application) {
  return !application.is_in_both();
}

bool is_only_rebuilt(const ApplicationChange& application) {
  return application.status == ApplicationStatus::unchanged && application.details.empty() &&
         !application.modules.empty() && !application.has_code_changes();
}

class DiffView {
 public:
  DiffView(const diff::ReleaseDiff& diff, const TextStyle& style, DiffDetail detail)
      : diff_(diff), detail_(detail), page_(style) {}

  std::string text() {
    page_.paragraph(summary_of(diff_), Colour::bold);
    tell_restarts();
    tell_findings();
    const std::vector<Row> attention = attention_rows(diff_);
    if (!attention.empty()) {
      page_.heading("needs attention", Colour::yellow);
      page_.rows(attention);
    }
    tell_applications();
    tell_the_rest();
    return page_.text();
  }

 private:
  bool names() const { return detail_ == DiffDetail::named; }

  void tell_restarts() {
    const plan::ColdChanges cold = plan::find_cold_changes(diff_);
    if (cold.emulator.empty() && cold.applications.empty()) return;
    std::vector<Row> rows;
    for (const std::string& reason : cold.emulator)
      rows.push_back({rows.empty() ? "emulator" : "", reason});
    for (const auto& [application, reasons] : cold.applications)
      rows.push_back({application.name(), joined(reasons, "; ")});
    page_.heading("cannot be hot: needs a restart", Colour::red);
    page_.rows(rows);
  }

  void tell_findings() {
    if (!has_errors(diff_.findings)) return;
    page_.heading("would break an upgrade", Colour::red);
    for (const Diagnostic& finding : diff_.findings) {
      if (finding.severity != Severity::error) continue;  // among what needs attention
      std::vector<Row> rows{{std::string(to_string(finding.severity)) + ":",
                             finding.message + " [" + finding.rule + "]", Colour::red}};
      if (!finding.file.empty()) rows.push_back({"", "in " + finding.file});
      for (const std::string& note : finding.notes)
        rows.push_back({"", note});
      page_.rows(rows);
    }
  }

  // Applications of both releases come first.
  void tell_applications() {
    for (const ApplicationChange& application : diff_.applications) {
      const bool is_told = application.differs() && (names() || !is_only_rebuilt(application));
      if (is_told && !is_whole(application)) tell(application);
    }
    for (const ApplicationChange& application : diff_.applications) {
      if (is_whole(application)) tell(application);
    }
  }

  void tell(const ApplicationChange& application) {
    page_.heading(title_of(application));
    std::vector<Row> rows;
    if (is_whole(application) && !names()) {
      rows.push_back({counted(application.modules.size(), "module"), ""});
    } else {
      add_modules(application, rows);
    }
    for (const diff::ApplicationDetail& detail : application.details)
      rows.push_back(row_of(detail));
    page_.rows(rows);
  }

  void add_modules(const ApplicationChange& application, std::vector<Row>& rows) const {
    const auto add = [&](ModuleStatus status) {
      for (const ModuleChange& module : application.modules) {
        if (module.status == status) rows.push_back(row_of(module));
      }
    };
    for (const ModuleStatus status :
         {ModuleStatus::changed, ModuleStatus::added, ModuleStatus::removed, ModuleStatus::moved})
      add(status);
    if (names()) add(ModuleStatus::rebuilt);
    const auto rebuilt = static_cast<std::size_t>(
        std::count_if(application.modules.begin(), application.modules.end(),
                      [](const auto& each) { return each.status == ModuleStatus::rebuilt; }));
    if (rebuilt > 0 && !names())
      rows.push_back({"= " + counted(rebuilt, "module") + " only rebuilt", "", Colour::dim});
    if (application.modules.empty()) rows.push_back({"no module differs", ""});
  }

  // What nobody has to look at.
  void tell_the_rest() {
    if (diff_.is_empty()) return;
    std::vector<std::string> rebuilt;
    std::size_t unchanged = 0;
    for (const ApplicationChange& application : diff_.applications) {
      if (!application.differs()) ++unchanged;
      if (!names() && is_only_rebuilt(application)) rebuilt.push_back(application.name.name());
    }
    std::vector<std::string> lines;
    if (!rebuilt.empty()) {
      lines.push_back(counted(rebuilt.size(), "application") + " only rebuilt: " + joined(rebuilt));
    }
    if (unchanged > 0) lines.push_back(counted(unchanged, "application") + " unchanged");
    for (std::size_t i = 0; i < lines.size(); ++i)
      i == 0 ? page_.heading(lines[i], Colour::none) : page_.paragraph(lines[i]);
  }

  const diff::ReleaseDiff& diff_;
  DiffDetail detail_;
  TextPage page_;
};

}  // namespace

std::string diff_text(const diff::ReleaseDiff& diff, const TextStyle& style, DiffDetail detail) {
  return DiffView(diff, style, detail).text();
}

}  // namespace relup::cmd
