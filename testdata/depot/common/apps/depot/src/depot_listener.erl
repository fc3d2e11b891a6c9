%% SPDX-License-Identifier: Apache-2.0
%% Accepts connections; each gets a process of its own.
-module(depot_listener).
-behaviour(gen_server).

-export([start_link/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) ->
    {ok, Port} = application:get_env(depot, port),
    {ok, Socket} = gen_tcp:listen(Port, [
        binary, {packet, line}, {active, false}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}
    ]),
    self() ! accept,
    {ok, Socket}.

handle_call(_Request, _From, Socket) ->
    {noreply, Socket}.

handle_cast(_Request, Socket) ->
    {noreply, Socket}.

%% In turns of a few milliseconds, so that the process answers when it is asked to suspend.
handle_info(accept, Socket) ->
    case gen_tcp:accept(Socket, 20) of
        {ok, Connection} -> depot_connection:start(Connection);
        {error, timeout} -> ok
    end,
    self() ! accept,
    {noreply, Socket}.
