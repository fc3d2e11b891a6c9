// SPDX-License-Identifier: Apache-2.0
#include "facts/init_effects.hpp"

#include <algorithm>
#include <array>
#include <set>
namespace relup::facts {
namespace {

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

bool lasts(const ReachedCall& call) {
  const std::pair<std::string_view, std::string_view> name(call.module, call.function);
  return std::find(lasting_calls.begin(), lasting_calls.end(), name) != lasting_calls.end();
}

}  // namespace

std::vector<std::string> side_effects_of_init(const beam::SourceCode& code) {
  return side_effects_of(code, "init", 1);
}

std::vector<ReachedCall> calls_of_init(const beam::SourceCode& code) {
  std::vector<ReachedCall> calls;
  std::set<std::string> known;
  for_each_reached_call(code, "init", 1, [&](const ReachedCall& call) {
    if (call.module != "erlang" && known.insert(call.describe()).second) calls.push_back(call);
  });
  return calls;
}

std::vector<std::string> side_effects_of(const beam::SourceCode& code, std::string_view function,
                                         unsigned arity) {
  std::set<std::string> effects;
  for_each_reached_call(code, function, arity, [&](const ReachedCall& call) {
    if (lasts(call)) effects.insert(call.describe());
  });
  return {effects.begin(), effects.end()};
}

}  // namespace relup::facts
