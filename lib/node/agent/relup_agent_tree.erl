%% SPDX-License-Identifier: Apache-2.0
%%
%% The tree of supervisors as OTP's release handler walks it, beside what the process table tells.
%%
%% The release handler asks the top process of each application that runs, and below it every child
%% whose specification says `supervisor`, for its children; whom a specification declares a worker
%% it takes to have none, and it believes what the specification says of modules. A worker with
%% `dynamic` modules it asks for them. Whoever gets such a question and is not what he is said to be
%% may end by it. Here nobody is asked: which questions would be put, and who would be missed,
%% follows from the walk (?PROCESSES).
-module(?TREE).

-export([index/1, compare/3, application_of/1, application_of/2]).

%% A walk with maps of where its processes stand, and of the applications by their masters.
index(#{specified := Specified} = Walk) ->
    Walk#{
        places => maps:from_list([{Pid, {Supervisor, Type, Names}} || {Supervisor, _, Pid, Type, Names} <- Specified]),
        masters => app_by_master()
    }.

%% [{Kind, Module or none, Pid, Detail}] of a walk; Members are [{Module, [Pid]}], Applications
%% those that run.
%%   {no_supervisor_on_top, none, Pid, App}: is asked for children it does not have
%%   {no_supervisor, none, Pid, Supervisor}: the same, below Supervisor
%%   {dynamic, none, Pid, Supervisor}: is asked for modules as a manager of events is
%%   {other_module, Module, Pid, Names}: is of Module, and its specification names others
%%   {below_worker, Module, Pid, Worker}: stands below a supervisor that is declared a worker
%%   {in_no_tree, Module, Pid, none}: no supervisor has it
%%   {not_of_module, Module, Pid, CallbackModule}: its specification names Module
compare(#{specified := Specified} = Walk, Members, Applications) ->
    Supervisors = maps:from_list([{Pid, true} || Pid <- maps:get(supervisors, Walk)]),
    Managers = maps:from_list([{Pid, true} || Pid <- maps:get(managers, Walk)]),
    Tops = top_processes(Applications),
    Children = children_by_supervisor(Specified, Supervisors),
    Reached = reach([Pid || {_, Pid} <- Tops, is_map_key(Pid, Supervisors)], Children, #{}),
    [{no_supervisor_on_top, none, Pid, App} || {App, Pid} <- Tops, not is_map_key(Pid, Supervisors)] ++
        [{no_supervisor, none, Pid, Supervisor}
         || {Supervisor, _, Pid, supervisor, _} <- Specified, not is_map_key(Pid, Supervisors), not answers(Pid)] ++
        [{dynamic, none, Pid, Supervisor}
         || {Supervisor, _, Pid, worker, dynamic} <- Specified, not is_map_key(Pid, Managers)] ++
        lists:append([misplaced(Module, Pids, Walk, Reached) || {Module, Pids} <- Members]) ++
        lists:append([misnamed(Module, Walk) || {Module, _} <- Members]).

%% A bridge answers that it has no children, and a special process that is declared a supervisor is
%% one of somebody's own making (ranch_conns_sup).
answers(Pid) ->
    case ?PROCESSES:identify(?PROCESSES:initial_call(Pid)) of
        {bridge, _} -> true;
        {special, _} -> true;
        _ -> false
    end.

children_by_supervisor(Specified, Supervisors) ->
    lists:foldl(
        fun
            ({Supervisor, _, Pid, supervisor, _}, Map) when is_map_key(Pid, Supervisors) ->
                maps:update_with(Supervisor, fun(Pids) -> [Pid | Pids] end, [Pid], Map);
            (_, Map) ->
                Map
        end,
        #{},
        Specified
    ).

reach([], _, Reached) ->
    Reached;
reach([Pid | Left], Children, Reached) when is_map_key(Pid, Reached) ->
    reach(Left, Children, Reached);
reach([Pid | Left], Children, Reached) ->
    reach(maps:get(Pid, Children, []) ++ Left, Children, Reached#{Pid => true}).

misplaced(Module, Pids, #{places := Places} = Walk, Reached) ->
    Found = [Each || Pid <- Pids, Each <- misplaced_one(Module, Pid, Places, Reached)],
    Loose = in_no_tree(Module, [Pid || Pid <- Found, is_pid(Pid)], Walk),
    [Each || Each <- Found, is_tuple(Each)] ++ [{in_no_tree, Module, Pid, none} || Pid <- Loose].

%% Of one that no supervisor has, the pid.
misplaced_one(Module, Pid, Places, Reached) ->
    case Places of
        #{Pid := {Supervisor, _, Names}} when is_map_key(Supervisor, Reached) ->
            case is_named(Module, Names) of
                true -> [];
                false -> [{other_module, Module, Pid, Names}]
            end;
        #{Pid := {Supervisor, _, _}} ->
            [unreached(Module, Pid, Supervisor, Places, 100)];
        _ ->
            [Pid || not is_map_key(Pid, Reached)]
    end.

%% Not those that a supervisor of somebody's own making has started: OTP asks it for them, and we do
%% not. Siblings have one parent, so the parents are looked at.
in_no_tree(_, [], _) ->
    [];
in_no_tree(Module, Pids, #{started := Started, identified := Identified}) ->
    Others = ordsets:subtract(Pids, maps:get(Module, Identified, [])),
    Groups = maps:get(Module, Started, []) ++ [{parent_of(Pid), [Pid]} || Pid <- Others],
    ordsets:subtract(Pids, lists:usort(lists:append([Below || {Parent, Below} <- Groups, is_special(Parent)]))).

parent_of(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> ?PROCESSES:parent(Dictionary);
        undefined -> gone
    end.

is_special(gone) -> true;
is_special(none) -> false;
is_special(Parent) when is_pid(Parent) -> answers(Parent);
is_special(Parent) -> lists:any(fun answers/1, [Known || Known <- [whereis(Parent)], is_pid(Known)]).

is_named(_, dynamic) -> true;
is_named(Module, Names) -> lists:member(Module, Names).

unreached(Module, Pid, _, _, 0) ->
    {in_no_tree, Module, Pid, none};
unreached(Module, Pid, Supervisor, Places, Steps) ->
    case Places of
        #{Supervisor := {_, worker, _}} -> {below_worker, Module, Pid, Supervisor};
        #{Supervisor := {Above, _, _}} -> unreached(Module, Pid, Above, Places, Steps - 1);
        _ -> {in_no_tree, Module, Pid, none}
    end.

%% A specification that names a module whose callbacks the process does not run.
misnamed(Module, #{named := Named}) ->
    [{not_of_module, Module, Pid, Own}
     || {Pid, {Kind, Own}} <- maps:get(Module, Named, []), Kind =/= unknown, Own =/= Module].

%% [{App, Pid}]. The master of an application is linked to the process that has started it, which
%% is linked to the top process.
top_processes(Applications) ->
    [{App, Pid} || {App, Master} <- masters(), lists:member(App, Applications), Pid <- top_of(Master)].

masters() ->
    [{App, Master} || [App, Master] <- ets:match(ac_tab, {{application_master, '$1'}, '$2'}), is_pid(Master)].

app_by_master() ->
    maps:from_list([{Master, App} || {App, Master} <- masters()]).

top_of(Master) ->
    Starters = [Pid || Pid <- linked(Master), began_with(Pid, start_it)],
    [Pid || Starter <- Starters, Pid <- linked(Starter), Pid =/= Master].

linked(Pid) ->
    case process_info(Pid, links) of
        {links, Links} -> [Each || Each <- Links, is_pid(Each)];
        undefined -> []
    end.

began_with(Pid, Function) ->
    case process_info(Pid, initial_call) of
        {initial_call, {application_master, Function, _}} -> true;
        _ -> false
    end.

%% The application of a process, by its group leader; `none`.
application_of(Pid) ->
    application_of(Pid, #{masters => app_by_master()}).

%% The same by a walk that was indexed.
application_of(Pid, #{masters := Masters}) ->
    case process_info(Pid, group_leader) of
        {group_leader, Leader} -> maps:get(Leader, Masters, none);
        undefined -> none
    end.
