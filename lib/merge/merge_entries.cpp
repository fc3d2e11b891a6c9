// SPDX-License-Identifier: Apache-2.0
//
// An entry is decided as a whole first: one that only one side has changed is as that side has it,
// or gone as that side has it. Where both have changed it, its instructions are decided one by one.
// A new entry goes to the end, where it hides nothing: OTP takes the first one that fits.

#include "merge/merge_entries.hpp"

#include <algorithm>

#include "appup/list_text.hpp"
#include "appup/version_match.hpp"
#include "merge/conflict.hpp"
#include "merge/keep_comments.hpp"
#include "merge/three_way.hpp"

namespace relup::merge {
namespace {

Term::Elements terms_of(const appup::VersionScript& script) {
  Term::Elements terms;
  for (const appup::Action& action : script.instructions)
    terms.push_back(appup::to_term(action));
  return terms;
}

// Carries decisions out: `now` are the instructions that relup would write.
void apply(const std::vector<Decision>& decisions, const Term::Elements& now,
           appup::ListText& list) {
  std::vector<const Decision*> by_now(now.size());
  for (const Decision& decision : decisions) {
    const bool takes_now = decision.verdict == Verdict::take_now;
    if (decision.now) by_now[*decision.now] = &decision;
    if (decision.moves || (takes_now && !decision.now)) {
      list.remove(*decision.user);
    } else if (takes_now && decision.user) {
      list.replace(*decision.user, appup::one_line_text(now[*decision.now]));
    }
  }
  // A new instruction follows the one that relup would write before it, if that is there.
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const Decision& decision = *by_now[i];
    const bool is_new = decision.verdict == Verdict::take_now && !decision.user;
    if (is_new || decision.moves) {
      last = list.insert(last, appup::one_line_text(now[i]));
    } else if (decision.user) {
      last = decision.user;
    }
  }
}

class EntriesMerge {
 public:
  EntriesMerge(const EditedFile& edited, appup::Direction direction, appup::ListText list,
               Diagnostics& conflicts)
      : edited_(edited),
        source_(*edited.appup.source),
        direction_(direction),
        entries_(edited.entries(direction)),
        list_(std::move(list)),
        kept_(kept_versions(read_keep_comments(source_, edited.comments, entries_.span()))),
        conflicts_(conflicts) {}

  // False when the entry cannot be merged.
  bool merge(const std::string& version, const appup::VersionScript* now) {
    const auto users = find_users(version);
    if (kept_.contains(version) || (!users && is_served(version))) return true;
    const appup::Fingerprints* recorded = edited_.base.find(direction_, version);
    const auto base = recorded == nullptr ? std::nullopt : std::optional(*recorded);
    const auto nows =
        now == nullptr ? std::nullopt : std::optional(appup::fingerprints(terms_of(*now)));
    const auto file = users ? std::optional(appup::fingerprints(*instructions_of(*users).as_list()))
                            : std::nullopt;
    const Verdict verdict = three_way(file, base, nows);
    if (verdict == Verdict::keep_user) return true;
    if (users && now != nullptr) return merge_instructions_of(*users, *now);
    if (now != nullptr) {
      add(*now, verdict);
    } else if (verdict == Verdict::take_now && kept_in(*users).empty()) {
      list_.remove(*users);
    }
    return true;
  }

  std::string text() const { return list_.text(); }

 private:
  using Index = std::optional<std::size_t>;

  const Term& entry(std::size_t index) const { return (*entries_.as_list())[index]; }
  const Term& instructions_of(std::size_t index) const { return (*entry(index).as_tuple())[1]; }

  // The modules that the user wants left alone in an entry.
  std::set<Atom> kept_in(std::size_t index) const {
    return kept_modules(read_keep_comments(source_, edited_.comments, entry(index).span()));
  }

  Index find_users(const std::string& version) const {
    const Term sought = Term::string(version);
    for (std::size_t i = 0; i < list_.size(); ++i) {
      const Term::Elements* pair = entry(i).as_tuple();
      const bool is_entry = pair != nullptr && pair->size() == 2 && pair->back().is_list();
      if (is_entry && pair->front() == sought) return i;
    }
    return std::nullopt;
  }

  bool is_served(const std::string& version) const {
    return std::holds_alternative<Term>(appup::find_entry(entries_, version));
  }

  void add(const appup::VersionScript& now, Verdict verdict) {
    if (verdict == Verdict::conflict) {
      conflicts_.push_back(
          entry_conflict({edited_.appup.source, entries_.span(), direction_, now.version}, now));
      return;
    }
    if (!last_ && list_.size() > 0) last_ = list_.size() - 1;
    last_ = list_.insert(last_, appup::entry_text(now));
  }

  bool merge_instructions_of(std::size_t index, const appup::VersionScript& now) {
    const Term& users = instructions_of(index);
    auto list = appup::ListText::read(source_, users, edited_.comments,
                                      appup::FirstElement::on_a_line_of_its_own);
    if (!list) return false;
    const Term::Elements nows = terms_of(now);
    const appup::Fingerprints* base = edited_.base.find(direction_, now.version);
    const auto decisions = merge_instructions(appup::fingerprints(*users.as_list()),
                                              base == nullptr ? appup::Fingerprints() : *base,
                                              appup::fingerprints(nows), kept_in(index));
    for (const Decision& decision : decisions) {
      if (decision.verdict == Verdict::conflict) report(decision, index, now.version, nows);
    }
    apply(decisions, nows, *list);
    const Span whole = entry(index).span();
    list_.rewrite(index, std::string(source_.text({whole.begin, users.span().begin})) +
                             list->text() +
                             std::string(source_.text({users.span().end, whole.end})));
    return true;
  }

  void report(const Decision& decision, std::size_t index, const std::string& version,
              const Term::Elements& nows) {
    ConflictSides sides;
    if (decision.user) sides.users = (*instructions_of(index).as_list())[*decision.user];
    if (decision.now) sides.now = nows[*decision.now];
    sides.is_new = !decision.base;
    const Span span = sides.users ? sides.users->span() : entry(index).as_tuple()->front().span();
    const auto module = appup::fingerprint(sides.users ? *sides.users : *sides.now).module;
    conflicts_.push_back(
        instruction_conflict({edited_.appup.source, span, direction_, version}, *module, sides));
  }

  const EditedFile& edited_;
  const SourceText& source_;
  appup::Direction direction_;
  const Term& entries_;
  appup::ListText list_;
  std::set<std::string> kept_;
  Index last_;  // of the entries that were added
  Diagnostics& conflicts_;
};

}  // namespace

std::optional<std::string> merge_entries(const EditedFile& edited, appup::Direction direction,
                                         const std::vector<appup::VersionScript>& now,
                                         Diagnostics& conflicts) {
  auto list = appup::ListText::read(*edited.appup.source, edited.entries(direction),
                                    edited.comments, appup::FirstElement::after_the_bracket);
  if (!list) return std::nullopt;
  EntriesMerge merge(edited, direction, std::move(*list), conflicts);
  for (const appup::VersionScript& script : now) {
    if (!merge.merge(script.version, &script)) return std::nullopt;
  }
  for (const appup::RecordedEntry& before : edited.base.entries) {
    const bool is_still_there = std::any_of(
        now.begin(), now.end(),
        [&](const appup::VersionScript& script) { return script.version == before.version; });
    if (before.direction != direction || is_still_there) continue;
    if (!merge.merge(before.version, nullptr)) return std::nullopt;
  }
  return merge.text();
}

}  // namespace relup::merge
