%% SPDX-License-Identifier: Apache-2.0
%%
%% Which children supervisors have: what they would start them with, and whether they run.
%%
%% Children are changed by those who ask their supervisor for it, or not at all: an update of a
%% supervisor takes its new specifications in, but starts and stops nobody, and a supervisor whose
%% module is merely loaded keeps the old ones. So an install can end well and leave a child out.
%% What a supervisor has is asked before and after; its init/1 is not called, since that may do more
%% than answer.
%%
%% Only OTP's own supervisor is asked for a specification. Others (Elixir's DynamicSupervisor) list
%% children without an id, and so does one whose children are all of one kind: of those nothing is
%% told, since their children come and go as they like.
-module(?CHILDREN).

-export([below/2]).

-define(PATIENCE, 5000).

%% [{Supervisor, Callback, [{Id, State, {Module, Function, Arity}, Restart, Type, Modules}] | silent}]
%% of each supervisor whose callback module is one of Modules, or that has a child of one of them,
%% or that is one of Known: names or pids, as text. State is the pid as text, or restarting, or down.
below(Modules, Known) ->
    {Concerned, Silent} = concerned(Modules),
    Asked = lists:usort(Concerned ++ [Pid || Text <- Known, Pid <- pids(Text), callback(Pid) =/= none]),
    {Answers, Deaf} = ?PROCESSES:ask_all(Asked -- Silent, fun children/1),
    [{?CODE:name(Pid), callback(Pid), Children} || {Pid, Children} <- Answers, is_list(Children)] ++
        [{?CODE:name(Pid), callback(Pid), silent} || Pid <- Deaf ++ [Pid || Pid <- Asked, lists:member(Pid, Silent)]].

%% {[Supervisor], [one that has not answered]}
concerned([]) ->
    {[], []};
concerned(Modules) ->
    #{identified := Identified, supervisors := All, specified := Specified, silent := Silent} = ?PROCESSES:walk(Modules),
    Wanted = maps:from_keys(Modules, true),
    Supervisors = ordsets:intersection(lists:usort(All), lists:usort(lists:append(maps:values(Identified)))) ++
        [Supervisor || {Supervisor, Id, _, _, Names} <- Specified, Id =/= undefined, is_list(Names),
            lists:any(fun(Name) -> is_map_key(Name, Wanted) end, Names)],
    {Supervisors, Silent}.

pids("<" ++ _ = Text) ->
    [list_to_pid(Text)];
pids(Text) ->
    try
        [Pid || Pid <- [whereis(list_to_existing_atom(Text))], is_pid(Pid)]
    catch
        error:badarg -> []
    end.

callback(Pid) ->
    case ?PROCESSES:identify(?PROCESSES:initial_call(Pid)) of
        {supervisor, Module} -> Module;
        _ -> none
    end.

%% The state of a supervisor is asked for only where its list shows that it is not a large one.
children(Supervisor) ->
    List = gen_server:call(Supervisor, which_children, ?PATIENCE),
    case lists:any(fun({Id, _, _, _}) -> Id =:= undefined end, List) of
        true -> of_one_kind;
        false -> listed(Supervisor, List, sys:get_state(Supervisor, ?PATIENCE))
    end.

%% {state, Name, Strategy, ..} on OTP 25 to 28.
listed(Supervisor, List, State) when element(1, State) =:= state, tuple_size(State) > 8, element(3, State) =/= simple_one_for_one ->
    lists:append([child(Supervisor, Child) || Child <- lists:reverse(List)]);
listed(_, _, _) ->
    of_one_kind.

%% One that is gone meanwhile has no specification.
child(Supervisor, {Id, Pid, _, _}) ->
    case gen_server:call(Supervisor, {get_childspec, Id}, ?PATIENCE) of
        {ok, #{start := {Module, Function, Arguments}} = Specification} ->
            #{restart := Restart, type := Type, modules := Modules} = Specification,
            [{Id, state(Pid), {Module, Function, arity(Arguments)}, Restart, Type, Modules}];
        {error, not_found} ->
            []
    end.

arity(Arguments) when is_list(Arguments) -> length(Arguments);
arity(_) -> 0.

state(Pid) when is_pid(Pid) -> pid_to_list(Pid);
state(restarting) -> restarting;
state(undefined) -> down.
