// SPDX-License-Identifier: Apache-2.0
#include "beam/code/known_calls.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>

namespace relup::beam {
namespace {

struct Functions {
  std::string_view module;
  std::initializer_list<std::string_view> names;
};

bool is_among(const Import& call, std::span<const Functions> table) {
  return std::any_of(table.begin(), table.end(), [&](const Functions& functions) {
    return call.module == functions.module &&
           std::any_of(functions.names.begin(), functions.names.end(),
                       [&](std::string_view name) { return call.function == name; });
  });
}

}  // namespace

bool is_request_to_server(const Import& call) {
  static const Functions table[] = {
      {"gen_server", {"call"}},
      {"gen_statem", {"call"}},
      {"gen_event", {"call", "sync_notify"}},
      {"gen_fsm", {"sync_send_event", "sync_send_all_state_event"}},
      {"Elixir.GenServer", {"call"}},
  };
  return is_among(call, table);
}

bool is_request_to_supervisor(const Import& call) {
  static const Functions table[] = {
      {"supervisor",
       {"start_child", "restart_child", "terminate_child", "delete_child", "which_children",
        "count_children", "get_childspec"}},
      {"Elixir.Supervisor",
       {"start_child", "restart_child", "terminate_child", "delete_child", "which_children",
        "count_children"}},
      {"Elixir.DynamicSupervisor",
       {"start_child", "terminate_child", "which_children", "count_children"}},
  };
  return is_among(call, table);
}

bool is_request(const Import& call) {
  static const Functions table[] = {
      {"gen", {"call"}},
      {"gen_server", {"multi_call", "receive_response", "wait_response"}},
      {"gen_statem", {"receive_response", "wait_response"}},
      {"gen_event", {"add_handler", "add_sup_handler", "delete_handler", "swap_handler"}},
      {"rpc", {"call", "block_call", "multicall"}},
      {"erpc", {"call", "multicall"}},
      {"Elixir.GenServer", {"multi_call"}},
      {"Elixir.Agent", {"get", "get_and_update", "update"}},
      {"Elixir.Task", {"await", "await_many", "yield", "yield_many"}},
  };
  return is_request_to_server(call) || is_request_to_supervisor(call) || is_among(call, table);
}

bool is_pause(const Import& call) {
  static const Functions table[] = {
      {"timer", {"sleep"}},
      {"gen_tcp", {"accept", "recv"}},
      {"gen_udp", {"recv"}},
      {"gen_sctp", {"recv"}},
      {"socket", {"accept", "recv", "recvfrom", "recvmsg"}},
      {"ssl", {"transport_accept", "recv"}},
      {"Elixir.Process", {"sleep"}},
  };
  return is_among(call, table);
}

bool is_exit(const Import& call) {
  return call.module == "erlang" && call.function == "exit" && call.arity == 1;  // exit/2 signals
}

bool is_exception(const Import& call) {
  static const Functions table[] = {
      {"erlang", {"error", "throw", "raise", "halt"}},
  };
  return is_exit(call) || is_among(call, table);
}

bool is_start_of_process(const Import& call) {
  static const Functions table[] = {
      {"erlang", {"spawn", "spawn_link", "spawn_monitor", "spawn_opt"}},
      {"proc_lib", {"spawn", "spawn_link", "spawn_opt", "start", "start_link", "start_monitor"}},
      {"Elixir.Task", {"start", "start_link", "async"}},
      {"Elixir.Task.Supervisor", {"start_child", "async", "async_nolink"}},
  };
  return is_among(call, table);
}

bool enters_a_loop_of_otp(const Import& call) {
  static const Functions table[] = {
      {"gen_server", {"enter_loop"}},
      {"gen_statem", {"enter_loop"}},
      {"gen_fsm", {"enter_loop"}},
      {"sys", {"handle_system_msg"}},
  };
  return is_among(call, table);
}

}  // namespace relup::beam
