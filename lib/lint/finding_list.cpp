// SPDX-License-Identifier: Apache-2.0
#include "lint/finding_list.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace relup::lint {
namespace {

// The places of some findings of one rule in one text. Whether one of them lies inside a span is
// told by the spans that do not begin before it: the least of their ends must not be after its end.
class Places {
 public:
  void add(Span span) { spans_.push_back(span); }

  // Once all are added.
  void prepare() {
    std::sort(spans_.begin(), spans_.end(),
              [](Span left, Span right) { return left.begin < right.begin; });
    least_ends_.resize(spans_.size());
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = spans_.size(); i-- > 0;) {
      least = std::min(least, spans_[i].end);
      least_ends_[i] = least;
    }
  }

  bool has_one_inside(Span span) const {
    const auto first =
        std::lower_bound(spans_.begin(), spans_.end(), span.begin,
                         [](Span each, std::uint32_t begin) { return each.begin < begin; });
    if (first == spans_.end()) return false;
    return least_ends_[static_cast<std::size_t>(first - spans_.begin())] <= span.end;
  }

 private:
  std::vector<Span> spans_;
  std::vector<std::uint32_t> least_ends_;  // of the spans from here on
};

using RuleInText = std::pair<const SourceText*, std::string>;

std::map<RuleInText, Places> places_by_rule(const Diagnostics& findings) {
  std::map<RuleInText, Places> places;
  for (const Diagnostic& finding : findings) {
    if (finding.code.empty() || finding.source == nullptr) continue;
    places[{finding.source.get(), finding.code}].add(finding.span);
  }
  for (auto& [rule, spans] : places)
    spans.prepare();
  return places;
}

// What a finding is sorted by, and where it is in the list.
struct SortKey {
  std::size_t file;
  std::string_view name;
  std::uint32_t begin;
  std::string_view code;
  std::size_t index;
  auto operator<=>(const SortKey&) const = default;
};

}  // namespace

void add_compiler_findings(Diagnostics compiler_findings, Diagnostics& findings) {
  const auto places = places_by_rule(findings);
  for (Diagnostic& finding : compiler_findings) {
    const auto own = places.find({finding.source.get(), finding.code});
    const bool is_said = own != places.end() && own->second.has_one_inside(finding.span);
    if (!is_said) findings.push_back(std::move(finding));
  }
}

void drop_repetitions(Diagnostics& findings) {
  using Key = std::tuple<std::string_view, std::string_view, std::uint32_t, std::uint32_t,
                         std::string_view>;
  std::set<Key> known;
  std::vector<bool> is_new;
  for (const Diagnostic& finding : findings) {
    const Key key{finding.file, finding.rule, finding.span.begin, finding.span.end,
                  finding.message};
    is_new.push_back(known.insert(key).second);
  }
  Diagnostics kept;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (is_new[i]) kept.push_back(std::move(findings[i]));
  }
  findings = std::move(kept);
}

void sort_by_place(const std::vector<std::string>& files, Diagnostics& findings) {
  std::unordered_map<std::string_view, std::size_t> order;
  for (const std::string& file : files)
    order.emplace(file, order.size());
  std::vector<SortKey> keys;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Diagnostic& finding = findings[i];
    const auto file = order.find(finding.file);
    keys.push_back({file == order.end() ? order.size() : file->second, finding.file,
                    finding.span.begin, finding.code, i});
  }
  std::sort(keys.begin(), keys.end());
  Diagnostics sorted;
  for (const SortKey& key : keys)
    sorted.push_back(std::move(findings[key.index]));
  findings = std::move(sorted);
}

}  // namespace relup::lint
