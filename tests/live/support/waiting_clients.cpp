// SPDX-License-Identifier: Apache-2.0
#include "waiting_clients.hpp"

#include <thread>

namespace relup::live_tests {
namespace {

constexpr auto counting = "handle_call({hit, Name}, _From, #state{";
constexpr auto withholding = R"(handle_call({hit, <<"wait">>}, From, State) ->
    put({waiting, make_ref()}, From),
    {noreply, State};
handle_call({hit, <<"release">>}, _From, State) ->
    [gen_server:reply(From, 0) || {{waiting, _}, From} <- get()],
    {reply, 0, State};
)";

constexpr auto brutal_appup = R"({"1.1.0",
 [{"1.0.0", [{load_module, tally_connection, brutal_purge, brutal_purge, []},
             {load_module, tally_format, brutal_purge, brutal_purge, []}]}],
 [{"1.0.0", [{load_module, tally_connection, brutal_purge, brutal_purge, []},
             {load_module, tally_format, brutal_purge, brutal_purge, []}]}]}.
)";

}  // namespace

void withhold_answers(SourceVariant& sources, const std::string& version) {
  sources.replace(version + "/src/tally_counter.erl", counting,
                  std::string(withholding) + counting);
}

void make_brutal_tarball(SourceVariant& sources, BuildMachine& builds) {
  sources.derive_new_from_old();
  sources.replace("1.1.0/src/tally_connection.erl", "unknown request", "what is that");
  write_file(sources.directory() / "appups/tally-1.1.0.appup", brutal_appup);
  builds.make_tarball({"--appups", sources.directory() / "appups"});
}

Clients waiting_clients(std::uint16_t port) {
  Clients clients;
  for (std::size_t k = 0; k < client_count; ++k) {
    clients.push_back(std::make_unique<Connection>(port));
    clients.back()->ask("hit regular");
    clients.back()->send("hit wait");
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  return clients;
}

std::size_t answered(const Clients& clients, const std::set<std::string>& versions) {
  std::size_t count = 0;
  for (const auto& client : clients) {
    try {
      if (client->receive() == "wait 0" && versions.contains(client->ask("version"))) ++count;
    } catch (const std::exception&) {
      // This one is lost.
    }
  }
  return count;
}

}  // namespace relup::live_tests
