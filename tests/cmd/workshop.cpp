// SPDX-License-Identifier: Apache-2.0
#include "cmd/workshop.hpp"

#include "support/compiled_modules.hpp"

namespace relup::cmd {
namespace {

const char* const server = R"(-module(shop_server).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> {ok, STATE}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, _, _) -> {ok, STATE}.
)";

std::string server_with(const std::string& state) {
  std::string source = server;
  for (std::size_t at = 0; (at = source.find("STATE", at)) != std::string::npos;)
    source.replace(at, 5, state);
  return source;
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/shop_server", server_with("0")},
      {"new/shop_server", server_with("#{}")},
      {"old/shop_price", "-module(shop_price).\n-export([of_item/1]).\nof_item(_) -> 1.\n"},
      {"new/shop_price",
       "-module(shop_price).\n-export([of_item/1, tax/0]).\nof_item(_) -> 2.\ntax() -> 19.\n"},
      {"old/shop_same", "-module(shop_same).\n-export([id/1]).\nid(X) -> X.\n"},
      {"new/shop_same", "\n\n-module(shop_same).\n-export([id/1]).\nid(X) -> X.\n"},
      {"old/shop_legacy", "-module(shop_legacy).\n-export([f/0]).\nf() -> old.\n"},
      {"new/shop_stats", "-module(shop_stats).\n-export([f/0]).\nf() -> new.\n"},
  });
  return modules;
}

support::SampleRelease shop(const std::string& version, const std::string& label) {
  support::SampleApplication application{"shop", version};
  for (const auto& [key, bytes] : compiled()) {
    if (key.starts_with(label + "/")) application.modules[key.substr(label.size() + 1)] = bytes;
  }
  return {version, {application}};
}

}  // namespace

support::SampleRelease old_shop() {
  return shop("1.0.0", "old");
}
support::SampleRelease new_shop() {
  return shop("1.1.0", "new");
}

Workshop::Workshop() {
  support::write_release(real_file_system(), place_ / "old", old_shop());
  support::write_release(real_file_system(), place_ / "new", new_shop());
}

void Workshop::write(const std::string& name, const std::string& bytes) const {
  support::write_file(real_file_system(), place_ / name, bytes);
}

std::string Workshop::read(const std::string& name) const {
  return real_file_system().read(place_ / name);
}

bool Workshop::exists(const std::string& name) const {
  return real_file_system().is_file(place_ / name);
}

Answer Workshop::call(std::vector<std::string> arguments) const {
  Call call;
  call.arguments = std::move(arguments);
  return this->call(std::move(call));
}

Answer Workshop::call(Call call) const {
  call.directory = path();
  return run_relup(call);
}

}  // namespace relup::cmd
