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
    walk/1, nobody/1, note/4, walk_of/3, members/1, members/2, members_of/2, gather/1, identify/1,
    initial_call/1, initial_call/2, parent/1, is_system_process/1, in_parallel/2,
    ask_all/2
]).

%% How long a supervisor may take to list its children, in milliseconds. One that is busy with the
%% start of a child answers late, one that is suspended never.
-define(PATIENCE, 5000).

%% What the table and the supervisors tell of processes of Modules:
%%   identified: #{Module => [Pid]} in order, those whose callback module is one of Modules
%%   started: #{Module => [{Parent, [Pid]}]}, the same by who has started them (parent/1)
%%   named: #{Module => [{Pid, Who}]}, others that a specification says to be of one of Modules, and
%%     what they are (identify/1)
%%   supervisors, managers: all of the node
%%   specified: [{Supervisor, Id, Pid, Type, Names}], all children of all supervisors; Names are the
%%     modules of the specification, or of a manager of events, its handlers
%%   silent: supervisors and managers that have not answered, or are suspended and were not asked
walk(Modules) ->
    walk(Modules, #{}).

walk(Modules, Unasked) ->
    Nobody = nobody(Modules),
    walk_of(in_parallel(fun(Pids) -> lists:foldl(fun come_to/2, Nobody, Pids) end, processes()), Modules, Unasked).

%% The walk that goes on from what the table has told (note/4), in as many parts as there are.
walk_of(Parts, Modules, Unasked) ->
    Supervisors = lists:append([maps:get(supervisors, Part) || Part <- Parts]),
    Managers = lists:append([maps:get(managers, Part) || Part <- Parts]),
    Started = gather([{Module, {Parent, Pids}} || #{started := Groups} <- Parts, {{Module, Parent}, Pids} <- maps:to_list(Groups)]),
    IsAsked = fun(Pid) -> not is_map_key(Pid, Unasked) end,
    {Suspended, Awake} = lists:partition(fun is_suspended/1, lists:filter(IsAsked, Supervisors ++ managers_to_ask(Managers, Modules))),
    {Children, Deaf} = ask_all(Awake -- Managers, fun children/1),
    {Handlers, Silent} = ask_all(Awake -- Supervisors, fun handlers/1),
    Identified = maps:map(fun(_, Groups) -> lists:usort(lists:append([Pids || {_, Pids} <- Groups])) end, Started),
    Specified = specified(Children, maps:from_list(Handlers)),
    #{
        identified => Identified,
        started => Started,
        named => named(Specified, wanted(Modules), Identified),
        supervisors => Supervisors,
        managers => Managers,
        specified => Specified,
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
members_of(#{identified := Identified, named := Named, handlers := Handlers}, Modules) ->
    Handling = gather([{Module, Pid} || {Pid, Names} <- Handlers, Module <- Names]),
    [{Module, ordsets:union([
        maps:get(Module, Identified, []),
        lists:usort([Pid || {Pid, Who} <- maps:get(Module, Named, []), understands(Pid, Who)]),
        lists:usort(maps:get(Module, Handling, []))
     ])} || Module <- Modules].

%% #{Key => [Value]} of [{Key, Value}]. Neighbours have the same key more often than not.
gather(Pairs) -> gather(Pairs, #{}).

gather([], Map) ->
    Map;
gather([{Key, _} | _] = Pairs, Map) ->
    {Values, Rest} = gather_run(Pairs, Key, maps:get(Key, Map, [])),
    gather(Rest, Map#{Key => Values}).

gather_run([{Key, Value} | Rest], Key, Values) -> gather_run(Rest, Key, [Value | Values]);
gather_run(Rest, _, Values) -> {Values, Rest}.

wanted(Modules) -> maps:from_list([{Module, wanted} || Module <- Modules]).

%% What is known before a look at the table for processes of Modules.
nobody(Modules) ->
    #{wanted => wanted(Modules), known => #{}, supervisors => [], managers => [], started => #{}}.

come_to(Pid, Found) ->
    case process_info(Pid, [dictionary, initial_call]) of
        undefined -> Found;
        [{_, Dictionary}, {_, Plain}] -> note(Pid, initial_call(Dictionary, Plain), parent(Dictionary), Found)
    end.

%% Adds a process to Found, if anybody asks for it. Most processes began in one of a few ways, so
%% what follows from that is worked out once.
note(Pid, Call, Parent, #{known := Known} = Found) ->
    case Known of
        #{Call := Who} ->
            add(Who, Pid, Parent, Found);
        _ ->
            Who = identify(Call),
            add(Who, Pid, Parent, Found#{known := Known#{Call => Who}})
    end.

add(manager, Pid, _, #{managers := Managers} = Found) ->
    Found#{managers := [Pid | Managers]};
add({supervisor, Module}, Pid, Parent, #{supervisors := Supervisors} = Found) ->
    add_if_wanted(Module, Pid, Parent, Found#{supervisors := [Pid | Supervisors]});
add({Kind, Module}, Pid, Parent, Found) when Kind =/= unknown ->
    add_if_wanted(Module, Pid, Parent, Found);
add(_, _, _, Found) ->
    Found.

add_if_wanted(Module, Pid, Parent, #{wanted := Wanted, started := Started} = Found) when is_map_key(Module, Wanted) ->
    Group = {Module, Parent},
    Found#{started := Started#{Group => [Pid | maps:get(Group, Started, [])]}};
add_if_wanted(_, _, _, Found) ->
    Found.

%% {Module, Function, Arity} of how the process began, as proc_lib translates it; `gone`.
initial_call(Pid) ->
    case process_info(Pid, [dictionary, initial_call]) of
        undefined -> gone;
        [{_, Dictionary}, {_, Plain}] -> initial_call(Dictionary, Plain)
    end.

initial_call(Dictionary, Plain) ->
    case lists:keyfind('$initial_call', 1, Dictionary) of
        {_, Call} -> Call;
        false -> Plain
    end.

%% Who has started a process, a pid or a name, by its dictionary; `none`.
parent(Dictionary) ->
    case lists:keyfind('$ancestors', 1, Dictionary) of
        {_, [Parent | _]} when is_pid(Parent); is_atom(Parent) -> Parent;
        _ -> none
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
    understands(Pid, identify(initial_call(Pid))).

understands(Pid, {unknown, _}) -> waits_in_behaviour(process_info(Pid, current_stacktrace));
understands(_, gone) -> false;
understands(_, _) -> true.

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
managers_to_ask(Managers, Modules) ->
    case lists:any(fun(Module) -> erlang:function_exported(Module, handle_event, 2) end, Modules) of
        true -> Managers;
        false -> []
    end.

children(Supervisor) ->
    gen_server:call(Supervisor, which_children, ?PATIENCE).

handlers(Manager) ->
    [handler_module(Handler) || Handler <- gen_event:which_handlers(Manager)].

handler_module({Module, _}) -> Module;
handler_module(Module) -> Module.

specified(Children, Handlers) ->
    [{Supervisor, Id, Pid, Type, modules(Pid, Names, Handlers)}
     || {Supervisor, List} <- Children, {Id, Pid, Type, Names} <- List, is_pid(Pid)].

modules(Pid, dynamic, Handlers) -> maps:get(Pid, Handlers, dynamic);
modules(_, Names, _) -> Names.

named(Specified, Wanted, Identified) ->
    ByModule = gather([{Module, Pid} || {_, _, Pid, _, [_ | _] = Names} <- Specified, Module <- Names, is_map_key(Module, Wanted)]),
    Others = maps:map(fun(Module, Pids) -> ordsets:subtract(lists:usort(Pids), maps:get(Module, Identified, [])) end, ByModule),
    Who = who(lists:usort(lists:append(maps:values(Others))), Identified),
    maps:map(fun(_, Pids) -> [{Pid, maps:get(Pid, Who)} || Pid <- Pids] end, Others).

%% #{Pid => Who}. Some are known to be of another module that is looked for.
who([], _) ->
    #{};
who(Pids, Identified) ->
    Known = maps:from_list([{Pid, {server, Module}} || {Module, Each} <- maps:to_list(Identified), Pid <- Each]),
    Unknown = [Pid || Pid <- Pids, not is_map_key(Pid, Known)],
    Looks = in_parallel(fun(Part) -> [{Pid, identify(initial_call(Pid))} || Pid <- Part] end, Unknown),
    maps:merge(maps:with(Pids, Known), maps:from_list(lists:append(Looks))).

%% {[{Pid, Question(Pid)}], [Pid that has not answered]}: all are asked at once, for 5 s at most. One
%% that is gone meanwhile is nobody.
ask_all(Pids, Question) ->
    Deadline = erlang:monotonic_time(millisecond) + ?PATIENCE,
    Asked = [{Pid, ?BESIDE:start(fun() -> Question(Pid) end)} || Pid <- Pids],
    Answers = [{Pid, ?BESIDE:answer_until(Begun, Deadline)} || {Pid, Begun} <- Asked],
    {[{Pid, Answer} || {Pid, {ok, Answer}} <- Answers], [Pid || {Pid, Other} <- Answers, is_silent(Other)]}.

is_silent(silent) -> true;
is_silent({failed, {timeout, _}}) -> true;
is_silent(_) -> false.

%% Work(Part) of parts of the list, on as many processes as there are schedulers; the results in the
%% order of the list.
in_parallel(Work, List) ->
    Workers = erlang:system_info(schedulers_online),
    Size = max(1, (length(List) + Workers - 1) div Workers),
    Begun = [?BESIDE:start(fun() -> Work(Part) end) || Part <- parts(List, Size)],
    [?BESIDE:finish(Each) || Each <- Begun].

parts([], _) -> [];
parts(List, Size) when length(List) =< Size -> [List];
parts(List, Size) ->
    {Part, Rest} = lists:split(Size, List),
    [Part | parts(Rest, Size)].
