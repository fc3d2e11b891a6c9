%% SPDX-License-Identifier: Apache-2.0
%%
%% Work beside: a process of its own does it, and whoever has begun it waits for the answer for as
%% long as his patience lasts. What ends, or never answers, ends that process and nobody else; an
%% answer that comes too late comes to nobody.
-module(?BESIDE).

-export([start/1, answer/2, answer_until/2, finish/1, ask/2]).

start(Work) ->
    spawn_monitor(fun() -> exit({answer, Work()}) end).

%% {ok, Answer}, {failed, Reason}, or `silent` after so many milliseconds: then the work is over, too.
answer({Pid, Reference}, Patience) ->
    receive
        {'DOWN', Reference, process, Pid, {answer, Answer}} -> {ok, Answer};
        {'DOWN', Reference, process, Pid, Reason} -> {failed, Reason}
    after Patience ->
        exit(Pid, kill),
        demonitor(Reference, [flush]),
        silent
    end.

%% The same; Deadline is a monotonic time in milliseconds.
answer_until(Begun, Deadline) ->
    answer(Begun, max(0, Deadline - erlang:monotonic_time(millisecond))).

%% The answer, however long it takes. Whoever needs it ends with the one who fails.
finish(Begun) ->
    case answer(Begun, infinity) of
        {ok, Answer} -> Answer;
        {failed, Reason} -> exit(Reason)
    end.

ask(Question, Patience) ->
    answer(start(Question), Patience).
