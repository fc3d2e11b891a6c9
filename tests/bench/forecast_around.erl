%% SPDX-License-Identifier: Apache-2.0
%% Code beside that of forecast_crowd.erl, which does not change.
-module(around).
-behaviour(gen_server).
-export([wait/0, hold/1, down/1, work_for/1, visit/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

wait() -> receive stop -> ok end.

hold(Fun) -> spawn(fun() -> receive stop -> Fun(1) end end).

%% Deep stacks that no look at the last frames sees through.
down(0) -> wait(), 0;
down(N) -> 1 + up(N - 1).
up(0) -> wait(), 0;
up(N) -> 1 + down(N - 1).

work_for(Milliseconds) -> work_until(erlang:monotonic_time(millisecond) + Milliseconds).

work_until(End) ->
    timer:sleep(10),
    case erlang:monotonic_time(millisecond) > End of
        true -> ok;
        false -> work_until(End)
    end.

visit(Milliseconds) ->
    crowd:work(100),
    timer:sleep(Milliseconds),
    visit(Milliseconds).

init(slow) -> {ok, slow}.
handle_call({wait, Milliseconds}, From, State) ->
    erlang:send_after(Milliseconds, self(), {answer, From}),
    {noreply, State}.
handle_cast(_, State) -> {noreply, State}.
handle_info({answer, From}, State) ->
    gen_server:reply(From, ok),
    {noreply, State}.
