%% SPDX-License-Identifier: Apache-2.0
%% What the processes of forecast_truth.escript run; VERSION makes old and new code of it.
-module(crowd).
-behaviour(gen_server).
-export([captive/0, spin/1, count/0, leaving/1, ask/2, sleep/0, woken/0, holder/0, below/1, body/1, task/1, work/1]).
-export([init/1, handle_call/3, handle_cast/2]).

captive() -> spawn(fun() -> captive(0) end).

captive(N) ->
    receive
        more -> captive(N + ?VERSION);
        stop -> N
    end.

spin(N) -> spin(N + ?VERSION).

%% Ends by itself, after some seconds or at once.
count() -> length([sum(20000) || _ <- lists:seq(1, 200)]).
sum(0) -> ?VERSION;
sum(N) -> 1 + sum(N - 1).

leaving(N) ->
    receive
        more -> ?MODULE:leaving(N + ?VERSION);
        stop -> N
    end.

ask(Server, Milliseconds) ->
    Answer = gen_server:call(Server, {wait, Milliseconds}, infinity),
    {Answer, ?VERSION}.

sleep() -> erlang:hibernate(?MODULE, woken, []).
woken() -> ?VERSION.

holder() -> around:hold(fun(X) -> X + ?VERSION end).

below(N) -> around:down(N) + ?VERSION.

body(0) -> around:wait(), ?VERSION;
body(N) -> 1 + body(N - 1).

task(Milliseconds) ->
    proc_lib:spawn(fun() -> around:work_for(Milliseconds), ?VERSION end).

work(N) -> lists:sum(lists:seq(1, N)) + ?VERSION.

init(_) -> {ok, ?VERSION}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
