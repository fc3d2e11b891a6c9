%% SPDX-License-Identifier: Apache-2.0
%%
%% Nobody is missed who is born while a script runs.
%%
%% The state of a process is made by the init of its module, so who needs code_change is whoever ran
%% the old one. A walk over the process table finds those that are there; a process that begins
%% after the walk and before the load has the old state, too, and would go on with new code. So from
%% before the walk until the load, processes that are new on the node are traced: their first call
%% into one of the modules tells that they run its old code (a load takes the breakpoints away with
%% the code, so the new one tells nothing). At that moment they are in their init; a `suspend` that
%% is sent right then is the first that they take from their mailbox when it is done.
%%
%% Where somebody else traces new processes already, this cannot be done, and the caller is told.
-module(?BIRTHS).

-export([watch/1, newborns/1, stop/1]).

%% Begins to watch for processes of Modules; `busy` where somebody else traces.
watch([]) ->
    none;
watch(Modules) ->
    case erlang:trace_info(new_processes, flags) of
        {flags, []} -> begin_watch(Modules);
        _ -> busy
    end.

begin_watch(Modules) ->
    Caller = self(),
    {Watcher, Reference} = spawn_opt(fun() -> begin_watch(Caller, Modules) end, [monitor, {priority, high}]),
    receive
        {Watcher, watching} ->
            demonitor(Reference, [flush]),
            Watcher;
        {'DOWN', Reference, process, Watcher, _} ->
            busy
    end.

begin_watch(Caller, Modules) ->
    erlang:trace(new_processes, true, [call]),
    _ = [erlang:trace_pattern({Module, '_', '_'}, true, [global]) || Module <- Modules],
    Caller ! {self(), watching},
    monitor(process, Caller),
    observe(Modules, #{}).

%% [{Pid, Module}] of those that were born until now. They may still be in their init; they take a
%% `suspend` when it is done.
newborns(Watcher) when is_pid(Watcher) ->
    Reference = monitor(process, Watcher),
    Watcher ! {newborns, self(), Reference},
    receive
        {Reference, Newborns} ->
            demonitor(Reference, [flush]),
            Newborns;
        {'DOWN', Reference, process, Watcher, _} ->
            []
    end;
newborns(_) ->
    [].

stop(Watcher) when is_pid(Watcher) ->
    Reference = monitor(process, Watcher),
    Watcher ! stop,
    receive
        {'DOWN', Reference, process, Watcher, _} -> ok
    end;
stop(_) ->
    ok.

observe(Modules, Born) ->
    receive
        {trace, Pid, call, {Module, _, _}} ->
            observe(Modules, take(Pid, Module, Born));
        {newborns, Client, Question} ->
            All = take_delivered(Born),
            Client ! {Question, [{Pid, Module} || {Pid, {born, Module}} <- maps:to_list(All)]},
            observe(Modules, All);
        stop ->
            end_watch(Modules);
        {'DOWN', _, process, _, _} ->
            end_watch(Modules)
    end.

%% All that was traced until now has arrived when the answer of trace_delivered has.
take_delivered(Born) ->
    Reference = erlang:trace_delivered(all),
    take_until(Reference, Born).

take_until(Reference, Born) ->
    receive
        {trace, Pid, call, {Module, _, _}} -> take_until(Reference, take(Pid, Module, Born));
        {trace_delivered, all, Reference} -> Born
    end.

%% A process that is new on the node may also be one that merely calls a function of the module.
take(Pid, _, Born) when is_map_key(Pid, Born) ->
    Born;
take(Pid, Module, Born) ->
    _ = (catch erlang:trace(Pid, false, [call])),
    case ?PROCESSES:identify(?PROCESSES:initial_call(Pid)) of
        {Kind, Module} when Kind =/= unknown ->
            Pid ! {system, {self(), make_ref()}, suspend},
            Born#{Pid => {born, Module}};
        _ ->
            Born#{Pid => other}
    end.

%% The processes that are traced stop to be when their tracer ends.
end_watch(Modules) ->
    erlang:trace(new_processes, false, [call]),
    [erlang:trace_pattern({Module, '_', '_'}, false, [global]) || Module <- Modules].
