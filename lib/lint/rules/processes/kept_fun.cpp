// SPDX-License-Identifier: Apache-2.0
#include "facts/evaluator.hpp"
#include "lint/module_reloads.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using beam::Expression;
using Kind = Expression::Kind;

// {function, Name, Arity}; that of another module has more parts.
bool is_local_name(const Term& function) {
  return function.is_tagged("function", 3);
}

bool is_erlang_fun(const Term::Elements& form) {
  if (form.size() < 3) return false;
  if (form.front().is_atom("named_fun")) return true;
  return form.front().is_atom("fun") && (form[2].is_tagged("clauses", 2) || is_local_name(form[2]));
}

// {'&', Meta, [{'/', Meta, [{Name, Meta, Context}, Arity]}]}; for a function of another module,
// Name is a tuple.
bool is_local_capture(const Term::Elements& form) {
  if (!form.front().is_atom("&") || form.size() != 3 || !form[2].is_proper_list()) return false;
  if (form[2].as_list()->size() != 1) return false;
  const Term::Elements* slash = form[2].as_list()->front().as_tuple();
  if (slash == nullptr || slash->size() != 3 || !slash->front().is_atom("/")) return false;
  const Term::Elements* operands = (*slash)[2].as_list();
  const Term::Elements* name =
      operands == nullptr || operands->empty() ? nullptr : operands->front().as_tuple();
  return name != nullptr && !name->empty() && name->front().as_atom() != nullptr;
}

bool is_elixir_fun(const Term::Elements& form) {
  return (form.size() == 3 && form.front().is_atom("fn")) || is_local_capture(form);
}

// Whether the expression makes a fun of the module's own code.
bool is_fun(const Expression& expression) {
  const Term::Elements* form = expression.form.as_tuple();
  if (form == nullptr || form->empty()) return false;
  return is_erlang_fun(*form) || is_elixir_fun(*form);
}

// Whether init/1 puts a fun of its module into the state.
facts::Reading<bool> keeps_fun(const facts::ModuleFacts& facts) {
  const unsigned position = facts::state_position(facts);
  const beam::SourceCode* code = position == 0 ? nullptr : facts.source();
  const beam::SourceFunction* init = code == nullptr ? nullptr : code->find("init", 1);
  if (init == nullptr) return {false};
  facts::Evaluator evaluator(*code);
  bool keeps = false;
  for (const auto& [answer, scope] : evaluator.results_of(*init)) {
    const bool has_state = answer->kind == Kind::tuple && answer->parts.size() > position &&
                           answer->parts.front().is_atom("ok");
    if (has_state) keeps = keeps || evaluator.may_hold({&answer->parts[position], scope}, is_fun);
  }
  return {keeps, !keeps && evaluator.is_exhausted()};
}

// Whether a code_change runs that may put a new fun in the place of the old one. In both directions
// it is that of the new release.
bool may_replace_fun(const UpgradeView& view, const ParsedInstruction& instruction, Atom module) {
  const auto* update = std::get_if<appup::Update>(&*instruction.action);
  if (update == nullptr || !update->extra) return false;
  const facts::ModuleFacts* facts = view.releases.facts(Side::to, module);
  return facts != nullptr && !facts->keeps_state;
}

void add_too_large(const UpgradeView& view, const Reload& reload, const std::string& name,
                   Findings& findings) {
  Diagnostic& finding =
      findings.add(view.appup.source, reload.instruction->term.span(),
                   "whether processes of " + name +
                       " keep a fun in their state is not known: it is too large to be read");
  finding.severity = Severity::note;
}

void check(const UpgradeView& view, Findings& findings) {
  for (const Reload& reload : reloads_of(view)) {
    const Side side = departing(reload.entry->direction);
    if (may_replace_fun(view, *reload.instruction, reload.module)) continue;
    const auto keeps = keeps_fun(*view.releases.facts(side, reload.module));
    const std::string name = print_atom(reload.module.name());
    if (keeps.is_too_large) add_too_large(view, reload, name, findings);
    if (!*keeps.answer) continue;
    Diagnostic& finding = findings.add(
        view.appup.source, reload.instruction->term.span(),
        "processes of " + name + " keep a fun of the code that is replaced here in their state");
    finding.notes.emplace_back(
        "no purge sees it, and calling it fails with badfun once that code is gone");
    finding.notes.push_back("keep `fun " + name +
                            ":Name/Arity`, which is looked up when it is called, or put a new fun "
                            "in its place in code_change");
  }
}

}  // namespace

extern const Rule kept_fun{
    .code = "RU405",
    .name = "kept-fun",
    .severity = Severity::warning,
    .summary = "the state of a process holds a fun of the code that is replaced",
    .page = {.what =
                 "A changed module whose init/1 puts a fun of its own, `fun(X) -> ... end` or `fun "
                 "name/1`, into the state, told from its debug information. Not reported where "
                 "code_change does something: it may replace the fun.",
             .why =
                 "A fun belongs to the version of the module that made it. Since OTP 20 a purge "
                 "does not look for funs: soft_purge says that nobody uses the old code, deletes "
                 "it, and the process crashes with `badfun` when it next calls the fun "
                 "(erlang/otp#6416). That may be right after the upgrade, or behind the next one.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop_price}]}],
 [{"1.0", [{load_module, shop_price}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{update, shop_price, {advanced, []}}]}],
 [{"1.0", [{update, shop_price, {advanced, []}}]}]}.
)",
             .allow = "Where the fun is not called any more, or the process ends before it is."},
    .check_upgrade = check,
};

}  // namespace relup::lint
