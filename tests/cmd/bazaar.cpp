// SPDX-License-Identifier: Apache-2.0
#include "cmd/bazaar.hpp"

#include "support/compiled_modules.hpp"
#include "support/sample_release.hpp"

namespace relup::cmd {
namespace {

using support::SampleApplication;
using support::SampleRelease;

std::string plain(const std::string& name, const std::string& body) {
  return "-module('" + name + "').\n-compile(debug_info).\n" + body;
}

std::string server(const std::string& name, const std::string& fields, const std::string& change) {
  return plain(name, "-behaviour(gen_server).\n-record(state, {" + fields +
                         "}).\n"
                         "-export([init/1, handle_call/3, handle_cast/2, code_change/3]).\n"
                         "init(_) -> {ok, #state{}}.\n"
                         "handle_call(_, _, State) -> {reply, " +
                         std::to_string(fields.size()) +
                         ", State}.\n"
                         "handle_cast(_, State) -> {noreply, State}.\n"
                         "code_change(_, State, _) -> " +
                         change + ".\n");
}

std::string supervisor(const std::string& before, const std::string& child) {
  return plain("stall_sup",
               "-behaviour(supervisor).\n-export([start_link/0, init/1]).\n"
               "start_link() -> supervisor:start_link({local, stall_sup}, stall_sup, []).\n"
               "init(_) ->\n" +
                   before +
                   "  Server = #{id => stall_server, start => {stall_server, start_link, []}},\n"
                   "  Other = #{id => " +
                   child + ", start => {" + child +
                   ", start_link, []}},\n"
                   "  {ok, {#{strategy => one_for_one}, [Server, Other]}}.\n");
}

std::string function(const std::string& name, const std::string& what) {
  return plain(name, "-export([f/0]).\nf() -> " + what + ".\n");
}

const std::string prices = "-export([of_item/1]).\nof_item(_) -> 1.\n";
const std::string prices_and_tax =
    "-export([of_item/1, tax/0, tax/1]).\nof_item(_) -> 1.\ntax() -> 19.\ntax(_) -> 7.\n";

const support::ModuleSources sources{
    {"old/stall_server", server("stall_server", "items", "{ok, State}")},
    {"new/stall_server", server("stall_server", "items, currency, since", "{ok, State}")},
    {"old/stall_till", server("stall_till", "coins", "{ok, State}")},
    {"new/stall_till",
     server("stall_till", "coins, notes", "{state, C} = State, {ok, #state{coins = C}}")},
    {"old/stall_sup", supervisor("", "stall_legacy")},
    {"new/stall_sup", supervisor("  ets:new(stall, [named_table, public]),\n", "stall_till")},
    {"old/stall_price", plain("stall_price", prices)},
    {"new/stall_price", plain("stall_price", prices_and_tax)},
    {"old/stall_sign", function("stall_sign", "open")},
    {"new/stall_sign", "\n\n" + function("stall_sign", "open")},
    {"old/stall_legacy", function("stall_legacy", "old")},
    {"new/stall_stats", function("stall_stats", "new")},
    {"old/scale", function("scale", "1")},
    {"new/scale", function("scale", "2")},
    {"old/counter", function("counter", "1")},
    {"new/counter", function("counter", "2")},
    {"old/counter_bell", function("counter_bell", "ring")},
    {"new/counter_bell", function("counter_bell", "ring")},
    {"old/cart", function("cart", "wheels")},
    {"new/cart", "\n" + function("cart", "wheels")},
    {"new/carpet", function("carpet", "flies")},
    {"old/tent", function("tent", "stands")},
    {"old/well", function("well", "water")},
    {"old/Elixir.Enumerable", function("Elixir.Enumerable", "1")},
    {"new/Elixir.Enumerable", function("Elixir.Enumerable", "2")},
    {"new/Elixir.Jason.Encoder", function("Elixir.Jason.Encoder", "1")},
};

const std::string& compiled(const std::string& key) {
  static const auto modules = support::compile_modules(sources);
  return modules.at(key);
}

SampleApplication application(const std::string& name, const std::string& version,
                              const std::string& label, const std::vector<std::string>& modules) {
  SampleApplication application{name, version};
  for (const std::string& module : modules)
    application.modules[module] = compiled(label + "/" + module);
  return application;
}

SampleRelease old_bazaar() {
  return {"2.9.4",
          {application("stall", "1.4.0", "old",
                       {"stall_server", "stall_till", "stall_sup", "stall_price", "stall_sign",
                        "stall_legacy"}),
           application("scale", "0.9.1", "old", {"scale"}),
           application("counter", "3.0", "old", {"counter", "counter_bell"}),
           application("cart", "1.0", "old", {"cart"}), application("tent", "1.0", "old", {"tent"}),
           application("well", "7", "old", {"well"})},
          "bazaar"};
}

SampleRelease new_bazaar() {
  SampleApplication stall = application("stall", "1.5.0", "new",
                                        {"stall_server", "stall_till", "stall_sup", "stall_price",
                                         "stall_sign", "stall_stats", "counter_bell"});
  stall.needs.emplace_back("carpet");
  return {"2.9.6-rc.0",
          {stall, application("scale", "0.10.0", "new", {"scale"}),
           application("counter", "3.0", "new", {"counter"}),
           application("cart", "1.0", "new", {"cart"}),
           application("carpet", "0.1.0", "new", {"carpet"}),
           application("well", "7", "old", {"well"})},
          "bazaar",
          "14.0"};
}

}  // namespace

void write_bazaar(const std::string& directory) {
  FileSystem& files = real_file_system();
  const auto write = [&](const std::string& name, const std::string& bytes) {
    support::write_file(files, directory + "/" + name, bytes);
  };
  support::write_release(files, directory + "/old", old_bazaar());
  support::write_release(files, directory + "/new", new_bazaar());
  write("old/lib/scale-0.9.1/priv/scale.so", "old");
  write("new/lib/scale-0.10.0/priv/scale.so", "new");
  write("old/releases/2.9.4/sys.config", "[{stall, [{port, 80}, {host, \"here\"}]}].\n");
  write("new/releases/2.9.6-rc.0/sys.config",
        "[{carpet, [{height, 3}]}, {stall, [{port, 8080}]}, \"more.config\"].\n");
  write("old/releases/2.9.4/vm.args", "-name bazaar\n");
  write("new/releases/2.9.6-rc.0/vm.args", "-name bazaar\n+P 100000\n");
  write("new/releases/2.9.6-rc.0/runtime.exs", "import Config\n");
  const std::string protocol = "/consolidated/Elixir.Enumerable.beam";
  write("old/releases/2.9.4" + protocol, compiled("old/Elixir.Enumerable"));
  write("new/releases/2.9.6-rc.0" + protocol, compiled("new/Elixir.Enumerable"));
  write("new/releases/2.9.6-rc.0/consolidated/Elixir.Jason.Encoder.beam",
        compiled("new/Elixir.Jason.Encoder"));
}

}  // namespace relup::cmd
