%% SPDX-License-Identifier: Apache-2.0
%%
%% One client. It waits for its socket, and from then on it serves, one line at a time. A line too
%% long for the buffer arrives in pieces: it is answered once, and the rest of it is skipped.
%%
%%     waiting --socket--> serving --piece of a line--> skipping
%%                            ^-------end of the line------'
%%
%% Version 1.0.0 knew only its `socket`; `requests` is new.
-module(tally_connection).
-behaviour(gen_statem).

-export([start_link/0, serve/2]).
-export([init/1, callback_mode/0, waiting/3, serving/3, skipping/3, code_change/4]).

-define(HANDOVER_TIMEOUT, 5000).

-record(data, {
    socket :: gen_tcp:socket() | undefined,
    requests = 0 :: non_neg_integer()
}).

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

serving(info, {tcp, Socket, Line}, #data{socket = Socket, requests = Requests} = Data0) ->
    Data = Data0#data{requests = Requests + 1},
    case binary:last(Line) of
        $\n ->
            reply(answer(words(Line), Data), Data),
            {keep_state, Data};
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

%% Requests from before the upgrade were not counted, and a downgrade forgets the rest.
code_change({down, _Vsn}, State, #data{socket = Socket}, _Extra) ->
    {ok, State, {data, Socket}};
code_change(_Vsn, State, {data, Socket}, _Extra) ->
    {ok, State, #data{socket = Socket}}.

answer([<<"hit">>, Name], _Data) ->
    tally_format:hit(Name, tally_counter:hit(Name));
answer([<<"version">>], _Data) ->
    tally_format:version();
answer([<<"state">>], #data{requests = Requests}) ->
    tally_format:state(tally_counter:describe() ++ [{requests, Requests}]);
answer(_Words, _Data) ->
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
