// SPDX-License-Identifier: Apache-2.0
#include "lint/fix_choice.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

namespace relup::lint {
namespace {

// The places of one file that fixes change. They do not overlap, so only the neighbours of a new
// one need be looked at.
class ChangedPlaces {
 public:
  bool overlap(const Fix& fix) const {
    return std::any_of(fix.edits.begin(), fix.edits.end(),
                       [this](const Edit& edit) { return overlap(edit.span); });
  }

  void add(const Fix& fix) {
    for (const Edit& edit : fix.edits)
      ends_.emplace(edit.span.begin, edit.span.end);
  }

 private:
  // Two insertions at one place overlap: which of them comes first would be chance.
  bool overlap(Span span) const {
    const auto next = ends_.upper_bound(span.begin);
    if (next != ends_.end() && next->first < span.end) return true;
    if (next == ends_.begin()) return false;
    const auto& [begin, end] = *std::prev(next);
    return begin == span.begin || span.begin < end;
  }

  std::map<std::uint32_t, std::uint32_t> ends_;  // by begin
};

// The files of a request, by name.
class RequestFiles {
 public:
  explicit RequestFiles(const LintRequest& request) {
    for (const auto* files : {&request.appups, &request.relups}) {
      for (const LintFile& file : *files)
        files_[file.name].push_back(&file);
    }
  }

  // Whether a file has the bytes that the finding is about.
  bool have_text_of(const Diagnostic& finding) {
    const auto known = known_.find(finding.source.get());
    if (known != known_.end()) return known->second;
    const auto named = files_.find(finding.file);
    const bool is_there =
        named != files_.end() &&
        std::any_of(named->second.begin(), named->second.end(), [&](const LintFile* file) {
          return file->bytes.starts_with(finding.source->text());
        });
    return known_[finding.source.get()] = is_there;
  }

 private:
  std::unordered_map<std::string_view, std::vector<const LintFile*>> files_;
  std::unordered_map<const SourceText*, bool> known_;
};

// From the last edit to the first, so that the places of the others stay right.
void make_edits(std::vector<Edit> edits, std::string& bytes) {
  std::sort(edits.begin(), edits.end(),
            [](const Edit& left, const Edit& right) { return left.span.begin > right.span.begin; });
  for (const Edit& edit : edits)
    bytes.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
}

}  // namespace

Fixable choose_fixes(const LintRequest& request, const Diagnostics& findings,
                     const std::function<bool(const Diagnostic&)>& is_refused) {
  RequestFiles files(request);
  std::unordered_map<std::string_view, ChangedPlaces> changed;
  Fixable chosen;
  for (const Diagnostic& finding : findings) {
    if (!finding.fix || !finding.source || is_refused(finding)) continue;
    if (!files.have_text_of(finding)) continue;
    ChangedPlaces& places = changed[finding.file];
    if (places.overlap(*finding.fix)) continue;
    places.add(*finding.fix);
    chosen.push_back(&finding);
  }
  return chosen;
}

LintRequest with_fixes(LintRequest request, const Fixable& fixes) {
  std::unordered_map<std::string_view, std::vector<Edit>> edits;
  for (const Diagnostic* finding : fixes) {
    auto& of_file = edits[finding->file];
    of_file.insert(of_file.end(), finding->fix->edits.begin(), finding->fix->edits.end());
  }
  for (auto* files : {&request.appups, &request.relups}) {
    for (LintFile& file : *files) {
      const auto own = edits.find(file.name);
      if (own != edits.end()) make_edits(own->second, file.bytes);
    }
  }
  return request;
}

}  // namespace relup::lint
