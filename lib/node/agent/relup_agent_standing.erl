%% SPDX-License-Identifier: Apache-2.0
%%
%% Who stands still while the script runs. Those whom it suspends before it first calls anything are
%% suspended at once, before any code is loaded: so one that does not answer stops an install that
%% has not begun. Connections that the operator has named stand still from before that until the end.
-module(?STANDING).

-export([suspend_first/2, suspend/3, to_suspend/1, is_quiet/1, let_go/1]).

%% Those whom the script suspends before it first calls anything: a call may need an answer of
%% somebody who stands still.
suspend_first(Steps, Unheld) ->
    State = hold(Unheld),
    {Early, _} = lists:splitwith(fun is_quiet/1, Steps),
    Watcher = ?BIRTHS:watch(lists:usort([Module || {Module, _} <- to_suspend(Steps)])),
    Alive = maps:from_keys(processes(), true),
    Wanted = to_suspend(Early),
    try
        Suspended = suspend(Wanted, longest(Wanted), State#{watcher => Watcher, alive => Alive, early => Wanted}),
        suspend_supervisors(Steps, suspend_newcomers(Watcher, Wanted, Suspended))
    catch
        throw:Reason ->
            ?REQUESTS:resume([Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher)]),
            ?BIRTHS:stop(Watcher),
            throw(Reason)
    end.

%% Where births cannot be watched, the table is read again until it has nobody new.
suspend_newcomers(busy, Wanted, #{suspended := Before} = State) ->
    Again = try
        suspend(Wanted, longest(Wanted), State#{members := #{}})
    catch
        throw:Reason ->
            ?REQUESTS:resume(maps:keys(Before)),
            throw(Reason)
    end,
    case map_size(maps:get(suspended, Again)) > map_size(Before) of
        true -> suspend_newcomers(busy, Wanted, Again);
        false -> Again
    end;
suspend_newcomers(_, _, State) ->
    State.

%% Connections come first: whom they ask can still answer.
hold(#{guard := none} = State) ->
    State;
hold(#{guard := Guard} = State) ->
    Paused = erlang:monotonic_time(),
    case ?QUIESCE:hold(Guard) of
        ok -> State#{paused => Paused};
        {refused, Reason} -> throw(Reason)
    end.

let_go(#{guard := none} = State) ->
    State;
let_go(#{guard := Guard} = State) ->
    ?QUIESCE:let_go(Guard),
    State#{resumed => erlang:monotonic_time()}.

%% On the way down code_change is made by code that goes with the load: whoever is born between the
%% two has no way to the old state. So their supervisors stand still, too, where the script does not
%% need them; others who begin processes do for the moment of the load
%% (relup_agent_newborns.erl).
suspend_supervisors(Steps, #{members := Members, suspended := Before} = State) ->
    Downs = lists:usort([Module || Step <- Steps, {down, Module, _} <- ?CHANGES:of_step(Step)]),
    case Downs =/= [] andalso lists:all(fun is_quiet/1, Steps) of
        true ->
            Pids = lists:append([maps:get(Module, Members, []) || Module <- Downs]),
            Supervisors = [Pid || {Pid, {supervisor, _}} <- ?NEWBORNS:parents(Pids), not is_map_key(Pid, Before)],
            Results = ?REQUESTS:ask([{Pid, [suspend]} || Pid <- Supervisors], 1000),
            Busy = [Pid || {Pid, Result} <- Results, Result =/= ok],
            ?REQUESTS:resume(Busy),
            Still = maps:from_keys(Supervisors -- Busy, true),
            State#{suspended := maps:merge(Before, Still), supervisors => maps:keys(Still)};
        false ->
            State
    end.

is_quiet({apply, {code, load_binary, _}}) -> true;
is_quiet({Name, _}) -> not lists:member(Name, [apply, stop, start]);
is_quiet({sync_nodes, _, _}) -> false;
is_quiet(_) -> true.

to_suspend(Steps) ->
    lists:append([with_patience(List) || {suspend, List} <- Steps]).

with_patience(List) ->
    [case Each of {Module, Patience} -> {Module, Patience}; Module -> {Module, default} end || Each <- List].

longest(Wanted) ->
    lists:max([5000 | [Patience || {_, Patience} <- Wanted, is_integer(Patience)]] ++ [?CHANGES:patience() || {_, infinity} <- Wanted]).

%% Nobody is suspended by it when it throws.
suspend([], _, State) ->
    State;
suspend(Wanted, Patience, #{members := Known, suspended := Before, watcher := Watcher} = State) ->
    {Began, Members, Suspended} = ?SUSPENSION:suspend([Module || {Module, _} <- Wanted], Patience, Before, Watcher),
    State#{
        paused => maps:get(paused, State, Began),
        members := maps:merge(Known, maps:from_list(Members)),
        suspended := Suspended
    }.
