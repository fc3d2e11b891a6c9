// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of OTP and Elixir that we know by name, and what a call of them does to the calling
// process: which wait, which start a process, which never return.

#include "beam/file/beam_file.hpp"

namespace relup::beam {

// Sends a request to another process and waits for its answer: gen_server:call/2 and its like.
bool is_request(const Import& call);

// Requests whose first argument says which process answers them: a gen_server, a gen_statem, a
// gen_event or one like these; a supervisor.
bool is_request_to_server(const Import& call);
bool is_request_to_supervisor(const Import& call);

// Waits for a peer or for time to pass: gen_tcp:accept/1, timer:sleep/1.
bool is_pause(const Import& call);

// Ends the process, or the part of it that catches exceptions: exit/1.
bool is_exit(const Import& call);
// Never returns; exits among others.
bool is_exception(const Import& call);

// Starts a process with a fun, or with a function that is named by its module, name and arguments.
bool is_start_of_process(const Import& call);

// Hands the process over to a loop of OTP, which calls the module's newest code:
// gen_server:enter_loop/3, sys:handle_system_msg/6.
bool enters_a_loop_of_otp(const Import& call);

}  // namespace relup::beam
