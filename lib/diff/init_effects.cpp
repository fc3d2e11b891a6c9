// SPDX-License-Identifier: Apache-2.0
#include "diff/init_effects.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace relup::diff {
namespace {

using beam::Expression;

// Calls that leave something behind which a second call would find.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> lasting_calls{{
    {"ets", "new"},
    {"ets", "file2tab"},
    {"dets", "open_file"},
    {"erlang", "register"},
    {"global", "register_name"},
    {"gen_tcp", "listen"},
    {"gen_udp", "open"},
    {"ssl", "listen"},
    {"ranch", "start_listener"},
    {"cowboy", "start_clear"},
    {"cowboy", "start_tls"},
    {"logger", "add_handler"},
}};

void collect_effects(const beam::SourceCode& code, const Expression& expression,
                     std::set<std::pair<std::string, std::size_t>>& entered,
                     std::set<std::string>& effects) {
  if (expression.kind == Expression::Kind::call) {
    const std::size_t arity = expression.parts.size();
    // `register/2` may be called without its module.
    const std::string module = expression.module.value_or("erlang");
    const bool lasts = std::find(lasting_calls.begin(), lasting_calls.end(),
                                 std::pair<std::string_view, std::string_view>(
                                     module, expression.name)) != lasting_calls.end();
    if (lasts) effects.insert(module + ":" + expression.name + "/" + std::to_string(arity));
    const beam::SourceFunction* local =
        expression.module ? nullptr : code.find(expression.name, static_cast<unsigned>(arity));
    if (local != nullptr && entered.emplace(expression.name, arity).second) {
      for (const beam::Clause& clause : local->clauses)
        collect_effects(code, clause.body, entered, effects);
    }
  }
  for (const Expression& part : expression.parts)
    collect_effects(code, part, entered, effects);
}

}  // namespace

std::vector<std::string> side_effects_of_init(const beam::SourceCode& code) {
  std::set<std::pair<std::string, std::size_t>> entered;
  std::set<std::string> effects;
  if (const beam::SourceFunction* init = code.find("init", 1)) {
    for (const beam::Clause& clause : init->clauses)
      collect_effects(code, clause.body, entered, effects);
  }
  return {effects.begin(), effects.end()};
}

}  // namespace relup::diff
