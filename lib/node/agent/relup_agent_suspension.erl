%% SPDX-License-Identifier: Apache-2.0
%%
%% Suspending the processes of several modules, all or none.
%%
%% The modules take their turn one after the other: who is asked may be in the middle of a call to
%% somebody of a later one, who has to answer first. So modules that call others come before those.
%% Where that does not do, the module of those who wait for somebody that stands still already comes
%% first in the next attempt; between attempts all go on. The processes of one module are asked at
%% once.
-module(?SUSPENSION).

-export([suspend/4]).

%% Most processes are suspended within this time, in milliseconds.
-define(SOON, 50).
%% Orders of the modules that are tried.
-define(ATTEMPTS, 4).

%% Suspends the processes of Modules, each within so many milliseconds. Before is a map of those that
%% are suspended already, Watcher knows who was born meanwhile (relup_agent_births.erl) and was
%% suspended at that moment. {Began, [{Module, [Pid]}], Suspended}: since when somebody stands still,
%% who is of which module, and the map of all that are suspended. Nobody new is suspended when it
%% throws {does_not_answer, [Name]} or {not_suspended, [{Module, [Name]}]}.
suspend(Modules, Patience, Before, Watcher) ->
    attempt(callers_first(Modules), ?ATTEMPTS, Patience, Before, Watcher).

attempt(Modules, Attempts, Patience, Before, Watcher) ->
    {Members, Deaf} = ?PROCESSES:members(Modules, Before),
    Deaf =:= [] orelse throw({does_not_answer, [?CODE:name(Pid) || Pid <- Deaf]}),
    Began = erlang:monotonic_time(),
    case suspend_in_turn(Members, Patience, Before, Watcher) of
        {ok, Suspended} ->
            {Began, Members, Suspended};
        {Why, Module, Silent, Asked} ->
            let_go([Pid || Pid <- Asked, not is_map_key(Pid, Before)], Watcher),
            (Why =:= blocked andalso Attempts > 1) orelse throw({not_suspended, named(Silent, Members)}),
            attempt([Module | lists:delete(Module, Modules)], Attempts - 1, Patience, Before, Watcher)
    end.

let_go(Pids, Watcher) ->
    ?REQUESTS:resume(Pids ++ [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher)]).

suspend_in_turn([], _, Suspended, _) ->
    {ok, Suspended};
suspend_in_turn([{Module, Pids} | Rest], Patience, Suspended, Watcher) ->
    New = [Pid || Pid <- Pids, not is_map_key(Pid, Suspended), Pid =/= self()],
    case suspend_all(New, Patience, Suspended, Watcher) of
        {ok, Done} -> suspend_in_turn(Rest, Patience, maps:merge(Suspended, Done), Watcher);
        {Why, Silent} -> {Why, Module, Silent, New ++ maps:keys(Suspended)}
    end.

%% Who has not answered soon may wait for one of us: that would not end by waiting longer.
suspend_all(Pids, Patience, Suspended, Watcher) ->
    First = ?REQUESTS:ask([{Pid, [suspend]} || Pid <- Pids], min(?SOON, Patience)),
    Done = [Pid || {Pid, ok} <- First],
    case [Pid || {Pid, {silent, _}} <- First] of
        [] ->
            {ok, maps:from_keys(Done, true)};
        Slow ->
            Still = maps:merge(Suspended, maps:from_keys(Done ++ [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher)], true)),
            case lists:any(fun(Pid) -> waits_for(Pid, Still) end, Slow) of
                true -> {blocked, Slow};
                false -> suspend_slow(Slow, Done, Patience)
            end
    end.

suspend_slow(Slow, Done, Patience) ->
    Again = ?REQUESTS:ask([{Pid, [suspend]} || Pid <- Slow], Patience),
    case [Pid || {Pid, {silent, _}} <- Again] of
        [] -> {ok, maps:from_keys(Done ++ [Pid || {Pid, ok} <- Again], true)};
        Silent -> {busy, Silent}
    end.

%% A call monitors the one who is called.
waits_for(Pid, Suspended) ->
    case process_info(Pid, monitors) of
        {monitors, Monitors} -> lists:any(fun({process, Other}) -> is_map_key(pid_of(Other), Suspended); (_) -> false end, Monitors);
        undefined -> false
    end.

pid_of({Name, _}) -> whereis(Name);
pid_of(Pid) -> Pid.

%% In the order given, but that a module comes before those that it calls; in a circle, in the order
%% given.
callers_first(Modules) ->
    callers_first(Modules, [{Module, called_by(Module)} || Module <- Modules]).

callers_first([], _) ->
    [];
callers_first(Modules, Calls) ->
    IsCalled = fun(Module) -> lists:any(fun({Other, Called}) -> Other =/= Module andalso lists:member(Other, Modules) andalso lists:member(Module, Called) end, Calls) end,
    Next = case [Module || Module <- Modules, not IsCalled(Module)] of
        [First | _] -> First;
        [] -> hd(Modules)
    end,
    [Next | callers_first(lists:delete(Next, Modules), Calls)].

called_by(Module) ->
    case code:which(Module) of
        File when is_list(File) -> imported(beam_lib:chunks(File, [imports]));
        _ -> []
    end.

imported({ok, {_, [{imports, Imports}]}}) -> lists:usort([Module || {Module, _, _} <- Imports]);
imported(_) -> [].

named(Pids, Members) ->
    [{Module, Names} || {Module, All} <- Members,
        Names <- [[?CODE:name(Pid) || Pid <- All, lists:member(Pid, Pids)]], Names =/= []].
