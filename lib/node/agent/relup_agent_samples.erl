%% SPDX-License-Identifier: Apache-2.0
%%
%% A few live states of each module, as they are at this moment. Only processes are asked that are
%% known to understand the question, and that wait with nothing to do, so that nobody is held up.
%% Of many, those of different sizes are taken: states of one module differ most in how much they
%% hold.
-module(?SAMPLES).

-export([of_modules/1]).

%% States for each module.
-define(STATES, 10).
%% Of more than so many processes of a module only some are looked at.
-define(CANDIDATES, 1000).
%% How long a process may take to answer, in milliseconds, and how much it may hold, in bytes.
-define(PATIENCE, 500).
-define(BYTES, 8 * 1024 * 1024).

%% [#{module, kind, processes, states, large, busy}]: what kind of callback module it is (server,
%% statem, event, fsm, supervisor), how many processes there are, the states with the dictionaries
%% of their processes, and how many were not asked since they hold too much, or had something to do.
of_modules(Modules) ->
    {Members, _} = ?PROCESSES:members(Modules),
    [of_module(Module, Pids) || {Module, Pids} <- Members].

of_module(Module, Pids) ->
    Kinds = [{Pid, kind(Module, ?PROCESSES:identify(?PROCESSES:initial_call(Pid)))} || Pid <- spread(Pids, ?CANDIDATES)],
    Ours = [{Pid, Kind} || {Pid, Kind} <- Kinds, Kind =/= none],
    Weighed = [{weight(Pid), Pid, Kind} || {Pid, Kind} <- Ours],
    Idle = lists:keysort(1, [Each || {Weight, _, _} = Each <- Weighed, is_integer(Weight)]),
    States = lists:append(?PROCESSES:in_parallel(fun(Part) -> states(Module, Part) end, spread(Idle, ?STATES))),
    #{
        module => Module,
        kind => case Ours of [{_, Kind} | _] -> Kind; [] -> none end,
        processes => length(Pids),
        states => [{State, Dictionary} || {ok, State, Dictionary} <- States],
        large => length([large || {large, _, _} <- Weighed]) + length([large || large <- States]),
        busy => length([busy || {busy, _, _} <- Weighed]) + length([busy || busy <- States])
    }.

kind(Module, {server, Module}) -> kind_of_server(Module);
kind(Module, {supervisor, Module}) -> supervisor;
kind(Module, manager) ->
    case erlang:function_exported(Module, handle_event, 2) of
        true -> event;
        false -> none
    end;
kind(_, _) -> none.

kind_of_server(Module) ->
    case {erlang:function_exported(Module, callback_mode, 0), erlang:function_exported(Module, handle_sync_event, 4)} of
        {true, _} -> statem;
        {_, true} -> fsm;
        _ -> server
    end.

weight(Pid) ->
    case process_info(Pid, [status, message_queue_len, current_function, total_heap_size]) of
        [{_, waiting}, {_, 0}, {_, {Module, Function, _}}, {_, Words}] ->
            weight_of_idle(waits_for_work(Module, Function), Words);
        [_ | _] -> busy;
        undefined -> gone
    end.

%% One that waits elsewhere waits for an answer.
waits_for_work(erlang, Function) -> Function =:= hibernate;
waits_for_work(Module, _) -> lists:member(Module, [gen_server, gen_statem, gen_event, gen_fsm]).

weight_of_idle(false, _) ->
    busy;
weight_of_idle(true, Words) ->
    case Words * erlang:system_info(wordsize) of
        Bytes when Bytes > ?BYTES -> large;
        Bytes -> Bytes
    end.

%% So many of the list, the first, the last, and some between.
spread(List, Count) when length(List) =< Count ->
    List;
spread(List, Count) ->
    All = list_to_tuple(List),
    Last = tuple_size(All) - 1,
    [element(1 + K * Last div (Count - 1), All) || K <- lists:seq(0, Count - 1)].

states(Module, Part) ->
    lists:append([state(Module, Pid, Kind) || {_, Pid, Kind} <- Part]).

%% A process of its own asks, which a late answer does not outlive.
state(Module, Pid, Kind) ->
    case ?BESIDE:ask(fun() -> sys:get_state(Pid, ?PATIENCE) end, infinity) of
        {ok, State} -> bounded(of_kind(Kind, Module, State), dictionary(Pid));
        {failed, {timeout, _}} -> [busy];
        {failed, _} -> []
    end.

of_kind(event, Module, Handlers) when is_list(Handlers) -> [State || {Each, _, State} <- Handlers, Each =:= Module];
of_kind(supervisor, Module, State) -> argument(Module, State);
of_kind(_, _, State) -> [State].

%% All of its state that a supervisor hands to its module: the argument of init/1, which the state
%% ends with, after the module.
argument(Module, State) when element(tuple_size(State) - 1, State) =:= Module -> [element(tuple_size(State), State)];
argument(_, _) -> [].

dictionary(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> Dictionary;
        undefined -> []
    end.

bounded(States, Dictionary) ->
    [case erlang:external_size({State, Dictionary}) of
         Bytes when Bytes > ?BYTES -> large;
         _ -> {ok, State, Dictionary}
     end || State <- States].
