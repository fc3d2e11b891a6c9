// SPDX-License-Identifier: Apache-2.0
//
// What holds of everything that `generate` writes, over random releases and over all pairs: the
// scripts lead where they should (script_model.hpp), up and down again is where one began, the
// compiler makes the same relup of the appups, but for when applications start, and the same input
// gives the same bytes, also when it finds its own output there.
#include <algorithm>

#include <gmock/gmock.h>

#include "appup/appup_text.hpp"
#include "appup/version_match.hpp"
#include "base/replace_file.hpp"
#include "cmd/program.hpp"
#include "pairs/pair.hpp"
#include "pairs/random_releases.hpp"
#include "pairs/script_model.hpp"
#include "pairs/upgrade.hpp"
#include "plan/load_order.hpp"
#include "support/temporary_directory.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::pairs {
namespace {

using appup::Direction;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t seed = 7;
constexpr int rounds = 300;
constexpr int rounds_with_the_program = 12;

std::string message_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics)
    text += diagnostic.rule + ": " + diagnostic.message + "\n";
  return text;
}

bool has_module(const release::ReleaseTree& tree, Atom module) {
  return std::any_of(tree.applications.begin(), tree.applications.end(), [&](const auto& each) {
    return std::binary_search(each.beam_modules.begin(), each.beam_modules.end(), module);
  });
}

// Of when applications start and stop the model knows, and systools has it otherwise.
bool is_about_applications(const appup::Instruction& step) {
  const auto* apply = std::get_if<appup::Apply>(&step.action);
  return apply != nullptr && apply->module == "application";
}

Relup without_applications(Relup relup) {
  for (std::vector<RelupEntry>* entries : {&relup.up, &relup.down}) {
    for (RelupEntry& entry : *entries)
      std::erase_if(entry.script, is_about_applications);
  }
  return relup;
}

// Whether a step comes from an instruction for a whole application.
bool is_of_application(const appup::Instruction& step) {
  return !step.source ||
         step.source->text(step.span).find("_application") != std::string_view::npos;
}

bool is_native(const release::ReleaseTree& release, Atom module) {
  for (const release::TreeApplication& application : release.applications) {
    if (!std::binary_search(application.beam_modules.begin(), application.beam_modules.end(),
                            module))
      continue;
    const std::string path = release::ReleaseTree::beam_path(application, module);
    const auto facts =
        facts::read_module_facts(beam::BeamFile(path, release.reference.files->read(path)));
    return facts::loads_library(facts);
  }
  return false;
}

// What relup makes of a script that systools would write: what comes, goes or restarts with a whole
// application purges softly, and a module that is loaded again does not go, but for a native one.
Script softened(const Script& script, const release::ReleaseTree& origin,
                const release::ReleaseTree& target) {
  Script made;
  for (appup::Instruction step : script) {
    if (is_of_application(step)) {
      if (auto* load = std::get_if<appup::Load>(&step.action)) {
        load->pre_purge = load->post_purge = appup::Purge::soft;
      } else if (auto* remove = std::get_if<appup::Remove>(&step.action)) {
        remove->pre_purge = remove->post_purge = appup::Purge::soft;
        if (has_module(target, remove->module) && !is_native(origin, remove->module)) continue;
      } else if (std::holds_alternative<appup::PurgeModules>(step.action)) {
        continue;
      }
    }
    made.push_back(std::move(step));
  }
  return made;
}

Relup softened(Relup relup, const Upgrade& upgrade) {
  for (const release::ReleaseTree& base : upgrade.bases()) {
    for (RelupEntry& entry : relup.up)
      if (base.version() == entry.version)
        entry.script = softened(entry.script, base, upgrade.target());
    for (RelupEntry& entry : relup.down)
      if (base.version() == entry.version)
        entry.script = softened(entry.script, upgrade.target(), base);
  }
  return relup;
}

const Script& script_for(const std::vector<RelupEntry>& entries, const std::string& version) {
  return std::find_if(entries.begin(), entries.end(),
                      [&](const RelupEntry& entry) { return entry.version == version; })
      ->script;
}

void collect_dep_mods(const Term& instructions, plan::DepMods& dep_mods) {
  const auto collect = [&dep_mods](Atom module, const std::vector<Atom>& names) {
    dep_mods[module].insert(dep_mods[module].end(), names.begin(), names.end());
  };
  for (const Term& instruction : *instructions.as_list()) {
    const auto action = std::get<appup::Action>(appup::read_instruction(instruction));
    if (const auto* update = std::get_if<appup::Update>(&action)) {
      collect(update->module, update->dep_mods);
    } else if (const auto* load = std::get_if<appup::LoadModule>(&action)) {
      collect(load->module, load->dep_mods);
    }
  }
}

// The modules that no order of loading serves on one way, by the DepMods of its appups.
std::set<Atom> cyclic_modules(const generate::Generated& generated, Direction direction,
                              const release::ReleaseTree& base) {
  plan::DepMods dep_mods;
  for (const generate::GeneratedAppup& appup : generated.appups) {
    const release::TreeApplication* application = base.find(appup.application);
    if (application == nullptr) continue;
    const Term term = parse_single_term("appup", appup.text);
    const Term& entries = (*term.as_tuple())[direction == Direction::up ? 1 : 2];
    const auto entry = appup::find_entry(entries, application->version);
    if (const Term* found = std::get_if<Term>(&entry)) collect_dep_mods(*found, dep_mods);
  }
  return plan::find_cycles(dep_mods);
}

// Gaps that should not be: those between modules that need each other both ways must be, and others
// a note tells of.
std::vector<std::string> surprising_gaps(const ModelNode& node,
                                         const generate::Generated& generated,
                                         const std::set<Atom>& cyclic) {
  std::vector<std::string> texts;
  for (const Gap& gap : node.gaps()) {
    const auto is_said = [&gap](const Diagnostic& each) {
      return each.rule == "exposed-call" &&
             each.message.find(gap.callee.name()) != std::string::npos;
    };
    const bool is_known =
        cyclic.contains(gap.callee) ||
        std::any_of(generated.diagnostics.begin(), generated.diagnostics.end(), is_said);
    if (!is_known) texts.push_back(gap.text);
  }
  return texts;
}

void expect_scripts_lead_there(const Upgrade& upgrade, const generate::Generated& generated) {
  const ModelRelease target = model_of(upgrade.target());
  for (const release::ReleaseTree& base : upgrade.bases()) {
    SCOPED_TRACE("from " + base.version());
    const ModelRelease release = model_of(base);
    const Script& up = script_for(generated.relup->up, base.version());
    const Script& down = script_for(generated.relup->down, base.version());
    ModelNode node(release);
    const ModelNode before = node;
    node.run(up, Direction::up, target);
    EXPECT_THAT(surprising_gaps(node, generated, cyclic_modules(generated, Direction::up, base)),
                IsEmpty());
    node.run(down, Direction::down, release);
    EXPECT_THAT(node.faults(), IsEmpty());
    EXPECT_TRUE(same_state(node, before));
    // One that has booted the new release goes down as well.
    ModelNode booted(target);
    booted.run(down, Direction::down, release);
    EXPECT_THAT(booted.faults(), IsEmpty());
    EXPECT_THAT(
        surprising_gaps(booted, generated, cyclic_modules(generated, Direction::down, base)),
        IsEmpty());
  }
}

void expect_it_holds(const Upgrade& upgrade) {
  const generate::Generated generated = upgrade.generate();
  ASSERT_TRUE(generated.relup) << message_of(generated.diagnostics);
  EXPECT_EQ(text_of(upgrade.generate()), text_of(generated));
  expect_scripts_lead_there(upgrade, generated);
  const CompileResult compiled = upgrade.compile(generated);
  ASSERT_TRUE(compiled.relup) << message_of(compiled.diagnostics);
  EXPECT_EQ(term_file(to_term(without_applications(softened(*compiled.relup, upgrade)))),
            term_file(to_term(without_applications(*generated.relup))));
  // The appups lie in the tree now.
  EXPECT_EQ(text_of(upgrade.generate()), text_of(generated));
  for (const generate::GeneratedAppup& appup : generated.appups)
    EXPECT_EQ(appup::authorship(appup.text), appup::Authorship::generated);
}

class RandomReleases : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomReleases, HaveTheProperties) {
  ReleaseMaker maker(GetParam());
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    support::MemoryFileSystem files;
    std::vector<std::string> roots;
    for (const support::SampleRelease& release : maker.next()) {
      roots.push_back("/" + release.version);
      support::write_release(files, roots.back(), release);
    }
    const std::string target = roots.back();
    roots.pop_back();
    expect_it_holds(Upgrade(files, roots, target));
  }
}

// Another seed: in its round 256 a module moves, on the way down, into an application that comes.
INSTANTIATE_TEST_SUITE_P(Seeds, RandomReleases, ::testing::Values(seed, 15U));

// Whether a relup comes out of the pair at all.
bool gives_a_relup(const Pair& pair) {
  return !pair.files.contains("expected/diff") || pair.files.contains("expected/relup") ||
         std::any_of(pair.files.begin(), pair.files.end(), [](const auto& file) {
           return file.first.starts_with("expected/") && file.first.ends_with(".appup");
         });
}

TEST(GenerateProperties, HoldForAllPairs) {
  int held = 0;
  for (const Pair& pair : all_pairs()) {
    if (!gives_a_relup(pair)) continue;
    SCOPED_TRACE(pair.name);
    support::MemoryFileSystem files;
    write_pair(files, "/", pair);
    expect_it_holds(Upgrade(files, {"/old"}, "/new", policy_of(pair)));
    ++held;
  }
  EXPECT_GT(held, 30);
}

// The program itself, on a disk.
class GeneratedTree {
 public:
  void add(const support::SampleRelease& release) {
    support::write_release(real_file_system(), place_ / release.version, release);
    if (!target_.empty()) arguments_.insert(arguments_.end(), {"--from", target_});
    target_ = release.version;
  }
  void add(const Pair& pair) {
    write_pair(real_file_system(), place_.path(), pair);
    const auto wishes = pair.files.find("relup.yaml");
    if (wishes != pair.files.end()) place_.write("relup.yaml", wishes->second);
    arguments_ = {"--from", "old"};
    target_ = "new";
  }

  cmd::Answer generate(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"generate", "--to", target_};
    arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return cmd::run_relup({arguments, place_.path()});
  }

  // The files that the program says it wrote.
  std::vector<std::string> written(const cmd::Answer& answer) const {
    std::vector<std::string> paths;
    const std::string word = "wrote ";
    for (std::size_t at = answer.messages.find(word); at != std::string::npos;
         at = answer.messages.find(word, at + 1)) {
      const std::size_t begin = at + word.size();
      const std::size_t end = answer.messages.find('\n', begin);
      paths.push_back(place_ / answer.messages.substr(begin, end - begin));
    }
    return paths;
  }

 private:
  support::TemporaryDirectory place_;
  std::vector<std::string> arguments_;
  std::string target_;
};

void expect_check_agrees(const GeneratedTree& tree) {
  FileSystem& files = real_file_system();
  EXPECT_EQ(tree.generate({"--check"}).status, 1);
  const cmd::Answer first = tree.generate();
  ASSERT_EQ(first.status, 0) << first.messages;
  const std::vector<std::string> paths = tree.written(first);
  ASSERT_FALSE(paths.empty());
  std::map<std::string, std::string> texts;
  for (const std::string& path : paths)
    texts[path] = files.read(path);
  EXPECT_EQ(tree.generate({"--check"}).status, 0);
  const cmd::Answer again = tree.generate();
  EXPECT_THAT(again.messages, HasSubstr("everything is up to date"));
  for (const auto& [path, text] : texts)
    EXPECT_EQ(files.read(path), text) << path;
  // One byte is another one.
  const std::string relup = paths.back();
  std::string changed = texts.at(relup);
  changed[changed.size() / 2] ^= 1;
  replace_file(files, relup, changed);
  EXPECT_EQ(tree.generate({"--check"}).status, 1);
}

TEST(GenerateVerb, FindsItsOwnWorkUpToDate) {
  ReleaseMaker maker(seed);
  for (int round = 0; round < rounds_with_the_program; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    GeneratedTree tree;
    for (const support::SampleRelease& release : maker.next())
      tree.add(release);
    expect_check_agrees(tree);
  }
}

TEST(GenerateVerb, FindsItsOwnWorkUpToDateInAllPairs) {
  for (const Pair& pair : all_pairs()) {
    if (!gives_a_relup(pair)) continue;
    SCOPED_TRACE(pair.name);
    GeneratedTree tree;
    tree.add(pair);
    expect_check_agrees(tree);
  }
}

}  // namespace
}  // namespace relup::pairs
