// SPDX-License-Identifier: Apache-2.0
#include "differential/scripts.hpp"

#include <algorithm>

#include "differential/literals.hpp"

namespace relup::differential {
namespace {

using Forms = std::vector<Form>;

class ScriptBuilder {
 public:
  ScriptBuilder(const ScriptSubject& subject, std::size_t wrongness, Random& random)
      : subject_(subject), wrongness_(wrongness), random_(random) {}

  Form build() {
    if (random_.percent(70)) high_level();
    if (random_.percent(20)) low_level();
    if (random_.percent(25)) sundries();
    if (random_.percent(4)) random_.shuffle(after_);
    if (random_.percent(12)) with_point_of_no_return();
    Forms all = std::move(before_);
    for (Form& form : after_)
      all.push_back(std::move(form));
    if (random_.percent(4)) nest(all);
    for (Form& form : all) {
      if (random_.percent(wrongness_)) mutate(form, random_);
    }
    if (random_.percent(2 * wrongness_)) spoil(all);
    return list(std::move(all));
  }

  // An instruction of any kind with something wrong inside.
  Form bad_instruction() {
    static const Names of_other_types{"5",   "0",   "-1",    "<<\"b\">>", "{x}",
                                      "1.5", "#{}", "\"s\"", "x",         "[x|y]"};
    if (random_.percent(40)) return instruction_with_hole(random_.pick(of_other_types));
    Form form = any_instruction();
    if (random_.percent(50)) {
      replace_part(form, random_.pick(of_other_types), random_);
    } else {
      mutate(form, random_);
    }
    return form;
  }

  // Puts something in that is wrong where it stands.
  void spoil(Forms& forms) {
    static const Names atoms_only{"mnesia_backup", "restart_everything", "point_of_no_return"};
    const auto at = forms.begin() + static_cast<std::ptrdiff_t>(random_.below(forms.size() + 1));
    switch (random_.below(9)) {
      case 0:
        forms.insert(at, atom(random_.pick(atoms_only)));
        return;
      case 5:
        forms.insert(forms.begin(),
                     tuple({atom("load_object_code"),
                            tuple({atom(subject_.app), string("0.0"), atoms({any_module()})})}));
        return;
      case 6:
        forms.insert(at, application_instruction());
        return;
      case 7:
        if (!forms.empty()) {
          forms.erase(forms.begin() + static_cast<std::ptrdiff_t>(random_.below(forms.size())));
        }
        return;
      case 8:
        forms.insert(at, module_list({any_module()}));
        return;
      case 1:
        forms.insert(at, any_term(random_, 2));
        return;
      case 2:
        if (!forms.empty()) forms.push_back(random_.pick(forms));
        return;
      case 3:
        forms.insert(at, tuple({atom("load"), tuple({atom(any_module()), purge(), purge()})}));
        return;
      default:
        forms.insert(at, tuple({atom("load_module"), atom(any_module())}));
    }
  }

 private:
  // A module and the modules it depends on.
  struct Vertex {
    std::string module;
    Names dep_mods;
    bool is_new = false;
    bool is_gone = false;
  };

  void high_level() {
    std::vector<Vertex> vertices;
    for (const std::string& module : subject_.kept) {
      if (random_.percent(75)) vertices.push_back({module, {}});
    }
    for (const std::string& module : subject_.added)
      vertices.push_back({module, {}, true, false});
    for (const std::string& module : subject_.removed)
      vertices.push_back({module, {}, false, true});
    if (random_.percent(30)) random_.shuffle(vertices);
    tie(vertices);
    for (const Vertex& vertex : vertices)
      after_.push_back(instruction(vertex));
  }

  static void depend(Vertex& vertex, const Vertex& other) {
    vertex.dep_mods.push_back(other.module);
  }

  void tie(std::vector<Vertex>& vertices) {
    const std::size_t count = vertices.size();
    const std::size_t shape = random_.below(12);
    for (std::size_t i = 0; i < count; ++i) {
      if (shape == 6) tie_at_random(vertices, i, 0, 40);
      if (shape == 7) tie_at_random(vertices, i, i + 1, 40);
      if (shape == 5 && count == 4) diamond(vertices, i);
      tie_in_shape(vertices, i, shape);
    }
    if (count == 0) return;
    Vertex& one = vertices[random_.below(count)];
    const bool far = !subject_.elsewhere.empty() && random_.percent(12);
    if (far) one.dep_mods.push_back(random_.pick(subject_.elsewhere));
    if (random_.percent(wrongness_)) one.dep_mods.push_back(any_module());
  }

  static void tie_in_shape(std::vector<Vertex>& vertices, std::size_t i, std::size_t shape) {
    const std::size_t count = vertices.size();
    Vertex& vertex = vertices[i];
    if (shape == 0 && i + 1 < count) depend(vertex, vertices[i + 1]);  // chain
    if (shape == 1 && i > 0) depend(vertex, vertices[i - 1]);          // chain, turned around
    if (shape == 2) depend(vertex, vertices[(i + 1) % count]);         // cycle
    if (shape == 3 && i > 0) depend(vertex, vertices[0]);              // many on one
    if (shape == 4 && i > 0) depend(vertices[0], vertex);              // one on many
    if (shape == 8 && i + 2 < count) depend(vertex, vertices[i + 2]);  // two chains
  }

  static void diamond(std::vector<Vertex>& vertices, std::size_t i) {
    if (i == 0) depend(vertices[0], vertices[1]);
    if (i == 0) depend(vertices[0], vertices[2]);
    if (i == 1 || i == 2) depend(vertices[i], vertices[3]);
  }

  void tie_at_random(std::vector<Vertex>& vertices, std::size_t i, std::size_t from,
                     std::size_t chance) {
    for (std::size_t j = from; j < vertices.size(); ++j) {
      if (random_.percent(chance)) depend(vertices[i], vertices[j]);
    }
  }

  Form instruction(const Vertex& vertex) {
    const Form module = atom(vertex.module);
    const Form deps = atoms(vertex.dep_mods);
    const bool plain = vertex.dep_mods.empty();
    if (vertex.is_gone)
      return plain && random_.percent(50) ? tuple({atom("delete_module"), module})
                                          : tuple({atom("delete_module"), module, deps});
    if (vertex.is_new)
      return plain && random_.percent(50) ? tuple({atom("add_module"), module})
                                          : tuple({atom("add_module"), module, deps});
    if (random_.percent(55)) return update(module, deps, plain);
    if (plain && random_.percent(50)) return tuple({atom("load_module"), module});
    if (random_.percent(50)) return tuple({atom("load_module"), module, deps});
    return tuple({atom("load_module"), module, purge(), purge(), deps});
  }

  Form update(const Form& module, const Form& deps, bool plain) {
    const Form name = atom("update");
    if (plain && random_.percent(15)) return tuple({name, module});
    if (plain && random_.percent(15)) return tuple({name, module, atom("supervisor")});
    if (plain && random_.percent(20)) return tuple({name, module, change()});
    switch (random_.below(5)) {
      case 0:
        return tuple({name, module, deps});
      case 1:
        return tuple({name, module, change(), deps});
      case 2:
        return tuple({name, module, change(), purge(), purge(), deps});
      case 3:
        return tuple({name, module, timeout(), change(), purge(), purge(), deps});
      default:
        return tuple({name, module, atom(random_.percent(50) ? "static" : "dynamic"), timeout(),
                      change(), purge(), purge(), deps});
    }
  }

  Form change() {
    if (random_.percent(40)) return atom("soft");
    return tuple({atom("advanced"), any_term(random_, random_.percent(20) ? 4 : 1)});
  }
  Form purge() { return atom(random_.percent(50) ? "soft_purge" : "brutal_purge"); }
  Form timeout() {
    if (random_.percent(30)) return atom("default");
    return random_.percent(30) ? atom("infinity")
                               : integer(static_cast<long long>(random_.between(1, 60000)));
  }

  std::string any_module() {
    static const Names strays{"stray", "ghost_mod", "alpha_sup", "beta_server", "kernel_app"};
    Names pool = strays;
    pool.insert(pool.end(), subject_.kept.begin(), subject_.kept.end());
    pool.insert(pool.end(), subject_.added.begin(), subject_.added.end());
    pool.insert(pool.end(), subject_.removed.begin(), subject_.removed.end());
    return random_.pick(pool);
  }

  Names some_modules() {
    Names modules;
    for (const std::string& module : subject_.kept) {
      if (random_.percent(50)) modules.push_back(module);
    }
    if (modules.empty()) modules.push_back(any_module());
    return modules;
  }

  Form object_code(const Names& modules) {
    const bool other = random_.percent(wrongness_);
    return tuple({atom("load_object_code"),
                  tuple({atom(random_.percent(wrongness_) ? "beta" : subject_.app),
                         string(other ? "0.0" : subject_.version), atoms(modules)})});
  }

  // Suspended, loaded, changed and resumed by hand, as in the low-level cookbook.
  void low_level() {
    const Names modules = some_modules();
    if (!random_.percent(wrongness_)) before_.push_back(object_code(modules));
    if (random_.percent(25)) before_.push_back(object_code(some_modules()));
    if (random_.percent(60)) {
      suspended(modules);
    } else if (random_.percent(60)) {
      stopped(modules);
    } else {
      removed(modules);
    }
  }

  void suspended(const Names& modules) {
    Forms targets;
    for (const std::string& module : modules)
      targets.push_back(random_.percent(70) ? atom(module) : tuple({atom(module), timeout()}));
    if (!random_.percent(wrongness_)) after_.push_back(tuple({atom("suspend"), list(targets)}));
    load(modules);
    if (random_.percent(60)) after_.push_back(code_change(modules));
    Names turned(modules.rbegin(), modules.rend());
    if (!random_.percent(wrongness_)) after_.push_back(tuple({atom("resume"), atoms(turned)}));
    if (random_.percent(20)) after_.push_back(tuple({atom("purge"), atoms(modules)}));
  }

  Form code_change(const Names& modules) {
    Forms changes;
    for (const std::string& module : modules)
      changes.push_back(tuple({atom(module), any_term(random_, 1)}));
    if (random_.percent(40)) return tuple({atom("code_change"), list(changes)});
    return tuple({atom("code_change"), atom(random_.percent(50) ? "up" : "down"), list(changes)});
  }

  void load(const Names& modules) {
    for (const std::string& module : modules)
      after_.push_back(tuple({atom("load"), tuple({atom(module), purge(), purge()})}));
  }

  void stopped(const Names& modules) {
    if (!random_.percent(wrongness_)) after_.push_back(tuple({atom("stop"), atoms(modules)}));
    load(modules);
    if (!random_.percent(wrongness_)) after_.push_back(tuple({atom("start"), atoms(modules)}));
  }

  void removed(const Names& modules) {
    for (const std::string& module : modules)
      after_.push_back(tuple({atom("remove"), tuple({atom(module), purge(), purge()})}));
    after_.push_back(tuple({atom("purge"), atoms(modules)}));
  }

  Form call() {
    static const Names functions{"start_child", "which_children", "f"};
    Forms arguments;
    for (std::size_t count = random_.below(4); count > 0; --count)
      arguments.push_back(any_term(random_, 2));
    return tuple({atom("alpha_sup"), atom(random_.pick(functions)), list(std::move(arguments))});
  }

  void sundries() {
    const std::size_t count = random_.between(1, 3);
    for (std::size_t i = 0; i < count; ++i) {
      const auto at =
          after_.begin() + static_cast<std::ptrdiff_t>(random_.below(after_.size() + 1));
      after_.insert(at, sundry());
    }
    if (random_.percent(10)) before_.push_back(tuple({atom("apply"), call()}));
  }

  Form sundry() {
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return tuple({atom("apply"), call()});
      case 4:
      case 5:
        return sync_nodes();
      case 6:
        return atom("restart_new_emulator");
      case 7:
        return atom("restart_emulator");
      case 8:
      case 9:
        return tuple(
            {atom("restart_application"), atom(random_.percent(80) ? subject_.app : any_app())});
      case 10:
        return atom(random_.percent(50) ? "restart" : "reboot");
      case 11:
        return tuple({atom("purge"), atoms(some_modules())});
      case 12:
        return tuple({atom("apply"), call()});
      default:
        return wrongness_ > 0 ? application_instruction() : tuple({atom("apply"), call()});
    }
  }

  std::string any_app() {
    static const Names names{"alpha", "beta", "gamma", "delta", "omega", "ghost", "kernel"};
    return random_.percent(30) ? subject_.app : random_.pick(names);
  }

  Form sync_nodes() {
    if (random_.percent(50)) return tuple({atom("sync_nodes"), any_term(random_, 1), call()});
    return tuple({atom("sync_nodes"), atom("id"), atoms({"n1@host", "n2@host"})});
  }

  Form application_instruction() {
    static const Names types{"permanent", "transient", "temporary", "load", "none"};
    switch (random_.below(3)) {
      case 0:
        return tuple({atom("add_application"), atom(any_app())});
      case 1:
        return tuple({atom("add_application"), atom(any_app()), atom(random_.pick(types))});
      default:
        return tuple({atom("remove_application"), atom(any_app())});
    }
  }

  // One template for each part that OTP checks; `H` is where that part stands.
  Form instruction_with_hole(const std::string& filling) {
    static const Names templates{"{update, M, H, default, soft, soft_purge, soft_purge, []}",
                                 "{update, M, dynamic, H, soft, soft_purge, soft_purge, []}",
                                 "{update, M, H, soft_purge, soft_purge, []}",
                                 "{update, M, 5000, H, soft_purge, soft_purge, []}",
                                 "{load_module, M, H, soft_purge, []}",
                                 "{load, {M, soft_purge, H}}",
                                 "{load_module, M, soft_purge, soft_purge, H}",
                                 "{suspend, [{M, H}]}",
                                 "{add_module, H}",
                                 "{delete_module, M, [H]}",
                                 "{resume, [M, H]}",
                                 "{purge, H}",
                                 "{apply, {M, f, H}}",
                                 "{apply, {M, H, []}}",
                                 "{sync_nodes, id, {M, f, H}}",
                                 "{sync_nodes, id, [n1@host, H]}",
                                 "{remove_application, H}",
                                 "{add_application, alpha, H}",
                                 "{load_object_code, {H, \"1\", [M]}}",
                                 "{load_object_code, {alpha, H, [M]}}",
                                 "{code_change, H, [{M, x}]}",
                                 "{code_change, [{M, x}, H]}",
                                 "{H, M}",
                                 "mnesia_backup"};
    std::string text;
    for (const char letter : random_.pick(templates)) {
      const std::string module = letter == 'M' ? atom(any_module()).text : "";
      text += letter == 'H' ? filling : letter == 'M' ? module : std::string(1, letter);
    }
    return leaf(text);
  }

  Form any_instruction() {
    const Names modules = some_modules();
    const Vertex vertex{modules.front(), modules, random_.percent(20), random_.percent(20)};
    switch (random_.below(10)) {
      case 0:
      case 1:
        return update(atom(vertex.module), atoms(modules), false);
      case 2:
        return instruction(vertex);
      case 3:
        return application_instruction();
      case 4:
        return object_code(modules);
      case 5:
        return code_change(modules);
      case 6:
        return sundry();
      case 7:
        return random_.percent(40) ? tuple({atom("apply"), call()}) : sync_nodes();
      default:
        return module_list(modules);
    }
  }

  Form module_list(const Names& modules) {
    static const Names names{"suspend", "resume", "stop", "start", "purge", "load", "remove"};
    const std::string& name = random_.pick(names);
    if (name != "load" && name != "remove") return tuple({atom(name), atoms(modules)});
    return tuple({atom(name), tuple({atom(modules.front()), purge(), purge()})});
  }

  void with_point_of_no_return() {
    before_.push_back(atom("point_of_no_return"));
    if (random_.percent(wrongness_)) after_.push_back(atom("point_of_no_return"));
    if (random_.percent(wrongness_)) std::swap(before_, after_);
  }

  // Some instructions in a list of their own.
  void nest(Forms& forms) {
    const std::size_t count = std::min<std::size_t>(forms.size(), random_.below(3));
    const auto end = forms.begin() + static_cast<std::ptrdiff_t>(count);
    const Form inner = list(Forms(forms.begin(), end));
    forms.erase(forms.begin(), end);
    forms.push_back(inner);
  }

  const ScriptSubject& subject_;
  const std::size_t wrongness_;
  Random& random_;
  Forms before_;
  Forms after_;
};

}  // namespace

Form spoilt_script(const ScriptSubject& subject, Random& random) {
  Form script = random_script(subject, 0, random);
  ScriptBuilder(subject, 50, random).spoil(script.parts);
  return script;
}

Form script_with_bad_instruction(const ScriptSubject& subject, Random& random) {
  Form script = random_script(subject, 0, random);
  const auto at = static_cast<std::ptrdiff_t>(random.below(script.parts.size() + 1));
  script.parts.insert(script.parts.begin() + at,
                      ScriptBuilder(subject, 10, random).bad_instruction());
  return script;
}

Form random_script(const ScriptSubject& subject, std::size_t wrongness, Random& random) {
  return ScriptBuilder(subject, wrongness, random).build();
}

}  // namespace relup::differential
