%% SPDX-License-Identifier: Apache-2.0
%%
%% The script itself, from the point of no return on. What throws here restarts the node.
-module(?STEPS).

-export([execute/2]).

execute([], State) ->
    ?NEWBORNS:let_go(State);
execute(Steps, State) ->
    case lists:splitwith(fun ?STANDING:is_quiet/1, Steps) of
        {[], [Call | Rest]} -> execute(Rest, step(Call, State));
        {Quiet, Rest} -> execute(Rest, run_quiet(Quiet, State))
    end.

%% Steps without a call, in which all that the script suspends stands still together: so nobody goes
%% on whose code is new while that of others is old. Those who are changed by new code are at the
%% end, and go on each when it is done.
run_quiet(Steps, State) ->
    {Last, First} = lists:partition(fun is_deferred/1, Steps),
    Suspended = ?STANDING:suspend(?STANDING:to_suspend(Steps) -- maps:get(early, State), ?CHANGES:patience(), State),
    change(Last, lists:foldl(fun run_step/2, Suspended#{early := []}, First)).

is_deferred({resume, _}) -> true;
is_deferred(Step) -> [up || {up, _, _} <- ?CHANGES:of_step(Step)] =/= [].

run_step({code_change, _, _} = Step, State) -> change([Step], State);
run_step(Step, State) -> step(Step, State).

%% The code path, as the release handler sets it: of libraries whose version changes.
step(point_of_no_return, #{libraries := Libraries} = State) ->
    _ = [code:replace_path(Library, Ebin) || {Library, Ebin} <- moved(Libraries)],
    State;
step({load, {Module, _, _}}, #{code := Code, replaced := Replaced} = State) ->
    Held = ?NEWBORNS:hold_parents(Module, State),
    try
        Settled = ?NEWBORNS:settle(Module, still_alive(State)),
        {File, Bytes, _, _} = maps:get(Module, Code),
        case code:load_binary(Module, File, Bytes) of
            {module, Module} -> Settled#{replaced := [Module | Replaced]};
            {error, Reason} -> throw({not_loaded, Module, Reason})
        end
    after
        [catch erlang:resume_process(Pid) || Pid <- Held]
    end;
step({remove, {Module, _, _}}, #{replaced := Replaced} = State) ->
    code:soft_purge(Module) andalso code:delete(Module),
    State#{replaced := [Module | Replaced]};
step({purge, Modules}, #{kill := Kill} = State) ->
    _ = [code:soft_purge(Module) orelse lists:member(Module, Kill) andalso code:purge(Module) || Module <- Modules],
    State;
step({suspend, _}, State) ->
    State;
step({stop, Modules}, #{stopped := Stopped} = State) ->
    State#{stopped := Stopped ++ lists:append([stop(Module) || Module <- Modules])};
step({start, Modules}, #{stopped := Stopped} = State) ->
    {Started, Left} = lists:partition(fun({Module, _, _}) -> lists:member(Module, Modules) end, Stopped),
    _ = [catch supervisor:restart_child(Supervisor, Id) || {_, Supervisor, Id} <- Started],
    State#{stopped := Left};
step({sync_nodes, Id, {Module, Function, Arguments}}, State) ->
    step({sync_nodes, Id, apply(Module, Function, Arguments)}, State);
step({sync_nodes, Id, Nodes}, State) ->
    Others = [Node || Node <- Nodes, Node =/= node()],
    _ = [{release_handler, Node} ! {sync_nodes, Id, node()} || Node <- Others],
    lists:foreach(fun(Node) -> wait_for(Id, Node) end, Others),
    State;
step({apply, {Module, Function, Arguments}}, State) ->
    apply(Module, Function, Arguments),
    State.

%% Where births are watched, we know who was born; else everybody counts who is there at the load.
still_alive(#{watcher := busy} = State) -> State#{alive := maps:from_keys(processes(), true)};
still_alive(State) -> State.

wait_for(Id, Node) ->
    receive
        {sync_nodes, Id, Node} -> ok;
        {nodedown, Node} -> throw({sync_error, {nodedown, Node}})
    end.

moved(Libraries) ->
    [{Library, filename:join(Place, "ebin")}
     || {Library, _, Place} <- Libraries, not is_found_in(code:lib_dir(Library), Place)].

is_found_in({error, bad_name}, _) -> false;
is_found_in(Directory, Place) -> filename:basename(Directory) =:= filename:basename(Place).

%% Children whose specification names the module; a top process has none.
stop(Module) ->
    #{specified := Specified} = ?PROCESSES:walk([Module]),
    Children = [{Supervisor, Id} || {Supervisor, Id, _, _, Names} <- Specified, is_list(Names), lists:member(Module, Names)],
    [{Module, Supervisor, Id} || {Supervisor, Id} <- Children, (catch supervisor:terminate_child(Supervisor, Id)) =:= ok].

%% code_change and resume that stand one after the other: each process goes through its own.

change(Steps, #{members := Members, suspended := Suspended} = State) ->
    Orders = [{Pid, ?CHANGES:requests(Modules, Steps, State)}
              || {Pid, Modules} <- modules_by_process(Members), is_map_key(Pid, Suspended)],
    Born = ?NEWBORNS:of_steps(Steps, State),
    BornOrders = [{Pid, [suspend | ?CHANGES:requests([Module], Steps, State)]} || {Pid, Module} <- Born],
    After = ?CHANGES:count(?REQUESTS:ask([Order || {_, [_ | _]} = Order <- Orders], ?CHANGES:patience()), Orders, State),
    forget_resumed(BornOrders ++ Orders, ?NEWBORNS:add_members(Born, ?NEWBORNS:change(BornOrders, After))).

modules_by_process(Members) ->
    Pairs = [{Pid, Module} || {Module, Pids} <- maps:to_list(Members), Pid <- Pids],
    maps:to_list(lists:foldl(
        fun({Pid, Module}, Map) -> maps:update_with(Pid, fun(Modules) -> [Module | Modules] end, [Module], Map) end,
        #{}, Pairs)).

forget_resumed(Orders, #{suspended := Suspended} = State) ->
    Resumed = [Pid || {Pid, Requests} <- Orders, lists:member(resume, Requests)],
    State#{suspended := maps:without(Resumed, Suspended), resumed => erlang:monotonic_time()}.
