%% SPDX-License-Identifier: Apache-2.0
%%
%% How the node is, told at once whatever it does. An install blocks the release handler, which is
%% therefore asked by a process of its own and not waited for longer than a moment. Whether a module
%% has old code is one bit. Who runs it takes a look at each process, so that is done only where the
%% bit is set, and only until the time is over; how many were looked at is told.
%%
%% Asking whether a process runs old code of a module costs about 2 us, and its stack trace as much
%% as two or three of those questions. So where there are more modules than that, the question is
%% put only where the stack shows one of them.
-module(?STATUS).

-export([of_node/2]).

%% For the answer of the release handler, in milliseconds.
-define(PATIENCE, 40).
%% A process that does not answer whether it runs old code is not waited for any longer than this.
-define(GRACE, 20).
%% How many processes in old code of one module are named.
-define(NAMED, 5).
%% Frames of a stack that are looked at.
-define(DEPTH, 1000).
%% With more modules than this the stacks are looked at first.
-define(FEW, 2).

%% {Otp, BootedVsn, Handler, OldCode, {Looked, All}}:
%%   Handler: {here | {elsewhere, Directory}, [{Name, Vsn, Libraries, Status}]}, or `busy`
%%   OldCode: [{Module, Count, [Name]}], all modules that have old code, but for the agent's own, which
%%     come and go with relup; and who was found to run it
of_node(Root, Time) ->
    Begin = erlang:monotonic_time(millisecond),
    Deadline = Begin + Time,
    Handler = ?BESIDE:start(fun() -> handler(Root) end),
    Modules = [Module || Module <- erlang:loaded(), erlang:check_old_code(Module), not lists:member(Module, ?MODULES)],
    Holders = ?BESIDE:start(fun() -> holders(Modules, Deadline) end),
    Nobody = {[{Module, 0, []} || Module <- Modules], {0, erlang:system_info(process_count)}},
    {OldCode, Looked} = result(Holders, Deadline + ?GRACE, Nobody),
    {_, Vsn} = init:script_id(),
    {erlang:system_info(otp_release), Vsn, result(Handler, Begin + ?PATIENCE, busy), OldCode, Looked}.

handler(Root) ->
    {_, _, Place} = ?RELEASE:booted(Root),
    {Place, release_handler:which_releases()}.

result(Begun, Deadline, Otherwise) ->
    case ?BESIDE:answer_until(Begun, Deadline) of
        {ok, Result} -> Result;
        _ -> Otherwise
    end.

holders([], _) ->
    {[], {0, 0}};
holders(Modules, Deadline) when length(Modules) =< ?FEW ->
    look(processes(), Modules, fun(_) -> Modules end, Deadline);
holders(Modules, Deadline) ->
    Wanted = maps:from_list([{Module, wanted} || Module <- Modules]),
    ?REGISTRAR:with_deep_stacks(?DEPTH, fun() ->
        look(processes(), Modules, fun(Pid) -> on_stack(Pid, Wanted) end, Deadline)
    end).

on_stack(Pid, Wanted) ->
    case process_info(Pid, current_stacktrace) of
        {current_stacktrace, Stack} ->
            lists:usort([Module || {Module, _, _, _} <- Stack, is_map_key(Module, Wanted)]);
        undefined ->
            []
    end.

look(Pids, Modules, Candidates, Deadline) ->
    Parts = ?PROCESSES:in_parallel(
        fun(Part) -> look_at_part(Part, Candidates, Deadline, 0, #{}) end, Pids
    ),
    {Looked, Found} = lists:unzip(Parts),
    {[of_module(Module, Found) || Module <- Modules], {lists:sum(Looked), length(Pids)}}.

%% How many were looked at, and #{Module => {Count, [Pid]}}.
look_at_part([], _, _, Looked, Found) ->
    {Looked, Found};
look_at_part([Pid | Rest], Candidates, Deadline, Looked, Found) ->
    case Looked band 63 =:= 63 andalso erlang:monotonic_time(millisecond) >= Deadline of
        true ->
            {Looked, Found};
        false ->
            Held = [Module || Module <- Candidates(Pid), erlang:check_process_code(Pid, Module) =:= true],
            look_at_part(Rest, Candidates, Deadline, Looked + 1, lists:foldl(note(Pid), Found, Held))
    end.

note(Pid) ->
    fun(Module, Found) ->
        {Count, Pids} = maps:get(Module, Found, {0, []}),
        Found#{Module => {Count + 1, lists:sublist([Pid | Pids], ?NAMED)}}
    end.

of_module(Module, Found) ->
    {Counts, Pids} = lists:unzip([maps:get(Module, Each, {0, []}) || Each <- Found]),
    Named = lists:sublist(lists:sort(lists:append(Pids)), ?NAMED),
    {Module, lists:sum(Counts), [?CODE:name(Pid) || Pid <- Named]}.
