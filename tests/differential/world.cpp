// SPDX-License-Identifier: Apache-2.0
#include "differential/world.hpp"

#include <algorithm>

namespace relup::differential {
namespace {

const Names& versions() {
  static const Names all{"1.0",      "1.1", "1.0.1",      "2.0",     "10.0", "0.9",
                         "1.0-rc.1", "1",   "2.9.6-rc.0", "1.0+b.1", "v1.0", "1.0\u00E9"};
  return all;
}

const Names& start_types() {
  static const Names all{"permanent", "transient", "temporary", "load", "none"};
  return all;
}

class WorldBuilder {
 public:
  explicit WorldBuilder(Random& random) : random_(random) {}

  World build() {
    choose_applications();
    world_.top = release("top", "2");
    for (const std::string& app : applications_)
      add(world_.top, app, version_of(app));
    const std::size_t count = random_.percent(70) ? 1 : random_.between(2, 3);
    for (std::size_t i = 0; i < count; ++i)
      add_base(i);
    if (random_.percent(10)) drop_from_top();
    finish(world_.top);
    for (ReleaseFile& base : world_.bases)
      finish(base);
    return std::move(world_);
  }

 private:
  void choose_applications() {
    Names pool{"alpha", "beta", "gamma", "delta", "epsilon"};
    if (random_.percent(5)) pool[0] = "\u00E4pp";
    if (random_.percent(3)) pool[1] = "my app";
    random_.shuffle(pool);
    pool.resize(random_.between(1, random_.percent(75) ? 3 : 5));
    applications_ = {"kernel", "stdlib", "sasl"};
    applications_.insert(applications_.end(), pool.begin(), pool.end());
    // What an application may use: those before it in an order that is not that of the file.
    start_order_ = pool;
    random_.shuffle(start_order_);
  }

  ReleaseFile release(const std::string& path, const std::string& version) {
    return {path, random_.percent(80) ? "rel" : path + " x", version, "13.1", {}};
  }

  std::string version_of(const std::string& app) {
    if (app == "sasl") return random_.percent(90) ? "4.2" : random_.percent(50) ? "2.1.10" : "10.0";
    if (app == "kernel" || app == "stdlib") return random_.percent(95) ? "8.5" : "8.4";
    return random_.pick(versions());
  }

  void add(ReleaseFile& release, const std::string& app, const std::string& version) {
    std::string type;
    const bool mandatory = app == "kernel" || app == "stdlib";
    if (!mandatory && random_.percent(30)) type = random_.pick(start_types());
    if (mandatory && random_.percent(20)) type = "permanent";
    release.apps.push_back({app, version, type, std::nullopt});
    make(app, version);
  }

  void add_base(std::size_t index) {
    ReleaseFile base = release("base" + std::to_string(index), "1." + std::to_string(index));
    if (random_.percent(12)) base.erts = "13.0";
    for (const std::string& app : applications_) {
      const std::string& top_version = world_.top.find(app)->version;
      const bool core = app == "kernel" || app == "stdlib" || app == "sasl";
      if (!core && random_.percent(8)) continue;
      add(base, app, random_.percent(core ? 92 : 35) ? top_version : version_of(app));
    }
    if (random_.percent(15)) {
      add(base, "omega", random_.pick(versions()));
      if (random_.percent(50)) add(base, "psi", random_.pick(versions()));
    }
    world_.bases.push_back(std::move(base));
  }

  // An application that the bases have and the top release has no longer.
  void drop_from_top() {
    if (world_.top.apps.size() > 4) world_.top.apps.pop_back();
  }

  void make(const std::string& name, const std::string& version) {
    if (world_.apps.contains({name, version})) return;
    AppVersion app{name, version, {}, {}, {}, {}, {}};
    static const Names parts{"_app", "_sup", "_server", "_fsm", "_lib", "_h", "_x"};
    const bool core = name == "kernel" || name == "stdlib" || name == "sasl";
    for (const std::string& part : parts) {
      if (random_.percent(core ? 25 : 70)) app.modules.push_back(name + part);
    }
    if (!core && random_.percent(6)) app.modules.push_back("Elixir." + name);
    if (!core && random_.percent(6)) app.modules.push_back(name + "_\u03B2");
    if (random_.percent(20)) random_.shuffle(app.modules);
    if (random_.percent(40)) app.registered = {name + "_sup"};
    world_.apps.emplace(std::pair{name, version}, std::move(app));
  }

  // Dependencies, known once it is known who is in the release.
  void finish(ReleaseFile& release) {
    if (release.path != "top" || random_.percent(40)) shuffle_tail(release);
    for (RelApp& entry : release.apps) {
      AppVersion& app = world_.apps.at({entry.name, entry.version});
      if (app.uses.empty() && entry.name != "kernel") use(app, release);
      if (!app.includes.empty() && random_.percent(20)) {
        entry.includes = app.includes;
        if (random_.percent(50)) entry.includes->clear();
      }
    }
  }

  void shuffle_tail(ReleaseFile& release) {
    std::vector<RelApp> tail(release.apps.begin() + (random_.percent(15) ? 0 : 3),
                             release.apps.end());
    release.apps.resize(release.apps.size() - tail.size());
    random_.shuffle(tail);
    release.apps.insert(release.apps.end(), tail.begin(), tail.end());
  }

  void use(AppVersion& app, const ReleaseFile& release) {
    app.uses = {"kernel"};
    if (app.name == "stdlib") return;
    app.uses.emplace_back("stdlib");
    for (const std::string& other : start_order_) {
      if (other == app.name) break;
      if (!is_everywhere(other)) continue;
      const bool used = random_.percent(30);
      if (used) app.uses.push_back(other);
      // OTP does not know where to put an application that is used and included by the same one.
      if (random_.percent(used ? 1 : 8) && !included_.contains(other) &&
          release.find(app.name) != nullptr) {
        app.includes.push_back(other);
        included_[other] = true;
      }
    }
    if (random_.percent(6)) {
      app.uses.emplace_back("not_there");
      app.optional.emplace_back("not_there");
    }
    if (random_.percent(10)) random_.shuffle(app.uses);
  }

  bool is_everywhere(const std::string& app) const {
    return world_.top.find(app) != nullptr &&
           std::all_of(world_.bases.begin(), world_.bases.end(),
                       [&](const auto& base) { return base.find(app) != nullptr; });
  }

  Random& random_;
  World world_;
  Names applications_;
  Names start_order_;
  std::map<std::string, bool> included_;
};

RelApp* find_entry(ReleaseFile& release, const std::string& app) {
  for (RelApp& entry : release.apps) {
    if (entry.name == app) return &entry;
  }
  return nullptr;
}

void remove_entry(ReleaseFile& release, const std::string& app) {
  std::erase_if(release.apps, [&](const RelApp& entry) { return entry.name == app; });
}

class Breaker {
 public:
  Breaker(World& world, Random& random)
      : world_(world),
        random_(random),
        release_(random.percent(50) ? world.top : world.bases[random.below(world.bases.size())]) {}

  void run() {
    if (random_.percent(45)) {
      break_entries();
    } else {
      break_applications();
    }
  }

 private:
  AppVersion& any_app() {
    const RelApp& entry = random_.pick(release_.apps);
    return world_.apps.at({entry.name, entry.version});
  }

  void break_entries() {
    static const Names core{"kernel", "stdlib", "sasl"};
    const std::string& app = random_.pick(core);
    switch (random_.below(7)) {
      case 0:
      case 1:
        return remove_entry(release_, app);
      case 2:
        if (RelApp* entry = find_entry(release_, app)) entry->type = random_.pick(start_types());
        return;
      case 3:
        release_.apps.push_back(random_.pick(release_.apps));
        if (random_.percent(50)) release_.apps.back().version = "1.0";
        return;
      case 4:
        release_.apps[random_.below(release_.apps.size())].version = "99";
        return;
      case 5:
        release_.apps[random_.below(release_.apps.size())].includes = Names{"alpha", "ghost"};
        return;
      default:
        release_.apps.push_back({"ghost", "1.0", "", std::nullopt});
    }
  }

  void break_applications() {
    AppVersion& app = any_app();
    const AppVersion& other = any_app();
    switch (random_.below(8)) {
      case 0:
        app.uses.emplace_back(random_.percent(50) ? "ghost" : "phantom");
        if (random_.percent(40)) app.includes.emplace_back("ghost");
        return;
      case 1:
      case 2:
        return make_circle();
      case 3:
        for (const std::string& module : Names(other.modules))
          app.modules.push_back(module);
        return;
      case 4:
        app.registered.emplace_back("twice");
        any_app().registered.emplace_back("twice");
        return;
      case 5:
        return include_twice(other.name);
      case 6:
        app.uses.push_back(other.name);
        app.uses.push_back(other.name);
        if (random_.percent(50)) app.optional.push_back(other.name);
        return;
      default:
        app.modules.push_back(random_.percent(50) || app.modules.empty() ? "stray"
                                                                         : app.modules.front());
    }
  }

  // Without biting its own tail: OTP does not come back from an application that includes itself.
  void include_twice(const std::string& name) {
    for (int i = 0; i < 2; ++i) {
      AppVersion& app = any_app();
      if (app.name != name) app.includes.push_back(name);
    }
  }

  void make_circle() {
    AppVersion* previous = &any_app();
    AppVersion* const first = previous;
    const std::size_t length = random_.between(0, 3);
    for (std::size_t i = 0; i < length; ++i) {
      AppVersion& next = any_app();
      previous->uses.push_back(next.name);
      previous = &next;
    }
    previous->uses.push_back(first->name);
  }

  World& world_;
  Random& random_;
  ReleaseFile& release_;
};

}  // namespace

const RelApp* ReleaseFile::find(const std::string& app) const {
  const auto found =
      std::find_if(apps.begin(), apps.end(), [&](const RelApp& each) { return each.name == app; });
  return found == apps.end() ? nullptr : &*found;
}

World random_world(Random& random) {
  return WorldBuilder(random).build();
}

void break_release(World& world, Random& random) {
  Breaker(world, random).run();
}

}  // namespace relup::differential
