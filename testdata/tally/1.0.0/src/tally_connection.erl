%% SPDX-License-Identifier: Apache-2.0
%%
%% One client. It waits for its socket, and from then on it serves, one line at a time. A line too
%% long for the buffer arrives in pieces: it is answered once, and the rest of it is skipped.
%%
%%     waiting --socket--> serving --piece of a line--> skipping
%%                            ^-------end of the line------'
-module(tally_connection).
-behaviour(gen_statem).

-export([start_link/0, serve/2]).
-export([init/1, callback_mode/0, waiting/3, serving/3, skipping/3, code_change/4]).

-define(HANDOVER_TIMEOUT, 5000).

-record(data, {socket :: gen_tcp:socket() | undefined}).

start_link() ->
    gen_statem:start_link(?MODULE, [], []).

%% Gives Connection its Socket; the caller has made it the owner.
serve(Connection, Socket) ->
    gen_statem:cast(Connection, {serve, Socket}).

init([]) ->
    {ok, waiting, #data{}, {state_timeout, ?HANDOVER_TIMEOUT, no_socket}}.

callback_mode() ->
    state_functions.

waiting(cast, {serve, Socket}, Data) ->
    listen_once(Socket),
    {next_state, serving, Data#data{socket = Socket}};
waiting(state_timeout, no_socket, _Data) ->
    {stop, {shutdown, no_socket}}.

serving(info, {tcp, Socket, Line}, #data{socket = Socket} = Data) ->
    case binary:last(Line) of
        $\n ->
            reply(answer(words(Line)), Data),
            keep_state_and_data;
        _ ->
            reply(tally_format:failure("line too long"), Data),
            {next_state, skipping, Data}
    end;
serving(info, Event, Data) ->
    closed(Event, Data).

skipping(info, {tcp, Socket, Line}, #data{socket = Socket} = Data) ->
    listen_once(Socket),
    case binary:last(Line) of
        $\n -> {next_state, serving, Data};
        _ -> keep_state_and_data
    end;
skipping(info, Event, Data) ->
    closed(Event, Data).

%% The first version: there is nothing older to come from.
code_change(_Vsn, State, Data, _Extra) ->
    {ok, State, Data}.

answer([<<"hit">>, Name]) ->
    tally_format:hit(Name, tally_counter:hit(Name));
answer([<<"version">>]) ->
    tally_format:version();
answer([<<"state">>]) ->
    tally_format:state(tally_counter:describe());
answer(_Words) ->
    tally_format:failure("unknown request").

words(Line) ->
    binary:split(Line, [<<" ">>, <<"\t">>, <<"\r">>, <<"\n">>], [global, trim_all]).

%% Whether the client still listens shows in the next event from its socket.
reply(Answer, #data{socket = Socket}) ->
    _ = gen_tcp:send(Socket, [Answer, $\n]),
    listen_once(Socket).

listen_once(Socket) ->
    _ = inet:setopts(Socket, [{active, once}]),
    ok.

closed({tcp_closed, Socket}, #data{socket = Socket}) ->
    {stop, normal};
closed({tcp_error, Socket, Reason}, #data{socket = Socket}) ->
    {stop, {shutdown, Reason}}.
