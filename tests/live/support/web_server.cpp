// SPDX-License-Identifier: Apache-2.0
#include "web_server.hpp"

#include "source_variant.hpp"

namespace relup::live_tests {
namespace {

// The same in both releases.
constexpr auto web = R"(-module(tally_web).
-export([start/0, init/2]).

start() ->
    Paths = [{"/socket", tally_socket, 0}, {"/held", ?MODULE, held}, {"/", ?MODULE, quick}],
    cowboy:start_clear(http, [{port, 0}], #{env => #{dispatch => cowboy_router:compile([{'_', Paths}])}}).

init(Request, held) ->
    register(tally_held, self()),
    receive go -> init(Request, quick) end;
init(Request, State) ->
    {ok, cowboy_req:reply(200, #{}, <<"served">>, Request), State}.
)";

constexpr auto socket_begin = R"(-module(tally_socket).
-export([init/2, websocket_handle/2, websocket_info/2]).

init(Request, Count) ->
    {cowboy_websocket, Request, Count}.

websocket_info(_, Count) ->
    {[], Count}.

websocket_handle({text, <<"sleep ", Time/binary>>}, Count) ->
    timer:sleep(binary_to_integer(Time)),
    {[{text, <<"slept">>}], Count};
websocket_handle({text, Text}, Count) ->
)";

constexpr auto old_socket = R"(    {[{text, tally_words:answer(Text, Count + 1)}], Count + 1}.
)";
constexpr auto new_socket = R"(    {[{text, tally_words:answer(Text, Count + 1, $\s)}], Count + 1}.
)";

constexpr auto old_words = R"(-module(tally_words).
-export([answer/2]).

answer(Text, Count) ->
    [Text, $\s, integer_to_binary(Count)].
)";
constexpr auto new_words = R"(-module(tally_words).
-export([answer/3]).

answer(Text, Count, Between) ->
    [Text, Between, integer_to_binary(Count)].
)";

constexpr auto helper = R"(-module(tally_upgrade).
-export([say/1]).

say(What) ->
    io:format("the shelves are ~s~n", [What]),
    logger:notice("~s shelves", [What]).
)";

constexpr auto policy = R"(instructions:
  - at: first
    up: "{apply, {tally_upgrade, say, [\"closed\"]}}"
    down: "{apply, {tally_upgrade, say, [\"closed\"]}}"
  - at: last
    up: "{apply, {tally_upgrade, say, [\"open\"]}}"
    down: "{apply, {tally_upgrade, say, [\"open\"]}}"
)";

// In both ways the one module is loaded right before the other.
void wait_between_the_loads(const std::filesystem::path& relup) {
  const std::string load = "{load,{tally_socket,";
  const std::string wait = "{apply,{timer,sleep,[300]}},";
  std::string text = read_file(relup);
  for (std::size_t at = 0; (at = text.find(load, at)) != std::string::npos;
       at += wait.size() + load.size())
    text.insert(at, wait);
  write_file(relup, text);
}

void write_sources(SourceVariant& sources, const std::string& version, const std::string& socket,
                   const std::string& words) {
  const auto folder = sources.directory() / "tally" / version / "src";
  write_file(folder / "tally_web.erl", web);
  write_file(folder / "tally_socket.erl", socket_begin + socket);
  write_file(folder / "tally_words.erl", words);
  sources.replace(version + "/src/tally.app.src", "[kernel, stdlib, sasl]",
                  "[kernel, stdlib, sasl, cowboy]");
  sources.replace(version + "/src/tally_app.erl", "    tally_sup:start_link().",
                  "    {ok, _} = tally_web:start(),\n    tally_sup:start_link().");
}

struct Builds {
  Builds(const Tools& tools, const std::filesystem::path& libraries)
      : sources(tools.testdata), machine(sources.with(tools)) {
    for (const auto& each : std::filesystem::directory_iterator(libraries)) {
      const std::string name = each.path().filename().string();
      const bool is_wanted =
          name.starts_with("ranch-") || name.starts_with("cowboy-") || name.starts_with("cowlib-");
      if (is_wanted) sources.add_library(each.path());
    }
    write_sources(sources, "1.0.0", old_socket, old_words);
    write_sources(sources, "1.1.0", new_socket, new_words);
    write_file(sources.directory() / "tally/1.1.0/src/tally_upgrade.erl", helper);
    const auto config = sources.directory() / "relup.yaml";
    write_file(config, policy);
    machine.build();
    must_succeed(machine.generate({"--config", config.string()}));
    wait_between_the_loads(machine.new_root() / "releases/1.1.0/relup");
    must_succeed(machine.pack());
  }

  SourceVariant sources;
  BuildMachine machine;
};

}  // namespace

BuildMachine& web_builds(const Tools& tools, const std::filesystem::path& libraries) {
  static Builds builds(tools, libraries);
  return builds.machine;
}

}  // namespace relup::live_tests
