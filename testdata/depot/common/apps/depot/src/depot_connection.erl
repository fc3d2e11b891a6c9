%% SPDX-License-Identifier: Apache-2.0
%% One customer.
-module(depot_connection).
-behaviour(gen_server).

-export([start/1, start_link/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start(Socket) ->
    {ok, Pid} = supervisor:start_child(depot_connection_sup, [Socket]),
    ok = gen_tcp:controlling_process(Socket, Pid),
    gen_server:cast(Pid, listen).

start_link(Socket) ->
    gen_server:start_link(?MODULE, Socket, []).

init(Socket) ->
    {ok, Socket}.

handle_call(_Request, _From, Socket) ->
    {noreply, Socket}.

handle_cast(listen, Socket) ->
    inet:setopts(Socket, [{active, once}]),
    {noreply, Socket}.

handle_info({tcp, Socket, Line}, Socket) ->
    ok = gen_tcp:send(Socket, [depot_request:answer(string:trim(Line)), $\n]),
    inet:setopts(Socket, [{active, once}]),
    {noreply, Socket};
handle_info({tcp_closed, Socket}, Socket) ->
    {stop, normal, Socket}.
