%% SPDX-License-Identifier: Apache-2.0
%%
%% Who is who among the processes of the node, without a word to anybody who was not recognised.
%%
%% proc_lib writes into the dictionary of each process how it began ('$initial_call') and who its
%% parents are ('$ancestors'). For a process of a behaviour that is its callback module, and for a
%% supervisor that it is one. So the process table tells what a tree of supervisors tells, and also
%% of those that stand in no tree, below a supervisor that is declared to be a worker, or under the
%% name of another module. To ask a child "which children have you?" because its specification says
%% `supervisor` can kill it; here only processes are asked that are known to understand.
%%
%% A process is of a module when that is its callback module, or when the specification of its
%% supervisor names it, as OTP's release handler has it.
-module(?PROCESSES).

-export([
    walk/1, members/1, members/2, members_of/2, identify/1, initial_call/1, is_system_process/1, in_parallel/2
]).

%% How long a supervisor may take to list its children, in milliseconds. One that is busy with the
%% start of a child answers late, one that is suspended never.
-define(PATIENCE, 5000).

%% What the table and the supervisors tell of processes of Modules:
%%   identified: [{Pid, Who}], those whose callback module is one of Modules
%%   supervisors, managers: all of the node
%%   specified: [{Supervisor, Id, Pid, Type, Names}], all children of all supervisors; Names are the
%%     modules of the specification, or of a manager of events, its handlers
%%   silent: supervisors and managers that have not answered, or are suspended and were not asked
walk(Modules) ->
    walk(Modules, #{}).

walk(Modules, Unasked) ->
    Wanted = maps:from_list([{Module, wanted} || Module <- Modules]),
    Found = lists:append(in_parallel(fun(Pids) -> interesting(Pids, Wanted) end, processes())),
    Supervisors = [Pid || {Pid, {supervisor, _}} <- Found],
    Managers = [Pid || {Pid, manager} <- Found],
    IsAsked = fun(Pid) -> not is_map_key(Pid, Unasked) end,
    {Suspended, Awake} = lists:partition(fun is_suspended/1, lists:filter(IsAsked, Supervisors ++ managers_to_ask(Managers, Wanted))),
    {Children, Deaf} = ask_all(Awake -- Managers, fun children/1),
    {Handlers, Silent} = ask_all(Awake -- Supervisors, fun handlers/1),
    #{
        identified => [{Pid, Who} || {Pid, {_, Module} = Who} <- Found, is_map_key(Module, Wanted)],
        supervisors => Supervisors,
        managers => Managers,
        specified => [{Supervisor, Id, Pid, Type, named(Pid, Names, Handlers)}
                      || {Supervisor, List} <- Children, {Id, Pid, Type, Names} <- List, is_pid(Pid)],
        handlers => Handlers,
        silent => Suspended ++ Deaf ++ Silent
    }.

%% The processes of each of Modules: [{Module, [Pid]}], in the order of Modules; and who was not
%% asked since it did not answer.
members(Modules) ->
    members(Modules, #{}).

%% The same; the processes of the map Unasked cannot answer, and are not asked.
members(Modules, Unasked) ->
    #{silent := Silent} = Walk = walk(Modules, Unasked),
    {members_of(Walk, Modules), Silent}.

%% The same of a walk that was made for Modules, or for more.
members_of(#{identified := Identified, specified := Specified, handlers := Handlers}, Modules) ->
    Known = maps:from_list(Identified),
    Wanted = maps:from_list([{Module, []} || Module <- Modules]),
    ByModule = lists:foldl(
        fun({Module, Pid}, Map) -> Map#{Module := [Pid | maps:get(Module, Map)]} end,
        Wanted,
        [{Module, Pid} || {Pid, {_, Module}} <- Identified, is_map_key(Module, Wanted)] ++
            [{Module, Pid} || {_, _, Pid, _, [_ | _] = Names} <- Specified, Module <- Names,
                is_map_key(Module, Wanted), is_more(Pid, Module, Known)] ++
            [{Module, Pid} || {Pid, Names} <- Handlers, Module <- Names, is_map_key(Module, Wanted)]
    ),
    [{Module, lists:usort(maps:get(Module, ByModule))} || Module <- Modules].

%% Whether the specification tells more than the process itself, and the process would understand.
is_more(Pid, Module, Known) ->
    case Known of
        #{Pid := {_, Module}} -> false;
        #{Pid := _} -> true;
        _ -> is_system_process(Pid)
    end.

interesting(Pids, Wanted) ->
    {Found, _} = lists:foldl(fun(Pid, Seen) -> note_if_interesting(Pid, Wanted, Seen) end, {[], #{}}, Pids),
    Found.

%% Most processes began in one of a few ways, so what follows from that is worked out once.
note_if_interesting(Pid, Wanted, {Found, Known}) ->
    Call = initial_call(Pid),
    case Known of
        #{Call := uninteresting} ->
            {Found, Known};
        #{Call := Who} ->
            {[{Pid, Who} | Found], Known};
        _ ->
            Who = identify(Call),
            case is_interesting(Who, Wanted) of
                true -> {[{Pid, Who} | Found], Known#{Call => Who}};
                false -> {Found, Known#{Call => uninteresting}}
            end
    end.

is_interesting({supervisor, _}, _) -> true;
is_interesting(manager, _) -> true;
is_interesting({unknown, _}, _) -> false;
is_interesting({_, Module}, Wanted) -> is_map_key(Module, Wanted);
is_interesting(_, _) -> false.

%% {Module, Function, Arity} of how the process began, as proc_lib translates it; `gone`.
initial_call(Pid) ->
    case process_info(Pid, [dictionary, initial_call]) of
        undefined -> gone;
        [{dictionary, Dictionary}, {initial_call, Plain}] -> proplists:get_value('$initial_call', Dictionary, Plain)
    end.

%% What a process is that began so: {supervisor, Callback}, {server, Callback} of a behaviour of
%% OTP, {bridge, Callback} of supervisor_bridge, {special, Module} (sys(3)), `manager` of events;
%% these understand system messages. {unknown, Module} may be anything.
identify(gone) -> gone;
identify({supervisor, Module, 1}) -> {supervisor, Module};
identify({supervisor_bridge, Module, 1}) -> {bridge, Module};
identify({gen_event, init_it, 6}) -> manager;
identify({Module, init, 1}) -> of_init(Module, is_server(Module));
identify({Module, _, _}) -> of_special(Module);
identify(_) -> gone.

of_init(Module, true) -> {server, Module};
of_init(Module, false) -> of_special(Module).

of_special(Module) ->
    case erlang:function_exported(Module, system_continue, 3) of
        true -> {special, Module};
        false -> {unknown, Module}
    end.

is_server(Module) ->
    Callbacks = [{handle_call, 3}, {callback_mode, 0}, {handle_info, 2}, {handle_sync_event, 4}],
    lists:any(fun({Name, Arity}) -> erlang:function_exported(Module, Name, Arity) end, Callbacks).

%% Whether a process that a specification names understands system messages. One that entered the
%% loop of a behaviour by itself (gen_server:enter_loop/3) is seen by where it waits.
is_system_process(Pid) ->
    case identify(initial_call(Pid)) of
        {unknown, _} -> waits_in_behaviour(process_info(Pid, current_stacktrace));
        gone -> false;
        _ -> true
    end.

waits_in_behaviour({current_stacktrace, Stack}) ->
    Behaviours = [gen_server, gen_statem, gen_event, gen_fsm],
    lists:any(fun({Module, _, _, _}) -> lists:member(Module, Behaviours) end, Stack);
waits_in_behaviour(undefined) ->
    false.

%% One that is suspended (sys:suspend/1) answers nobody but sys(3).
is_suspended(Pid) ->
    case process_info(Pid, current_stacktrace) of
        {current_stacktrace, Stack} -> lists:any(fun is_suspend_loop/1, Stack);
        undefined -> false
    end.

is_suspend_loop({sys, suspend_loop, _, _}) -> true;
is_suspend_loop(_) -> false.

%% Supervisors, managers. A manager is asked only where one of the modules can be a handler.
managers_to_ask(Managers, Wanted) ->
    case lists:any(fun(Module) -> erlang:function_exported(Module, handle_event, 2) end, maps:keys(Wanted)) of
        true -> Managers;
        false -> []
    end.

children(Supervisor) ->
    gen_server:call(Supervisor, which_children, ?PATIENCE).

handlers(Manager) ->
    [handler_module(Handler) || Handler <- gen_event:which_handlers(Manager)].

handler_module({Module, _}) -> Module;
handler_module(Module) -> Module.

named(Pid, dynamic, Handlers) -> proplists:get_value(Pid, Handlers, dynamic);
named(_, Names, _) -> Names.

%% {[{Pid, Answer}], [Pid that has not answered]}. One that is gone meanwhile is nobody.
ask_all(Pids, Question) ->
    Asked = [{Pid, ask_one(Pid, Question)} || Pid <- Pids],
    Answers = [{Pid, answer(Reference)} || {Pid, Reference} <- Asked],
    {[{Pid, Answer} || {Pid, {ok, Answer}} <- Answers], [Pid || {Pid, silent} <- Answers]}.

ask_one(Pid, Question) ->
    {_, Reference} = spawn_monitor(fun() -> exit({answer, Question(Pid)}) end),
    {Reference, erlang:monotonic_time(millisecond) + ?PATIENCE}.

answer({Reference, Deadline}) ->
    Left = max(0, Deadline - erlang:monotonic_time(millisecond)),
    receive
        {'DOWN', Reference, process, _, {answer, Answer}} -> {ok, Answer};
        {'DOWN', Reference, process, _, {timeout, _}} -> silent;
        {'DOWN', Reference, process, _, _} -> gone
    after Left ->
        demonitor(Reference, [flush]),
        silent
    end.

%% Work(Part) of parts of the list, on as many processes as there are schedulers; the results in the
%% order of the list.
in_parallel(Work, List) ->
    Workers = erlang:system_info(schedulers_online),
    Size = max(1, (length(List) + Workers - 1) div Workers),
    Begun = [spawn_monitor(fun() -> exit({result, Work(Part)}) end) || Part <- parts(List, Size)],
    [result(Reference) || {_, Reference} <- Begun].

result(Reference) ->
    receive
        {'DOWN', Reference, process, _, {result, Result}} -> Result;
        {'DOWN', Reference, process, _, Reason} -> exit(Reason)
    end.

parts([], _) -> [];
parts(List, Size) when length(List) =< Size -> [List];
parts(List, Size) ->
    {Part, Rest} = lists:split(Size, List),
    [Part | parts(Rest, Size)].
