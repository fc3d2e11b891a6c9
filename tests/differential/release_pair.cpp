// SPDX-License-Identifier: Apache-2.0
//
// A pair is drawn in three steps: a world, in which every release is right; what shall be wrong
// with it, by its mood; and the text of the files, in many layouts. Most pairs are right or have
// one fault, for OTP reports one fault only and the ones after it would not be looked at.

#include "differential/release_pair.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "differential/damage.hpp"
#include "differential/expressions.hpp"
#include "differential/literals.hpp"
#include "differential/regexes.hpp"
#include "differential/scripts.hpp"
#include "differential/world.hpp"
#include "term/utf8.hpp"

namespace relup::differential {
namespace {

enum class Mood { right, wrong_script, wrong_release, wrong_appup, wrong_text, wrong_files };

Mood random_mood(Random& random) {
  const std::size_t draw = random.below(100);
  if (draw < 30) return Mood::right;
  if (draw < 52) return Mood::wrong_script;
  if (draw < 65) return Mood::wrong_release;
  if (draw < 72) return Mood::wrong_appup;
  return draw < 96 ? Mood::wrong_text : Mood::wrong_files;
}

std::string app_directory(const AppVersion& app) {
  return "lib/" + app.name + "-" + app.version + "/ebin";
}

class PairBuilder {
 public:
  explicit PairBuilder(Random random) : random_(random), mood_(random_mood(random_)) {}

  ReleasePair build() {
    world_ = random_world(random_);
    if (mood_ == Mood::wrong_release && random_.percent(75)) break_release(world_, random_);
    write_releases();
    write_applications();
    make_call();
    if (mood_ == Mood::wrong_files) break_files();
    if (mood_ == Mood::wrong_text && random_.percent(65)) damage_text();
    return std::move(pair_);
  }

 private:
  std::string text_of(Form form) {
    if (mood_ == Mood::wrong_text && random_.percent(5)) {
      const bool bits = random_.percent(20);
      replace_part(form, bits ? any_bit_string(random_) : any_expression(random_, 4), random_);
    }
    const Layout layout = random_layout(random_);
    std::string text = random_.percent(10) ? any_file_header(random_) : "";
    text += write(form, layout, random_);
    text += random_.percent(90) ? ".\n" : ".";
    if (random_.percent(4))
      text += random_.percent(50) ? "\n}{ garbage 'x" : "\n{another, term}.\n";
    return text;
  }

  void write_releases() {
    const bool mutated = mood_ == Mood::wrong_release && random_.percent(25);
    std::vector<ReleaseFile*> all{&world_.top};
    for (ReleaseFile& base : world_.bases)
      all.push_back(&base);
    const std::size_t victim = random_.below(all.size());
    const std::string place = random_.percent(10) ? "releases/" : "";
    on_path_ = random_.percent(5);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i]->erts.empty() && random_.percent(2)) all[i]->erts = "13.2";
      Form form = rel_form(*all[i]);
      if (mutated && i == victim) mutate_rel(form);
      all[i]->path = place + all[i]->path;
      pair_.files[(on_path_ ? "rels/" : "") + all[i]->path + ".rel"] = text_of(form);
    }
  }

  void mutate_rel(Form& form) {
    if (random_.percent(40)) return mutate(form, random_);
    const std::vector<Form*> strings{&form.parts[1].parts[0], &form.parts[1].parts[1],
                                     &form.parts[2].parts[1]};
    *random_.pick(strings) = any_term(random_, 1);
  }

  Form rel_form(const ReleaseFile& release) {
    std::vector<Form> apps;
    for (const RelApp& app : release.apps) {
      std::vector<Form> parts{atom(app.name), leaf(string_notation(app.version, random_))};
      if (!app.type.empty()) parts.push_back(atom(app.type));
      if (app.includes) parts.push_back(atoms(*app.includes));
      apps.push_back(tuple(std::move(parts)));
    }
    return tuple({atom("release"), tuple({string(release.name), string(release.version)}),
                  tuple({atom("erts"), string(release.erts)}), list(std::move(apps))});
  }

  void write_applications() {
    const bool mutated = mood_ == Mood::wrong_release && random_.percent(40);
    const std::size_t victim = random_.below(world_.apps.size());
    std::size_t i = 0;
    for (const auto& [key, app] : world_.apps) {
      Form form = app_form(app);
      if (mutated && i++ == victim) mutate_app(form);
      const std::string directory = app_directory(app);
      directories_.push_back(directory);
      if (random_.percent(3)) write_twin(app);
      pair_.files[directory + "/" + app.name + ".app"] = text_of(form);
    }
    for (const RelApp& entry : world_.top.apps) {
      const auto app = world_.apps.find({entry.name, entry.version});
      if (app != world_.apps.end()) write_appup(app->second);
    }
  }

  // The same application and version in a second place: the first one on the path counts.
  void write_twin(AppVersion app) {
    const std::string directory = "lib/" + app.name + "-twin" + app.version + "/ebin";
    if (!app.modules.empty()) app.modules.pop_back();
    if (random_.percent(30)) app.version = "0.0.7";
    is_ambiguous_ = true;
    directories_.push_back(directory);
    pair_.files[directory + "/" + app.name + ".app"] = text_of(app_form(app));
    if (random_.percent(50))
      pair_.files[directory + "/" + app.name + ".appup"] = "{\"1.0\",[],[]}.\n";
  }

  // Of an application resource the keys are what matters.
  void mutate_app(Form& form) {
    if (random_.percent(20)) return mutate(form, random_);
    if (random_.percent(10)) {
      form.parts[1] = atom("other");
      return;
    }
    std::vector<Form>& keys = form.parts[2].parts;
    static const Names names{"vsn",
                             "id",
                             "description",
                             "modules",
                             "registered",
                             "applications",
                             "optional_applications",
                             "included_applications",
                             "mod",
                             "start_phases",
                             "env",
                             "maxT",
                             "maxP"};
    const std::size_t index = random_.below(keys.size());
    switch (random_.below(5)) {
      case 0:
        keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(index));
        return;
      case 1:
        return mutate(keys[index], random_);
      case 2:
        keys[index] = any_term(random_, 1);
        return;
      default:
        keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(index),
                    tuple({atom(random_.pick(names)), any_term(random_, 2)}));
    }
  }

  Form app_form(const AppVersion& app) {
    const auto entry = [](const char* key, Form value) {
      return tuple({atom(key), std::move(value)});
    };
    std::vector<Form> keys{entry("description", string("The " + app.name)),
                           entry("vsn", leaf(string_notation(app.version, random_))),
                           entry("modules", atoms(app.modules)),
                           entry("registered", atoms(app.registered)),
                           entry("applications", atoms(app.uses))};
    if (!app.optional.empty()) keys.push_back(entry("optional_applications", atoms(app.optional)));
    if (!app.includes.empty()) keys.push_back(entry("included_applications", atoms(app.includes)));
    if (random_.percent(30)) {
      keys.push_back(entry("mod", tuple({atom(app.name + "_app"), any_term(random_, 1)})));
    }
    if (random_.percent(10)) {
      keys.push_back(entry("env", list({tuple({atom("k"), any_term(random_, 1)})})));
    }
    if (random_.percent(5)) keys.push_back(entry("maxT", integer(5000)));
    if (random_.percent(5))
      keys.push_back(entry("start_phases", list({tuple({atom("go"), list({})})})));
    if (random_.percent(5)) keys.push_back(entry("id", string("id")));
    if (random_.percent(10)) random_.shuffle(keys);
    return tuple({atom("application"), atom(app.name), list(std::move(keys))});
  }

  void write_appup(const AppVersion& app) {
    std::vector<Form> up;
    std::vector<Form> down;
    for (const ReleaseFile& base : world_.bases) {
      const RelApp* entry = base.find(app.name);
      if (entry == nullptr || !world_.apps.contains({app.name, entry->version})) continue;
      if (entry->version == app.version && random_.percent(80)) continue;
      const AppVersion& other = world_.app(app.name, entry->version);
      add_entry(up, app, other, entry->version);
      add_entry(down, other, app, entry->version);
    }
    if (up.empty() && random_.percent(70)) return;
    const bool wrong = mood_ == Mood::wrong_appup;
    if (random_.percent(8)) add_noise(up);
    const std::string version = random_.percent(wrong ? 70 : 96) ? app.version : "7.7";
    Form form = tuple({leaf(string_notation(version, random_)), list(up), list(down)});
    if (wrong && random_.percent(40)) mutate(form, random_);
    pair_.files[app_directory(app) + "/" + app.name + ".appup"] = text_of(form);
  }

  void add_entry(std::vector<Form>& entries, const AppVersion& to, const AppVersion& from,
                 const std::string& version) {
    ScriptSubject subject{to.name, to.version, {}, {}, {}, changed_};
    for (const std::string& module : to.modules) {
      const bool kept =
          std::find(from.modules.begin(), from.modules.end(), module) != from.modules.end();
      (kept ? subject.kept : subject.added).push_back(module);
      changed_.push_back(module);
    }
    for (const std::string& module : from.modules) {
      if (std::find(to.modules.begin(), to.modules.end(), module) == to.modules.end()) {
        subject.removed.push_back(module);
      }
    }
    const bool wrong = mood_ == Mood::wrong_script && random_.percent(60);
    Form script = mood_script(subject, wrong);
    if (wrong && random_.percent(3)) script = any_term(random_, 1);
    if (mood_ == Mood::wrong_appup && random_.percent(30)) return;
    entries.push_back(tuple({leaf(version_pattern(version)), std::move(script)}));
  }

  Form mood_script(const ScriptSubject& subject, bool wrong) {
    if (!wrong) return random_script(subject, 0, random_);
    const std::size_t draw = random_.below(10);
    if (draw < 4) return script_with_bad_instruction(subject, random_);
    if (draw < 7) return spoilt_script(subject, random_);
    return random_script(subject, random_.between(3, 25), random_);
  }

  std::string version_pattern(const std::string& version) {
    if (random_.percent(mood_ == Mood::wrong_appup ? 30 : 75)) {
      return string_notation(version, random_);
    }
    const bool odd = mood_ == Mood::wrong_appup && !random_.percent(30);
    return binary_notation(odd ? odd_regex(version, random_) : right_regex(version, random_),
                           random_);
  }

  void add_noise(std::vector<Form>& entries) {
    const Form noise = random_.percent(50) ? any_term(random_, 1)
                                           : tuple({any_term(random_, 0), list({atom("noise")})});
    entries.insert(entries.begin(), noise);
  }

  void make_call() {
    Call& call = pair_.call;
    call.top = world_.top.path;
    for (const ReleaseFile& base : world_.bases) {
      if (random_.percent(90)) call.up.push_back({base.path, description()});
      if (random_.percent(80)) call.down.push_back({base.path, description()});
    }
    if (!call.up.empty() && random_.percent(4)) call.up.push_back(call.up.front());
    random_.shuffle(directories_);
    call.path = directories_;
    if (random_.percent(15)) vary_path(call.path);
    // The order in which a disk lists the matches of a wildcard decides between the same
    // application in two places, which only a release that is right does not have.
    const bool wild = !is_ambiguous_ && mood_ != Mood::wrong_release && mood_ != Mood::wrong_files;
    if (wild && mood_ != Mood::wrong_text && random_.percent(25)) call.path = wild_path();
    if (random_.percent(3)) call.top = "./" + call.top;
    if (random_.percent(2)) call.up.push_back({call.top, std::nullopt});
    if (on_path_) call.path.emplace_back("rels");
    call.restart_emulator = random_.percent(10);
    call.warnings_as_errors = random_.percent(8);
  }

  std::optional<Term> description() {
    if (random_.percent(75)) return std::nullopt;
    switch (random_.below(5)) {
      case 0:
        return Term::string("some caf\u00E9");
      case 1:
        return Term();
      case 2:
        return Term::tuple({Term::atom("built"), Term(std::int64_t{20240131})});
      case 3:
        return Term::string(
            "\u03B2eta, a description that is far too long to fit into one line of it");
      default:
        return Term::binary("by hand");
    }
  }

  Names wild_path() {
    static const std::vector<Names> paths{{"lib/*/ebin"},
                                          {"lib/*/*"},
                                          {"lib/*-*/ebin"},
                                          {"*/*/ebin"},
                                          {"nowhere/*", "./lib/*/ebin"},
                                          {"lib/*/ebin", "lib/*"},
                                          {"lib/*/e*n"},
                                          {"lib/**/ebin"},
                                          {"lib/*-1.*/ebin", "lib/[^.]*/ebin"},
                                          {"lib/(*/ebin", "lib/[^-]+.*/ebin"},
                                          {"lib/?*/ebin", "lib/.*/ebin"}};
    return random_.pick(paths);
  }

  void vary_path(Names& path) {
    std::string& one = path[random_.below(path.size())];
    static const Names oddities{"", ".", "./", "..", "lib/.", "nowhere/", "top.rel", "lib/*", "*"};
    switch (random_.below(9)) {
      case 8:
        path.insert(path.begin(), random_.pick(oddities));
        return;
      case 0:
        one = "./" + one;
        return;
      case 1:
        one += "/";
        return;
      case 2:
        one = "lib/../" + one;
        return;
      case 3:
        one.insert(3, "/");
        return;
      case 4:
        path.insert(path.begin(), "no/such/directory");
        return;
      case 5:
        path.push_back(path.front());
        return;
      case 6:
        path.insert(path.begin(), ".");
        return;
      default:
        path.emplace_back("releases");
    }
  }

  std::string any_file(std::string_view suffix) {
    Names names;
    for (const auto& [path, content] : pair_.files) {
      if (path.ends_with(suffix)) names.push_back(path);
    }
    return names.empty() ? pair_.files.begin()->first : random_.pick(names);
  }

  std::string any_file() {
    const std::size_t draw = random_.below(10);
    return any_file(draw < 6 ? ".appup" : draw < 8 ? ".app" : ".rel");
  }

  void damage_text() {
    std::string& text = pair_.files[any_file()];
    const std::size_t count = random_.percent(75) ? 1 : random_.between(2, 4);
    for (std::size_t i = 0; i < count; ++i)
      text = damaged(text, random_);
    if (random_.percent(10)) text = any_odd_file_header(random_) + text;
    if (random_.percent(3)) text = any_expression(random_, 5) + ".\n";
    if (random_.percent(4) && is_valid_utf8(text)) {
      text = "%% coding: latin-1\n" + damaged(text, random_);
    }
  }

  // The way from the directory of `path` back to where the pair lies.
  static std::string up_from(const std::string& path) {
    std::string way;
    for (const char letter : path) {
      if (letter == '/') way += "../";
    }
    return way;
  }

  void break_files() {
    const std::string path = any_file();
    const std::string content = pair_.files[path];
    switch (random_.below(8)) {
      case 0:
      case 1:
      case 2:
        pair_.files.erase(path);
        return;
      case 3:
        pair_.files.erase(path);
        pair_.directories.push_back(path);
        return;
      case 4:
        pair_.files.erase(path);
        pair_.links[path] = "nowhere";
        return;
      case 5:
        pair_.files.erase(path);
        pair_.files["elsewhere"] = content;
        pair_.links[path] = up_from(path) + "elsewhere";
        return;
      case 6:
        pair_.files[path] = pair_.files[any_file()];
        return;
      default:
        pair_.files[path] = random_.percent(50) ? "" : text_of(any_term(random_, 2));
    }
  }

  Random random_;
  const Mood mood_;
  World world_;
  ReleasePair pair_;
  bool is_ambiguous_ = false;  // which directory holds an application depends on the path
  bool on_path_ = false;       // the .rel files are found along the path only
  Names directories_;
  Names changed_;  // modules for which some script was written
};

}  // namespace

ReleasePair generate_pair(std::uint64_t seed, std::uint64_t number) {
  Random numbered(seed * 0x2545F4914F6CDD1DU + number);
  return PairBuilder(Random(numbered.next())).build();
}

void write_pair(const ReleasePair& pair, const std::string& directory) {
  namespace fs = std::filesystem;
  fs::create_directories(directory);
  for (const auto& [path, content] : pair.files) {
    const fs::path file = fs::path(directory) / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
  }
  for (const std::string& path : pair.directories)
    fs::create_directories(fs::path(directory) / path);
  for (const auto& [path, target] : pair.links) {
    fs::create_directories((fs::path(directory) / path).parent_path());
    fs::create_symlink(target, fs::path(directory) / path);
  }
}

}  // namespace relup::differential
