%% SPDX-License-Identifier: Apache-2.0
%%
%% Accepts clients, on the loopback interface only, and gives each to a process of its own.
%%
%% Not an OTP behaviour, so an upgrade cannot ask it to move to new code; it does so by itself. It
%% waits for a client for one short round, then calls its loop by its full name.
-module(tally_listener).

-export([start_link/0]).
-export([init/1, loop/1]).

-define(ROUND, 200).

start_link() ->
    proc_lib:start_link(?MODULE, init, [self()]).

init(Parent) ->
    register(?MODULE, self()),
    {ok, Port} = application:get_env(tally, port),
    case gen_tcp:listen(Port, options()) of
        {ok, Listener} ->
            ok = announce(Listener, application:get_env(tally, port_file)),
            proc_lib:init_ack(Parent, {ok, self()}),
            ?MODULE:loop(Listener);
        {error, Reason} ->
            exit({listen, Port, Reason})
    end.

loop(Listener) ->
    case gen_tcp:accept(Listener, ?ROUND) of
        {ok, Socket} -> hand_over(Socket);
        {error, timeout} -> ok;
        {error, closed} -> exit(closed);
        {error, _OutOfSomething} -> timer:sleep(?ROUND)
    end,
    ?MODULE:loop(Listener).

options() ->
    [
        binary,
        {active, false},
        {backlog, 128},
        {buffer, 1024},
        {ip, {127, 0, 0, 1}},
        {packet, line},
        {reuseaddr, true}
    ].

%% A reader sees the whole port or no file.
announce(_Listener, undefined) ->
    ok;
announce(Listener, {ok, File}) ->
    {ok, Port} = inet:port(Listener),
    Draft = File ++ ".new",
    ok = file:write_file(Draft, [integer_to_binary(Port), $\n]),
    file:rename(Draft, File).

hand_over(Socket) ->
    {ok, Connection} = tally_connection_sup:start_connection(),
    case gen_tcp:controlling_process(Socket, Connection) of
        ok -> tally_connection:serve(Connection, Socket);
        {error, _Gone} -> gen_tcp:close(Socket)
    end.
