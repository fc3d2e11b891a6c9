// SPDX-License-Identifier: Apache-2.0
//
// The borders of the rules on purges and processes: what they must not report, and the fixes.
#include <gmock/gmock.h>

#include "lint/example.hpp"
#include "lint/lint.hpp"
#include "lint/purge_terms.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/parser.hpp"

namespace relup::lint {
namespace {

std::string stock(const std::string& fields) {
  return "-module(stock).\n-behaviour(gen_server).\n-compile(debug_info).\n"
         "-export([count/0, init/1, code_change/3]).\n-record(s, {" +
         fields +
         "}).\ncount() -> gen_server:call(stock, count).\ninit(_) -> {ok, #s{}}.\n"
         "code_change(_, S, _) -> {ok, setelement(1, S, s)}.\n";
}

std::string caller(const std::string& name) {
  return "-module(" + name + ").\n-export([f/0]).\nf() -> stock:count().\n";
}

// By "VERSION/MODULE".
const support::ModuleSources& sources() {
  static const support::ModuleSources all{
      {"loop1/feed", R"(-module(feed).
-export([start/0]).
start() -> spawn(fun() -> loop([]) end).
loop(S) -> receive stop -> ok; M -> loop([M | S]) end.
)"},
      {"loop2/feed", R"(-module(feed).
-export([start/0]).
start() -> spawn(fun() -> loop([2]) end).
loop(S) -> receive stop -> ok; M -> loop([M | S]) end.
)"},
      {"named/feed", R"(-module(feed).
-export([start/0, loop/1]).
start() -> spawn(fun() -> loop([]) end).
loop(S) -> receive stop -> ok; M -> ?MODULE:loop([M | S]) end.
)"},
      {"plain/feed", "-module(feed).\n-export([f/0]).\nf() -> 1.\n"},
      {"kept1/till", R"(-module(till).
-behaviour(gen_server).
-export([total/1, init/1, handle_call/3, handle_cast/2]).
total(P) -> {ok, T} = gen_server:call(P, total), T.
init(_) -> {ok, 1}.
handle_call(_, _, S) -> {reply, gen_server:call(other, S), S}.
handle_cast(_, S) -> {noreply, S}.
)"},
      {"kept2/till", R"(-module(till).
-behaviour(gen_server).
-export([total/1, init/1, handle_call/3, handle_cast/2]).
total(P) -> {ok, T} = gen_server:call(P, total), T.
init(_) -> {ok, 2}.
handle_call(_, _, S) -> {reply, gen_server:call(other, S), S}.
handle_cast(_, S) -> {noreply, S}.
)"},
      {"tail1/till", R"(-module(till).
-behaviour(gen_server).
-export([total/1, init/1, handle_call/3, handle_cast/2]).
total(P) -> gen_server:call(P, total).
init(_) -> {ok, 1}.
handle_call(_, _, S) -> {reply, gen_server:call(other, S), S}.
handle_cast(_, S) -> {noreply, S}.
)"},
      {"asks1/price", "-module(price).\n-export([f/0]).\nf() -> {gen_server:call(till, 1)}.\n"},
      {"asks2/price", "-module(price).\n-export([f/0]).\nf() -> {gen_server:call(till, 2)}.\n"},
      {"sup1/sup", R"(-module(sup).
-behaviour(supervisor).
-compile(debug_info).
-export([init/1]).
init(A) -> {ok, {#{}, [#{id => t, start => {till, start_link, [A]}}]}}.
)"},
      {"sup2/sup", R"(-module(sup).
-behaviour(supervisor).
-compile(debug_info).
-export([init/1]).
init(A) -> {ok, {#{intensity => 2}, [#{id => t, start => {till, start_link, [A]}}]}}.
)"},
      {"sup_old/sup", R"(-module(sup).
-behaviour(supervisor).
-compile(debug_info).
-export([init/1]).
init(A) -> {ok, {{one_for_one, 1, 5}, [{t, {sup, f, [A]}, permanent, 9, worker, [sup, till]}]}}.
)"},
      {"sup_feed/sup", R"(-module(sup).
-behaviour(supervisor).
-compile(debug_info).
-export([init/1]).
init(A) -> {ok, {#{}, [#{id => t, start => {feed, start, [A]}}]}}.
)"},
      {"sup_more/sup", R"(-module(sup).
-behaviour(supervisor).
-compile(debug_info).
-export([init/1, more/1]).
more(C) -> supervisor:start_child(sup, C).
init(A) -> {ok, {#{}, [#{id => t, start => {feed, start, [A]}}]}}.
)"},
      {"stock1/stock", stock("wares")},
      {"stock2/stock", stock("wares, since")},
      {"x/shop_a", caller("shop_a")},
      {"x/shop_b", caller("shop_b")},
      {"x/shop_c", caller("shop_c")},
      {"fun1/rate", R"(-module(rate).
-behaviour(gen_server).
-compile(debug_info).
-export([init/1, f/1]).
init(_) -> {ok, #{a => 1, f => fun f/1}}.
f(X) -> X.
)"},
      {"far1/rate", R"(-module(rate).
-behaviour(gen_server).
-compile(debug_info).
-export([init/1, f/1]).
init(_) -> {ok, #{a => 1, f => fun ?MODULE:f/1}}.
f(X) -> X.
)"},
      {"far2/rate", R"(-module(rate).
-behaviour(gen_server).
-compile(debug_info).
-export([init/1, f/1]).
init(_) -> {ok, #{a => 2, f => fun ?MODULE:f/1}}.
f(X) -> X.
)"},
  };
  return all;
}

std::string elixir_rate(const std::string& fun) {
  return "defmodule Rate do\n  use GenServer\n  def init(_), do: {:ok, %{f: " + fun +
         "}}\n  def twice(x), do: x\nend\n";
}

const std::map<std::string, std::string>& modules() {
  static const auto compiled = [] {
    auto all = support::compile_modules(sources());
    all.merge(support::compile_elixir({{"fn", elixir_rate("fn x -> x end")},
                                       {"local", elixir_rate("&twice/1")},
                                       {"far", elixir_rate("&Rate.twice/1")},
                                       {"far2", elixir_rate("[&Rate.twice/1]")}}));
    return all;
  }();
  return compiled;
}

support::SampleRelease release_of(const std::string& version,
                                  const std::vector<std::string>& parts) {
  support::SampleApplication shop{"shop", version};
  for (const std::string& part : parts)
    shop.modules[part.substr(part.find('/') + 1)] = modules().at(part);
  return {version, {shop}};
}

struct BorderCase {
  const char* name;
  std::vector<std::string> before;
  std::vector<std::string> after;
  const char* up;  // instructions; the way down has none
  const char* found;
  const char* policy = "";
};

const std::vector<BorderCase>& border_cases() {
  static const std::vector<BorderCase> cases{
      {"a_loop_and_a_short_form", {"loop1/feed"}, {"loop2/feed"}, "{load_module, feed}", "RU301 "},
      {"a_loop_and_a_low_level_load",
       {"loop1/feed"},
       {"loop2/feed"},
       "{load, {feed, soft_purge, brutal_purge}}",
       "RU301 "},
      {"a_loop_that_may_be_killed",
       {"loop1/feed"},
       {"loop2/feed"},
       "{load_module, feed}",
       "",
       "purge: {after: brutal}\n"},
      {"a_loop_that_may_be_killed_before",
       {"loop1/feed"},
       {"loop2/feed"},
       "{load_module, feed, brutal_purge, soft_purge, []}",
       "",
       "purge: {before: brutal}\n"},
      {"a_loop_that_did_not_change", {"loop1/feed"}, {"loop1/feed"}, "{load_module, feed}", ""},
      {"a_loop_that_is_stopped",
       {"loop1/feed"},
       {"loop2/feed"},
       "{stop, [feed]}, {load_module, feed}, {start, [feed]}",
       ""},
      {"a_restart", {"loop1/feed"}, {"loop2/feed"}, "{load_module, feed}, restart_emulator", ""},
      {"a_loop_that_was_mended", {"loop1/feed"}, {"named/feed"}, "{load_module, feed}", "RU301 "},
      {"a_loop_that_came", {"named/feed"}, {"loop1/feed"}, "{load_module, feed}", "RU401 RU412 "},
      {"no_loop", {"plain/feed"}, {"named/feed"}, "{load_module, feed}", ""},
      {"clients_of_a_process_that_is_not_suspended",
       {"kept1/till"},
       {"kept2/till"},
       "{load_module, till}",
       ""},
      {"clients_that_are_not_on_the_stack",
       {"tail1/till"},
       {"kept2/till"},
       "{update, till, {advanced, []}}",
       ""},
      {"clients_of_another_module_that_is_suspended",
       {"asks1/price", "tail1/till"},
       {"asks2/price", "kept2/till"},
       "{update, till, {advanced, []}}, {load_module, price}",
       "RU301 "},
      {"clients_of_a_module_with_soft_purge",
       {"kept1/till"},
       {"kept2/till"},
       "{update, till, {advanced, []}, brutal_purge, soft_purge, []}",
       ""},
      {"a_plain_module_deleted", {"plain/feed"}, {}, "{delete_module, feed}", ""},
      {"a_loop_deleted", {"loop1/feed"}, {}, "{delete_module, feed}", "RU303 "},
      {"a_loop_removed_softly", {"loop1/feed"}, {}, "{remove, {feed, soft_purge, soft_purge}}", ""},
      {"a_child_deleted",
       {"plain/feed", "sup_feed/sup"},
       {"sup_feed/sup"},
       "{delete_module, feed}",
       "RU303 "},
      {"a_supervisor_as_such", {"sup1/sup"}, {"sup2/sup"}, "{update, sup, supervisor}", ""},
      {"a_supervisor_as_a_static_module",
       {"sup1/sup"},
       {"sup2/sup"},
       "{update, sup, static, default, {advanced, x}, soft_purge, soft_purge, []}",
       ""},
      {"a_supervisor_as_a_worker",
       {"sup1/sup"},
       {"sup2/sup"},
       "{update, sup, {advanced, []}}",
       "RU403 "},
      {"a_child_by_its_starter",
       {"tail1/till", "sup1/sup"},
       {"kept2/till", "sup1/sup"},
       "{update, till, {advanced, []}}",
       ""},
      {"a_child_by_its_modules",
       {"tail1/till", "sup_old/sup"},
       {"kept2/till", "sup_old/sup"},
       "{update, till, {advanced, []}}",
       ""},
      {"no_child",
       {"tail1/till", "plain/feed", "sup_feed/sup"},
       {"kept2/till", "plain/feed", "sup_feed/sup"},
       "{suspend, [till]}, {resume, [till]}",
       "RU404 "},
      {"a_child_that_may_come_later",
       {"tail1/till", "plain/feed", "sup_more/sup"},
       {"kept2/till", "plain/feed", "sup_more/sup"},
       "{update, till, {advanced, []}}",
       ""},
      {"no_supervisor", {"tail1/till"}, {"kept2/till"}, "{update, till, {advanced, []}}", ""},
      {"three_callers",
       {"stock1/stock", "x/shop_a", "x/shop_b", "x/shop_c"},
       {"stock2/stock", "x/shop_a", "x/shop_b", "x/shop_c"},
       "{update, stock, {advanced, []}}",
       "RU402 "},
      {"three_callers_and_time",
       {"stock1/stock", "x/shop_a", "x/shop_b", "x/shop_c"},
       {"stock2/stock", "x/shop_a", "x/shop_b", "x/shop_c"},
       "{update, stock, 9000, {advanced, []}, soft_purge, soft_purge, []}",
       ""},
      {"two_callers",
       {"stock1/stock", "x/shop_a", "x/shop_b"},
       {"stock2/stock", "x/shop_a", "x/shop_b"},
       "{update, stock, {advanced, []}}",
       ""},
      {"a_local_fun", {"fun1/rate"}, {"far1/rate"}, "{load_module, rate}", "RU405 "},
      {"a_fun_by_name", {"far1/rate"}, {"far2/rate"}, "{load_module, rate}", ""},
      {"an_elixir_fun",
       {"fn/Elixir.Rate"},
       {"far/Elixir.Rate"},
       "{load_module, 'Elixir.Rate'}",
       "RU405 "},
      {"an_elixir_capture",
       {"local/Elixir.Rate"},
       {"far/Elixir.Rate"},
       "{load_module, 'Elixir.Rate'}",
       "RU405 "},
      {"an_elixir_capture_by_name",
       {"far/Elixir.Rate"},
       {"far2/Elixir.Rate"},
       "{load_module, 'Elixir.Rate'}",
       ""},
  };
  return cases;
}

Diagnostics lint_case(const BorderCase& test) {
  support::MemoryFileSystem files;
  support::write_release(files, "/old", release_of("1.0", test.before));
  support::write_release(files, "/new", release_of("2.0", test.after));
  const auto trees = release::load_releases(files, {"/old", "/new"}, {});
  LintRequest request;
  request.appups.push_back(
      {"shop.appup", "{\"2.0\", [{\"1.0\", [" + std::string(test.up) + "]}], []}.\n"});
  request.from = {&trees.front()};
  request.to = &trees.back();
  request.policy = policy::read_policy("relup.yaml", test.policy).policy;
  return lint(request);
}

class PurgeBorders : public ::testing::TestWithParam<BorderCase> {};

TEST_P(PurgeBorders, AreKept) {
  std::string found;
  for (const Diagnostic& finding : lint_case(GetParam())) {
    const bool is_ours = finding.code.starts_with("RU3") || finding.code.starts_with("RU4");
    if (is_ours) found += finding.code + " ";
  }
  EXPECT_EQ(found, GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(All, PurgeBorders, ::testing::ValuesIn(border_cases()),
                         [](const auto& test) { return test.param.name; });

struct FixCase {
  const char* before;
  const char* after;
};

std::string apply_fix(std::string text, const Fix& fix) {
  for (auto edit = fix.edits.rbegin(); edit != fix.edits.rend(); ++edit)
    text.replace(edit->span.begin, edit->span.end - edit->span.begin, edit->text);
  return text;
}

TEST(SoftPurgeFix, WritesTheFullForm) {
  const FixCase cases[] = {
      {"{load_module, m}.", "{load_module, m, soft_purge, soft_purge, []}."},
      {"{load_module, m, [n]}.", "{load_module, m, soft_purge, soft_purge, [n]}."},
      {"{load_module, m, brutal_purge, soft_purge, [n]}.",
       "{load_module, m, soft_purge, soft_purge, [n]}."},
      {"{update, m}.", "{update, m, soft, soft_purge, soft_purge, []}."},
      {"{update, m, [n]}.", "{update, m, soft, soft_purge, soft_purge, [n]}."},
      {"{update, m, supervisor}.",
       "{update, m, static, default, {advanced, []}, soft_purge, soft_purge, []}."},
      {"{update, m, {advanced, x}}.", "{update, m, {advanced, x}, soft_purge, soft_purge, []}."},
      {"{update, m, {advanced, x}, [n]}.",
       "{update, m, {advanced, x}, soft_purge, soft_purge, [n]}."},
      {"{update, m, 9, soft, soft_purge, brutal_purge, []}.",
       "{update, m, 9, soft, soft_purge, soft_purge, []}."},
      {"{load, {m, brutal_purge, brutal_purge}}.", "{load, {m, soft_purge, soft_purge}}."},
  };
  for (const FixCase& test : cases) {
    const auto parsed = parse_first_term(SourceText("a", test.before));
    const auto fix = soft_purge_fix(std::get<ParsedTerm>(parsed).term);
    ASSERT_TRUE(fix) << test.before;
    EXPECT_EQ(apply_fix(test.before, *fix), test.after);
  }
}

TEST(SoftPurgeFix, IsNoneForWhatLoadsNothing) {
  for (const char* text : {"{add_module, m}.", "{update}.", "restart_emulator.", "{load, m}."}) {
    const auto parsed = parse_first_term(SourceText("a", text));
    EXPECT_FALSE(soft_purge_fix(std::get<ParsedTerm>(parsed).term)) << text;
  }
}

TEST(SuspendedSupervisor, IsMendedByOneWord) {
  const Diagnostics findings =
      lint_case({"", {"sup1/sup"}, {"sup2/sup"}, "{update, sup, {advanced, []}}", ""});
  const auto found = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.rule == "suspended-supervisor";
  });
  ASSERT_NE(found, findings.end());
  ASSERT_TRUE(found->fix);
  EXPECT_EQ(apply_fix(std::string(found->source->text()), *found->fix),
            "{\"2.0\", [{\"1.0\", [{update, sup, supervisor}]}], []}.\n");
}

// A gen_server is not in its module, so that no purge keeps it from being deleted.
TEST(BrutalDelete, IsFoundOfASoftOneToo) {
  Diagnostics findings =
      lint_against("brutal-delete",
                   "{\"2.0\", [{\"1.0\", [{update, shop_sup, supervisor}, point_of_no_return,\n"
                   "  {remove, {shop_ledger, soft_purge, soft_purge}}]}], [{\"1.0\", []}]}.\n");
  std::erase_if(findings, [](const auto& each) { return each.code != "RU303"; });
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings.front().message, ::testing::HasSubstr("shop_ledger"));
}

}  // namespace
}  // namespace relup::lint
