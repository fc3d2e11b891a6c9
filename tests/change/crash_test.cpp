// SPDX-License-Identifier: Apache-2.0
//
// Old or new, never in between: every operation on a host in memory, cut off at each of its changes
// to the disk, and each recovery from that cut off again; and after each of them the power going,
// with every choice of up to three changes that were not synced lost. The node of these tests
// writes RELEASES and start_erl.data as OTP does: cut to nothing, then written, never synced.
//
// What is asked of each: `recover` ends it, a second one finds nothing to do, and then launcher,
// start_erl.data and RELEASES name one release, old or new, whose files are all there as they were
// built, and nothing of relup's work lies about.
//
// A disk that was looked at already is not looked at again. RELUP_CRASH_SHARE=N tries only every
// Nth double fault, and cuts the power in the recovery from every Nth kill only. The figures are
// printed, and go into docs/reliability.md.

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <unordered_map>
#include <unordered_set>

#include "base/replace_file.hpp"
#include "change/change_test.hpp"
#include "change/recovery.hpp"
#include "host/boot_findings.hpp"
#include "host/boot_state.hpp"
#include "support/reliability_page.hpp"

namespace relup::change {
namespace {

using support::MemoryFileSystem;

// The relup of this test is dead; whatever it still does reaches nobody.
struct Killed {};

enum class Fault {
  none,
  kill,       // relup dies before the change
  tear,       // relup dies in the middle of a write
  fail,       // the disk is full
  cut_short,  // the disk is full in the middle of a write, or fails where nothing is written
  kill_node,  // the node dies before it makes the change
};

bool is_of_node(const std::string& action) {
  return action == "truncate" || action == "write";
}

// Whether that fault is another one than the others at such a change.
bool applies(Fault fault, const std::string& action) {
  if (fault == Fault::tear) return action == "append";
  return fault != Fault::kill_node || is_of_node(action);
}

// Counts the changes to the disk, and lets one of them go wrong.
class Injector {
 public:
  Injector(MemoryFileSystem& files, Fault fault, std::size_t at)
      : files_(files), fault_(fault), at_(at) {
    files_.set_hook(
        [this](const std::string& action, const std::string& path) { on_change(action, path); });
  }
  ~Injector() {
    files_.set_hook({});
    files_.thaw();
  }
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  // What was done to the disk, or tried.
  const std::vector<std::string>& actions() const { return actions_; }
  bool is_dead() const { return is_dead_; }
  // Called when the node is to die.
  std::function<void()> kill_node;
  // Called before each change.
  std::function<void()> look;

 private:
  void on_change(const std::string& action, const std::string& path) {
    if (is_dead_) return;
    if (is_torn_) return die();
    if (look) look();
    actions_.push_back(action);
    if (actions_.size() == at_ + 1) strike(action, path);
  }

  void strike(const std::string& action, const std::string& path) {
    switch (fault_) {
      case Fault::none:
        return;
      case Fault::kill:
        return die();
      case Fault::tear:
        is_torn_ = true;
        return files_.cut_next_append(7, 0);
      case Fault::fail:
        throw system_error(action, path, ENOSPC);
      case Fault::cut_short:
        if (action == "append") return files_.cut_next_append(7, ENOSPC);
        throw system_error(action, path, EIO);
      case Fault::kill_node:
        return kill_node();
    }
  }

  void die() {
    is_dead_ = true;
    files_.freeze([] { throw Killed(); });
  }

  MemoryFileSystem& files_;
  Fault fault_;
  std::size_t at_;
  std::vector<std::string> actions_;
  bool is_torn_ = false;
  bool is_dead_ = false;
};

// A host, its node, and a relup.
struct World {
  World() = default;
  // As `files` are, with a node that runs `running` and knows these releases.
  World(const MemoryFileSystem& image, const std::vector<ModelRelease>& releases,
        const std::string& running)
      : model(files, root, running) {
    files.copy_from(image);
    model.releases = releases;
    if (const std::string now = model.running(); !now.empty()) model.run_code_of(now);
  }

  Installer installer(const std::function<bool()>& is_dead) {
    // A dead relup must not wait for ever.
    clock.on_sleep = [is_dead] {
      if (is_dead()) throw Killed();
    };
    return {host::read_host(files, root, "test"),
            {files, clock, progress,
             [this, is_dead]() -> std::unique_ptr<node::NodeChannel> {
               if (is_dead()) throw Killed();
               model.before = [is_dead](const std::string&) {
                 if (is_dead()) throw Killed();
               };
               return model.connect();
             },
             "pid 1 (test)"}};
  }

  MemoryFileSystem files;
  FakeClock clock;
  RecordedProgress progress;
  NodeModel model{files, root, "1.0.0"};
};

struct Start {
  MemoryFileSystem files;
  std::vector<ModelRelease> releases;
  std::string running = "1.0.0";
};

struct Operation {
  const char* name;
  // What is done before, unharmed.
  std::function<void(World&)> prepare;
  std::function<void(Installer&)> work;
  // Releases whose files may be missing afterwards.
  std::set<std::string> may_be_gone = {};
};

bool never() {
  return false;
}

void upgrade(World& world, CommitWhen commit) {
  ChangeRequest request{"1.1.0"};
  request.commit = commit;
  world.installer(never).change(request);
}

std::ostream& operator<<(std::ostream& out, const Operation& operation) {
  return out << operation.name;
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = {
      {"upgrade", [](World&) {}, [](Installer& relup) { relup.change({"1.1.0"}); }, {"1.1.0"}},
      {"downgrade", [](World& world) { upgrade(world, CommitWhen::now); },
       [](Installer& relup) {
         relup.change({"1.0.0", appup::Direction::down});
       }},
      {"commit", [](World& world) { upgrade(world, CommitWhen::later); },
       [](Installer& relup) { relup.commit(); }},
      {"rollback", [](World& world) { upgrade(world, CommitWhen::later); },
       [](Installer& relup) { relup.rollback(); }},
      {"remove",
       [](World& world) { upgrade(world, CommitWhen::now); },
       [](Installer& relup) { relup.remove("1.0.0"); },
       {"1.0.0"}},
  };
  return all;
}

// The files of the two releases as they were built: path below the root, digest.
using Built = std::map<std::string, std::map<std::string, std::string>>;

class CrashTest : public ::testing::TestWithParam<Operation> {
 protected:
  CrashTest() {
    base_.copy_from(host());
    note_built("1.0.0", root);
    note_built("1.1.0", "/build/shop");
    base_.remove_all("/build");  // every copy would have it
    World world(base_, {{"1.0.0", "permanent"}}, "1.0.0");
    GetParam().prepare(world);
    world.files.sync_everything();
    start_.files.copy_from(world.files);
    start_.releases = world.model.releases;
    start_.running = world.model.running();
  }

  // Where 1.0.0 runs, and a launcher names its version, as relx makes it.
  static const MemoryFileSystem& host() {
    static MemoryFileSystem files;
    if (files.link_info(root)) return files;
    set_up_host(files);
    for (const std::string version : {"1.0.0", "1.1.0"})
      files.add_file(root + "/bin/shop-" + version, launcher(version), 0755);
    files.add_file(root + "/bin/shop", launcher("1.0.0"), 0755);
    NodeModel(files, root, "1.0.0").write_releases_file();
    return files;
  }

  static std::string launcher(const std::string& version) {
    return "#!/bin/sh\nREL_VSN=\"" + version + "\"\n";
  }

  void note_built(const std::string& version, const std::string& from) {
    for (const std::string& directory : {"lib/shop-" + version, "releases/" + version}) {
      for (const std::string& path : base_.files_below(from + "/" + directory))
        built_[version][path.substr(from.size() + 1)] = base_.read(path);
    }
  }

  static std::size_t share() {
    const char* text = std::getenv("RELUP_CRASH_SHARE");
    return text == nullptr ? 1 : static_cast<std::size_t>(std::max(1, std::atoi(text)));
  }

  // Every release that is there is whole.
  void expect_whole(MemoryFileSystem& files, const std::string& version, const std::string& what) {
    for (const auto& [path, content] : built_.at(version)) {
      const auto there = files.read_if_exists(root + "/" + path);
      if (there != content) return fault(what + ": " + path + (there ? " is damaged" : " is lost"));
    }
  }

  void fault(const std::string& text) {
    if (++faults_ <= 10) ADD_FAILURE() << text;
  }

  // Recovers without any fault, and looks.
  void expect_well(MemoryFileSystem& files, const std::string& what) {
    FakeClock clock;
    const RecoveryTools tools{files, clock, "pid 2 (test)"};
    std::string boots;
    try {
      boots = recover(root, tools).boots;
      const Recovery again = recover(root, tools);
      if (again.end != RecoveryEnd::nothing_to_do)
        return fault(what + ": a second recovery did " + (again.done.empty() ? "" : again.done[0]));
    } catch (const Error& error) {
      return fault(what + ": " + error.message());
    }
    if (boots != "1.0.0" && boots != "1.1.0") return fault(what + ": boots " + boots);
    const host::BootState state = host::read_boot_state(files, root);
    const auto findings = host::findings_of(state);
    if (!findings.empty()) {
      return fault(what + ": finding " + std::to_string(static_cast<int>(findings[0].fault)) + " " +
                   findings[0].version);
    }
    if (state.boots() != boots || state.permanent() != boots)
      return fault(what + ": the files boot " + state.boots().value_or("nothing"));
    expect_whole(files, boots, what);
    for (const auto& listed : state.releases)
      expect_whole(files, listed.version, what);
    for (const auto& [version, ignored] : built_) {
      if (version == boots || GetParam().may_be_gone.contains(version)) continue;
      expect_whole(files, version, what);
    }
    expect_tidy(files, state, what);
  }

  void expect_tidy(MemoryFileSystem& files, const host::BootState& state, const std::string& what) {
    for (const std::string& path : files.files_below(root)) {
      const std::string name = base_name(path);
      const bool is_leftover = is_temporary_name(name) || name.ends_with(".relup-original") ||
                               path.starts_with(root + "/.relup-staging") ||
                               path.starts_with(root + "/.relup/trash") ||
                               path.starts_with(root + "/.relup/kept");
      if (is_leftover) return fault(what + ": left " + path);
    }
    for (const auto& [version, ignored] : built_) {
      if (state.listed(version) != nullptr) continue;
      for (const std::string& directory : {"lib/shop-" + version, "releases/" + version}) {
        if (files.link_info(root + "/" + directory))
          return fault(what + ": " + directory + " is there, and no release has it");
      }
    }
  }

  // Runs the operation on a fresh world; what came of it does not count here.
  void run(World& world, Injector& injector) {
    try {
      Installer relup = world.installer([&] { return injector.is_dead(); });
      GetParam().work(relup);
    } catch (const Killed&) {
      return;
    } catch (const Error&) {
      return;
    }
  }

  // What it ends with where nobody is killed.
  std::optional<Error> error_of_run(World& world, Injector& injector) {
    try {
      Installer relup = world.installer([&] { return injector.is_dead(); });
      GetParam().work(relup);
      return std::nullopt;
    } catch (const Error& error) {
      return error;
    }
  }

  struct State {
    std::string runs;
    std::string boots;
    bool operator==(const State&) const = default;
  };

  static std::string boots_of(MemoryFileSystem& files) {
    return host::read_boot_state(files, root).boots().value_or("");
  }

  void expect_right(const std::optional<Error>& error, const State& before, const State& after,
                    const State& now, MemoryFileSystem& files, const std::string& what) {
    const bool is_open = host::read_journal(files, root).open() != nullptr;
    if (!error) {
      if (now != after) fault(what);
      return;
    }
    switch (error->code()) {
      case ErrorCode::uncommitted:
        if (now.runs == now.boots || is_open) fault(what);
        return;
      case ErrorCode::uncertain:
        // There has to be something that a recovery ends, or mends.
        if (!is_open && host::findings_of(host::read_boot_state(files, root)).empty()) fault(what);
        return;
      default:
        // Nothing has happened.
        if (now != before || is_open) fault(what);
    }
  }

  std::unique_ptr<World> world() const {
    return std::make_unique<World>(start_.files, start_.releases, start_.running);
  }

  // The changes that the operation makes.
  std::vector<std::string> changes() {
    const auto whole = world();
    Injector injector(whole->files, Fault::none, SIZE_MAX);
    run(*whole, injector);
    return injector.actions();
  }

  // The operation with one fault; the host as it is left.
  void damage(MemoryFileSystem& left, Fault fault, std::size_t at) {
    const auto hit = world();
    {
      Injector injector(hit->files, fault, at);
      injector.kill_node = [&] {
        hit->model.is_down = true;
        throw node::NodeError(node::NodeFailure::connection_lost, node::Delivery::unknown, "died");
      };
      run(*hit, injector);
    }
    left.copy_from(hit->files);
  }

  // A recovery with one fault; the changes that it has made.
  std::vector<std::string> damage_recovery(MemoryFileSystem& files, Fault fault, std::size_t at) {
    Injector injector(files, fault, at);
    FakeClock clock;
    try {
      recover(root, {files, clock, "pid 2 (test)"});
    } catch (const Killed&) {
      return injector.actions();
    } catch (const Error&) {
      return injector.actions();
    }
    return injector.actions();
  }

  // The same image need not be looked at twice.
  void expect_well_once(MemoryFileSystem& files, const std::string& what) {
    if (!seen_.insert(fingerprint(files)).second) return;
    ++distinct_;
    expect_well(files, what);
  }

  // All images that a power cut may leave now.
  void cut_power(MemoryFileSystem& files, const std::string& what) {
    const std::vector<std::uint64_t> at_risk = files.unsynced(root + "/.relup-staging");
    const std::size_t count = at_risk.size();
    std::vector<std::set<std::uint64_t>> choices{{}, {at_risk.begin(), at_risk.end()}};
    for (std::size_t a = 0; a < count; ++a) {
      choices.push_back({at_risk[a]});
      for (std::size_t b = a + 1; b < count; ++b) {
        choices.push_back({at_risk[a], at_risk[b]});
        for (std::size_t c = b + 1; c < count; ++c)
          choices.push_back({at_risk[a], at_risk[b], at_risk[c]});
      }
    }
    for (const auto& lost : choices) {
      MemoryFileSystem image;
      image.copy_from(files);
      image.lose(lost);
      ++images_;
      std::string text = what + ", lost";
      for (const std::uint64_t each : lost)
        text += " " + std::to_string(each);
      expect_well_once(image, text);
    }
  }

  void tell_images(const std::string& of_what) {
    std::cout << GetParam().name << ": " << images_ << " images of " << of_what << ", " << distinct_
              << " of them different\n";
    RecordProperty("images", static_cast<int>(images_));
  }

  void tell(const std::string& what, std::size_t count, std::size_t cases) const {
    const auto text = [](std::size_t number) { return std::to_string(number); };
    support::tell_reliability(
        "crash", std::string(GetParam().name) + ", " + what,
        {text(count), text(cases), distinct_ == 0 ? "" : text(distinct_), text(faults_)});
  }

  // Of all that recovery looks at: what is being unpacked is removed unseen, except for what it
  // replaces.
  static std::size_t fingerprint(MemoryFileSystem& files) {
    static const std::string unpacked = root + "/.relup-staging/";
    return files.digest(root, [](const std::string& path) {
      return !path.starts_with(unpacked) || path.starts_with(unpacked + "replaced");
    });
  }

  static std::size_t whole_fingerprint(MemoryFileSystem& files) {
    return files.digest(root, [](const std::string&) { return true; });
  }

  // Every second fault, in the recovery from a first one that has left this; how many there are.
  // The same disk twice would come to the same twice, so it is tried once.
  std::size_t try_second_faults(MemoryFileSystem& left, const std::string& what);

  MemoryFileSystem base_;
  Start start_;
  Built built_;
  std::size_t faults_ = 0;
  std::size_t images_ = 0;
  std::size_t distinct_ = 0;
  std::unordered_set<std::size_t> seen_;
  std::unordered_map<std::size_t, std::size_t> tried_from_;
};

std::string in_words(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::kill:
      return "killed";
    case Fault::tear:
      return "killed in a write";
    case Fault::fail:
      return "failed";
    case Fault::cut_short:
      return "cut short";
    case Fault::kill_node:
      return "node killed";
  }
  return "";
}

constexpr Fault all_faults[] = {Fault::kill, Fault::tear, Fault::fail, Fault::cut_short,
                                Fault::kill_node};

std::size_t CrashTest::try_second_faults(MemoryFileSystem& left, const std::string& what) {
  const auto [tried, is_new] = tried_from_.try_emplace(whole_fingerprint(left), 0);
  std::size_t& pairs = tried->second;
  if (!is_new) return pairs;
  MemoryFileSystem once;
  once.copy_from(left);
  const std::vector<std::string> more = damage_recovery(once, Fault::none, SIZE_MAX);
  expect_well_once(once, what);
  for (const Fault second : all_faults) {
    for (std::size_t again = 0; again < more.size(); ++again) {
      if (!applies(second, more[again]) || ++pairs % share() != 0) continue;
      MemoryFileSystem twice;
      twice.copy_from(left);
      damage_recovery(twice, second, again);
      expect_well_once(twice, what + ", then " + in_words(second) + " at " + std::to_string(again));
    }
  }
  return pairs;
}

TEST_P(CrashTest, AnyTwoFaults) {
  const std::vector<std::string> first_changes = changes();
  std::size_t pairs = 0;
  for (const Fault first : all_faults) {
    for (std::size_t at = 0; at < first_changes.size(); ++at) {
      if (!applies(first, first_changes[at])) continue;
      MemoryFileSystem left;
      damage(left, first, at);
      pairs += try_second_faults(left, in_words(first) + " at " + std::to_string(at));
    }
  }
  std::cout << GetParam().name << ": " << first_changes.size() << " changes, " << pairs
            << " double faults, " << tried_from_.size() << " different disks after the first and "
            << distinct_ << " after the second\n";
  RecordProperty("double_faults", static_cast<int>(pairs));
  tell("two faults", first_changes.size(), pairs);
}

TEST_P(CrashTest, AnyPowerCut) {
  const auto whole = world();
  {
    Injector injector(whole->files, Fault::none, SIZE_MAX);
    injector.look = [&] {
      cut_power(whole->files, "cut at " + std::to_string(injector.actions().size()));
    };
    run(*whole, injector);
  }
  cut_power(whole->files, "cut at the end");
  tell_images("a power cut");
  tell("power cut", changes().size(), images_);
}

// Where the disk fails once, the error that the operation ends with says what is then.
TEST_P(CrashTest, TheErrorSaysWhatIs) {
  const auto whole = world();
  {
    Injector injector(whole->files, Fault::none, SIZE_MAX);
    run(*whole, injector);
  }
  const State before{start_.running, boots_of(start_.files)};
  const State after{whole->model.running(), boots_of(whole->files)};
  const std::vector<std::string> all = changes();
  std::size_t errors = 0;
  for (const Fault kind : {Fault::fail, Fault::cut_short}) {
    for (std::size_t at = 0; at < all.size(); ++at) {
      if (!applies(kind, all[at])) continue;
      const auto hit = world();
      std::optional<Error> error;
      {
        Injector injector(hit->files, kind, at);
        error = error_of_run(*hit, injector);
      }
      ++errors;
      const State now{hit->model.running(), boots_of(hit->files)};
      const std::string what = in_words(kind) + " at " + std::to_string(at) + " (" + all[at] +
                               "): " +
                               (error ? "error " + std::to_string(static_cast<int>(error->code())) +
                                            ", " + error->message()
                                      : "no error") +
                               "; runs " + now.runs + ", boots " + now.boots;
      expect_right(error, before, after, now, hit->files, what);
    }
  }
  std::cout << GetParam().name << ": " << errors << " failures of the disk\n";
  tell("one failure", all.size(), errors);
}

// A power cut while a recovery goes on, for places where the operation may have been killed.
TEST_P(CrashTest, AnyPowerCutInTheRecovery) {
  const std::size_t count = changes().size();
  for (std::size_t at = 0; at < count; at += share()) {
    MemoryFileSystem left;
    damage(left, Fault::kill, at);
    const std::string what = "killed at " + std::to_string(at);
    Injector injector(left, Fault::none, SIZE_MAX);
    injector.look = [&] {
      cut_power(left, what + ", then cut at " + std::to_string(injector.actions().size()));
    };
    FakeClock clock;
    recover(root, {left, clock, "pid 2 (test)"});
    injector.look = {};
    cut_power(left, what + ", cut after the recovery");
  }
  tell_images("a power cut in a recovery");
  tell("power cut in the recovery", count, images_);
}

INSTANTIATE_TEST_SUITE_P(Every, CrashTest, ::testing::ValuesIn(operations()),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace relup::change
