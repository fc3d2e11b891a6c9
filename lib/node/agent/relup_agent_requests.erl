%% SPDX-License-Identifier: Apache-2.0
%%
%% System messages (sys(3)) to many processes at once.
%%
%% sys:suspend/1 and its like wait for each answer before the next question, so a script with ten
%% thousand processes costs ten thousand round trips while all of them stand still. Here a worker
%% asks a few hundred processes in one go and takes the answers as they come; a few workers share
%% the list. Each process has a list of requests of its own, the next one is sent when the one
%% before it is answered: so a process goes on as soon as it is done, not when all are.
%%
%% A process that ends has no more answers to give, which is no failure.
-module(?REQUESTS).

-export([ask/2, resume/1]).

%% Processes that one worker has questions to at the same time. More would make the list of waiting
%% answers long, which every answer is looked up in.
-define(CHUNK, 256).

%% ask([{Pid, [Request]}], Patience): requests as sys sends them: suspend, resume, {change_code, M,
%% OldVsn, Extra}. Patience is for all requests of one process together, in milliseconds.
%% Answers [{Pid, Result}] in no order: ok, `gone`, or `{silent, Request}` of a process that has not
%% answered in time, or `{failed, Request, Reason}`.
ask(Orders, Patience) ->
    Chunks = chunks(Orders),
    share(Chunks, length(Chunks), workers(), Patience).

workers() ->
    max(8, 4 * erlang:system_info(schedulers_online)).

chunks([]) ->
    [];
chunks(Orders) when length(Orders) =< ?CHUNK ->
    [Orders];
chunks(Orders) ->
    {Chunk, Rest} = lists:split(?CHUNK, Orders),
    [Chunk | chunks(Rest)].

%% Keeps so many workers busy until all chunks are done.
share(Chunks, Left, Free, Patience) ->
    {Begun, Waiting} = lists:split(min(Free, length(Chunks)), Chunks),
    References = [begin_chunk(Chunk, Patience) || Chunk <- Begun],
    collect(Waiting, Left, maps:from_list([{Reference, working} || Reference <- References]), Patience, []).

collect(_, 0, _, _, Results) ->
    lists:append(Results);
collect(Waiting, Left, Working, Patience, Results) ->
    receive
        {'DOWN', Reference, process, _, {results, Result}} when is_map_key(Reference, Working) ->
            collect(Waiting, Left - 1, maps:remove(Reference, Working), Patience, Results, Result)
    end.

collect([], Left, Working, Patience, Results, Result) ->
    collect([], Left, Working, Patience, [Result | Results]);
collect([Chunk | Waiting], Left, Working, Patience, Results, Result) ->
    Reference = begin_chunk(Chunk, Patience),
    collect(Waiting, Left, Working#{Reference => working}, Patience, [Result | Results]).

%% Workers only send and receive, so they may go before others: every answer that lies about makes
%% somebody stand still for longer.
begin_chunk(Chunk, Patience) ->
    {_, Reference} = spawn_opt(fun() -> exit({results, ask_chunk(Chunk, Patience)}) end, [monitor, {priority, high}]),
    Reference.

ask_chunk(Chunk, Patience) ->
    Deadline = erlang:monotonic_time(millisecond) + Patience,
    take_answers(maps:from_list([first(Order) || Order <- Chunk]), Deadline, []).

first({Pid, [Request | Rest]}) ->
    {send(Pid, Request), {Pid, Request, Rest}}.

send(Pid, Request) ->
    Reference = monitor(process, Pid),
    Pid ! {system, {self(), Reference}, Request},
    Reference.

take_answers(Open, _, Results) when map_size(Open) =:= 0 ->
    Results;
take_answers(Open, Deadline, Results) ->
    receive
        {Reference, Answer} when is_map_key(Reference, Open) ->
            demonitor(Reference, [flush]),
            {Order, Others} = maps:take(Reference, Open),
            after_answer(Answer, Order, Others, Deadline, Results);
        {'DOWN', Reference, process, Pid, _} when is_map_key(Reference, Open) ->
            take_answers(maps:remove(Reference, Open), Deadline, [{Pid, gone} | Results])
    after max(0, Deadline - erlang:monotonic_time(millisecond)) ->
        [{Pid, {silent, Request}} || {Pid, Request, _} <- maps:values(Open)] ++ Results
    end.

after_answer(ok, {Pid, _, []}, Open, Deadline, Results) ->
    take_answers(Open, Deadline, [{Pid, ok} | Results]);
after_answer(ok, {Pid, _, [Next | Rest]}, Open, Deadline, Results) ->
    take_answers(Open#{send(Pid, Next) => {Pid, Next, Rest}}, Deadline, Results);
after_answer({error, Reason}, {Pid, Request, _}, Open, Deadline, Results) ->
    take_answers(Open, Deadline, [{Pid, {failed, Request, Reason}} | Results]);
after_answer(Other, {Pid, Request, _}, Open, Deadline, Results) ->
    take_answers(Open, Deadline, [{Pid, {failed, Request, Other}} | Results]).

%% Without waiting: also for those who have not even answered that they are suspended. The answers go
%% to nobody: we may be the release handler, which would log them.
resume(Pids) ->
    Nobody = spawn(fun() -> ok end),
    _ = [Pid ! {system, {Nobody, make_ref()}, resume} || Pid <- Pids],
    ok.
