%% SPDX-License-Identifier: Apache-2.0
%%
%% One look at each process, for all that a forecast wants to know of it.
%%
%% A process tells its dictionary and its stack itself: it gets a signal, wakes up, and answers,
%% while the asker waits. That costs some microseconds, however much is asked at once. So all is
%% asked at once, and each process is come to only once. Nobody gets a message.
-module(?CENSUS).

-export([take/3]).

-define(ITEMS, [dictionary, initial_call, current_function, current_stacktrace, message_queue_len, reductions]).

%% Of Pids, a map:
%%   found: what ?PROCESSES:walk_of/3 goes on from, looking for processes of Modules
%%   scanned: [{Pid, Seen}], those that run code of Changed or are not at rest (?STACKS)
%%   too_deep: [Pid] of those whose stack is too deep to be read
%%   asleep: [{Module, Pid}] of those that hibernate and have begun in a module of Changed
take(Pids, Modules, Changed) ->
    Nobody = {?PROCESSES:nobody(Modules), [], []},
    Wanted = maps:from_list([{Module, wanted} || Module <- Changed]),
    Count = fun(Part) -> lists:foldl(fun(Pid, Noted) -> note(Pid, Wanted, Noted) end, Nobody, Part) end,
    {Found, Seen, Asleep} = lists:unzip3(?STACKS:with_deep_stacks(fun() -> ?PROCESSES:in_parallel(Count, Pids) end)),
    {Scanned, TooDeep} = lists:partition(fun({_, What}) -> is_map(What) end, lists:append(Seen)),
    #{found => Found, scanned => Scanned, too_deep => [Pid || {Pid, _} <- TooDeep], asleep => lists:append(Asleep)}.

note(Pid, Wanted, {Found, Seen, Asleep} = Noted) ->
    case process_info(Pid, ?ITEMS) of
        undefined ->
            Noted;
        [{_, Dictionary}, {_, Plain}, {_, Function}, {_, Stack}, {_, Queue}, {_, Work}] ->
            Call = ?PROCESSES:initial_call(Dictionary, Plain),
            {
                ?PROCESSES:note(Pid, Call, ?PROCESSES:parent(Dictionary), Found),
                ?STACKS:note(Pid, {Stack, Queue, Work}, Wanted, Seen),
                note_sleeper(Pid, Function, Call, Wanted, Asleep)
            }
    end.

note_sleeper(Pid, {erlang, hibernate, 3}, {Module, _, _}, Wanted, Asleep) when is_map_key(Module, Wanted) ->
    [{Module, Pid} | Asleep];
note_sleeper(_, _, _, _, Asleep) ->
    Asleep.
