// SPDX-License-Identifier: Apache-2.0
//
// The merge on random appups: what was generated, what relup would write now, and a file in which
// somebody has changed instructions, their order, the layout, and has put comments everywhere. What
// must come out is worked out on maps, one instruction a module, where a three-way merge is a
// table.
#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "appup/fingerprint.hpp"
#include "merge/merge_appup.hpp"
#include "merge/three_way.hpp"
#include "merge_support.hpp"
#include "term/printer.hpp"

namespace relup::merge {
namespace {

constexpr int rounds = 4000;

using Script = std::vector<std::pair<std::string, std::string>>;  // module, instruction
using Scripts = std::vector<std::pair<std::string, Script>>;      // version, instructions

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : engine_(seed) {}

  // What relup might generate: every module once.
  Scripts generated() {
    Scripts scripts;
    for (const char* version : {"1.0", "1.1", "1.2"}) {
      if (below(4) == 0) continue;
      scripts.emplace_back(version, Script());
      for (const char* module : {"a", "b", "c", "d", "e"}) {
        if (below(3) > 0) scripts.back().second.emplace_back(module, instruction(module));
      }
    }
    return scripts;
  }

  // What it might generate later.
  Scripts changed(Scripts scripts) {
    if (below(6) == 0) return generated();
    for (auto& [version, script] : scripts) {
      if (below(2) == 0) edit(script);
    }
    return scripts;
  }

  // What somebody might make of it: instructions without a module come in, too.
  Scripts edited(Scripts scripts) {
    for (auto& [version, script] : scripts) {
      if (below(2) == 0) edit(script);
      if (below(3) == 0) script.emplace_back("", "{apply, {m, f, [" + number() + "]}}");
      if (below(6) == 0) std::shuffle(script.begin(), script.end(), engine_);
    }
    if (!scripts.empty() && below(8) == 0) scripts.pop_back();
    if (below(8) == 0) scripts.insert(scripts.begin(), {"0.9", {}});
    return scripts;
  }

  // The list of entries as somebody might write it.
  std::string written(const Scripts& scripts) {
    std::vector<std::string> entries;
    for (const auto& [version, script] : scripts) {
      std::vector<std::string> instructions;
      for (const auto& pair : script)
        instructions.push_back(pair.second);
      entries.push_back("{" + space() + "\"" + version + "\"," + space() + list(instructions) +
                        "}");
    }
    return list(entries);
  }

  const std::vector<std::string>& comments() const { return comments_; }

 private:
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  std::string number() { return std::to_string(next_++); }

  std::string instruction(const std::string& module) {
    static constexpr const char* forms[] = {"{load_module, M}", "{load_module, M, [x]}",
                                            "{update, M, supervisor}",
                                            "{remove, {M, soft_purge, soft_purge}}"};
    std::string text = forms[below(std::size(forms))];
    return text.replace(text.find('M'), 1, module);
  }

  void edit(Script& script) {
    const std::string module(1, static_cast<char>('a' + below(5)));
    const auto found = std::find_if(script.begin(), script.end(),
                                    [&](const auto& pair) { return pair.first == module; });
    if (found == script.end()) {
      const auto place = static_cast<std::ptrdiff_t>(below(script.size() + 1));
      script.insert(script.begin() + place, {module, instruction(module)});
    } else if (below(3) == 0) {
      script.erase(found);
    } else {
      found->second = instruction(module);
    }
  }

  std::string space() {
    static constexpr const char* blanks[] = {"", "", " ", "\n  ", "\n\n\t", "\r\n "};
    std::string text = blanks[below(std::size(blanks))];
    if (below(8) > 0) return text;
    const std::string comment = "% c" + number() + ".";
    comments_.push_back(comment);
    return text + comment + "\n" + space();
  }

  std::string list(const std::vector<std::string>& elements) {
    std::string text = "[" + space();
    for (std::size_t i = 0; i < elements.size(); ++i)
      text += (i > 0 ? "," + space() : "") + elements[i] + space();
    return text + "]";
  }

  std::mt19937 engine_;
  int next_ = 0;
  std::vector<std::string> comments_;
};

appup::AppupDocument document_of(const Scripts& scripts) {
  std::vector<SampleEntry> entries;
  for (const auto& [version, script] : scripts) {
    entries.push_back({version, {}});
    for (const auto& pair : script)
      entries.back().instructions.push_back(pair.second);
  }
  return make_document(entries);
}

// Instructions in full form by module; without a module an instruction is its own key.
using Instructions = std::map<std::string, std::string>;

// Entries are the same when their instructions stand in the same order, too.
struct ModelEntry {
  Instructions by_module;
  std::vector<std::string> in_order;
  bool operator==(const ModelEntry& other) const { return in_order == other.in_order; }
};
using Model = std::map<std::string, ModelEntry>;  // by version

std::string full(const std::string& instruction) {
  return print(appup::to_term(read_action(instruction)));
}

Model model_of(const Scripts& scripts) {
  Model model;
  for (const auto& [version, script] : scripts) {
    ModelEntry& entry = model[version];
    for (const auto& [module, instruction] : script) {
      const std::string whole = full(instruction);
      entry.by_module[module.empty() ? whole : module] = whole;
      entry.in_order.push_back(whole);
    }
  }
  return model;
}

template <typename Value>
std::optional<Value> look_up(const std::map<std::string, Value>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

// What merging gives, none for a conflict that `merge_conflict` cannot resolve.
template <typename Value, typename Merge>
std::optional<std::map<std::string, Value>> merge_maps(const std::map<std::string, Value>& user,
                                                       const std::map<std::string, Value>& base,
                                                       const std::map<std::string, Value>& now,
                                                       Merge merge_conflict) {
  std::map<std::string, Value> keys = user;
  keys.insert(now.begin(), now.end());
  std::map<std::string, Value> merged;
  for (const auto& entry : keys) {
    const auto users = look_up(user, entry.first);
    const auto bases = look_up(base, entry.first);
    const auto nows = look_up(now, entry.first);
    const Verdict verdict = three_way(users, bases, nows);
    auto value = verdict == Verdict::take_now ? nows : users;
    if (verdict == Verdict::conflict) {
      value = merge_conflict(users, bases, nows);
      if (!value) return std::nullopt;
    }
    if (value) merged[entry.first] = *value;
  }
  return merged;
}

std::optional<Model> merge_models(const Model& user, const Model& base, const Model& now) {
  const auto never = [](const auto&...) { return std::optional<std::string>(); };
  const auto inside = [&](const std::optional<ModelEntry>& users,
                          const std::optional<ModelEntry>& bases,
                          const std::optional<ModelEntry>& nows) -> std::optional<ModelEntry> {
    if (!users || !nows) return users;  // a removed entry is a conflict, an edited one stays
    const Instructions before = bases ? bases->by_module : Instructions();
    const auto merged = merge_maps(users->by_module, before, nows->by_module, never);
    return merged ? std::optional(ModelEntry{*merged, {}}) : std::nullopt;
  };
  return merge_maps(user, base, now, inside);
}

using Contents = std::map<std::string, Instructions>;

Contents contents_of(const Model& model) {
  Contents contents;
  for (const auto& [version, entry] : model)
    contents[version] = entry.by_module;
  return contents;
}

Contents contents_of(const std::string& text) {
  Contents contents;
  for (const PlainEntry& entry : plain_entries((*read_appup_text(text).as_tuple())[1])) {
    Instructions& instructions = contents[entry.version.substr(1, entry.version.size() - 2)];
    for (const std::string& instruction : entry.instructions) {
      const std::string whole = full(instruction);
      const auto module = appup::fingerprint(appup::to_term(read_action(instruction))).module;
      instructions[module ? module->name() : whole] = whole;
    }
  }
  return contents;
}

void expect_all(const std::string& text, const std::vector<std::string>& comments) {
  for (const std::string& comment : comments)
    EXPECT_NE(text.find(comment), std::string::npos) << comment << " is lost in\n" << text;
}

class RandomMerge : public ::testing::Test {
 protected:
  void run(std::uint32_t seed) {
    Maker maker(seed);
    const Scripts base = maker.generated();
    const Scripts now = maker.changed(base);
    const Scripts user = maker.edited(base);
    std::string edited = appup::generated_text("shop", document_of(base));
    const std::size_t begin = edited.find('[');
    const std::size_t end = edited.find(",\n %% downgrade");
    edited.replace(begin, end - begin, maker.written(user));
    const appup::AppupDocument document = document_of(now);
    const MergeResult result = merge_appup("shop.appup", edited, document, "shop");
    SCOPED_TRACE("round " + std::to_string(seed) + "\n" + edited + "\n== now\n" +
                 appup::generated_text("shop", document) + "\n== merged\n" + result.text);
    const auto expected = merge_models(model_of(user), model_of(base), model_of(now));
    ASSERT_EQ(result.diagnostics.empty(), expected.has_value());
    if (!expected) {
      ++conflicts_;
      EXPECT_EQ(result.text, edited);
      return;
    }
    EXPECT_EQ(contents_of(result.text), contents_of(*expected));
    expect_all(result.text, maker.comments());
    EXPECT_EQ(merge_appup("shop.appup", result.text, document, "shop").text, result.text);
  }

  int conflicts_ = 0;
};

TEST_F(RandomMerge, LosesNoEditAndNoCommentAndIsDoneAtOnce) {
  for (std::uint32_t seed = 1; seed <= rounds && !HasFailure(); ++seed)
    run(seed);
  EXPECT_GT(conflicts_, rounds / 20);
  EXPECT_LT(conflicts_, rounds * 3 / 4);
}

}  // namespace
}  // namespace relup::merge
