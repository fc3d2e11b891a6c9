%% SPDX-License-Identifier: Apache-2.0
%%
%% Those who are born while the script runs (relup_agent_births.erl watches for them). On the way up
%% a process that is born before the load is changed as those are that were there before; one that is
%% born after it begins with the new state. On the way down the change is made by the code that goes
%% with the load: whoever is born between the two has no way to the old state. So before such a load
%% newborns are waited for and changed, and those who begin others stand still.
-module(?NEWBORNS).

-export([of_steps/2, change/2, settle/2, parents/1, hold_parents/2, add_members/2, let_go/1]).

%% In milliseconds. How long the script waits for those who are in their init, while others stand
%% still; most who are born are done with it soon.
-define(INIT, 3000).
-define(SOON, 50).

%% [{Pid, Module}] of those whom the steps change or let go on, and who have not had their turn.
of_steps(Steps, #{watcher := Watcher, newborns := Seen, suspended := Suspended}) ->
    Concerned = [Module || Step <- Steps, {_, Module, _} <- ?CHANGES:of_step(Step)] ++ lists:append([List || {resume, List} <- Steps]),
    [{Pid, Module} || {Pid, Module} <- ?BIRTHS:newborns(Watcher),
        lists:member(Module, Concerned), not is_map_key(Pid, Seen), not is_map_key(Pid, Suspended)].

%% Takes the orders [{Pid, [suspend | Requests]}] through.
change(Orders, State) ->
    change(Orders, ?INIT, State).

%% One who is still in its init takes its turn after the script, where that is possible: a change on
%% the way down is made by code that goes. Who is done with it does not wait for the others, and no
%% change that has been asked for is left alone.
change(Orders, Patience, #{newborns := Seen} = State) ->
    {InInit, Taken} = take_ready(Orders, min(?SOON, Patience), State),
    {Silent, #{late := Late} = All} = take_ready(InInit, Patience, Taken),
    All#{
        newborns := maps:merge(Seen, maps:from_keys([Pid || {Pid, _} <- Orders], true)),
        late := [Order || {_, Requests} = Order <- Silent, lists:last(Requests) =:= resume] ++ Late
    }.

%% The orders of those who are not suspended within so many milliseconds; the others are through.
take_ready(Orders, Patience, State) ->
    Asked = maps:from_list(?REQUESTS:ask([{Pid, [suspend]} || {Pid, _} <- Orders], Patience)),
    Ready = [{Pid, Requests} || {Pid, [suspend | Requests]} <- Orders, maps:get(Pid, Asked) =:= ok],
    Through = [{Pid, ok} || {Pid, []} <- Ready] ++ ?REQUESTS:ask([Order || {_, [_ | _]} = Order <- Ready], ?CHANGES:patience()),
    Ended = [Each || {_, Result} = Each <- maps:to_list(Asked), Result =/= ok, not is_silent(Result)],
    {[Order || {Pid, _} = Order <- Orders, is_silent(maps:get(Pid, Asked))], ?CHANGES:count(Ended ++ Through, Ready, State)}.

is_silent({silent, _}) -> true;
is_silent(_) -> false.

%% On the way down the change is made by the code that is about to go, so whoever was born has to be
%% through it before that goes. One who is still in its init is waited for, and so are those who begin
%% meanwhile, but all of them together for so long and no longer: others stand still. Whoever
%% was not done by then is named after the install.
settle(Module, State) ->
    settle(Module, erlang:monotonic_time(millisecond) + ?INIT, State).

settle(Module, Deadline, State) ->
    Downs = downs(Module, State),
    Left = Deadline - erlang:monotonic_time(millisecond),
    case Downs =/= [] andalso Left > 0 andalso of_steps(Downs, State) of
        [_ | _] = Born ->
            Orders = [{Pid, [suspend | ?CHANGES:requests([Each], Downs, State)]} || {Pid, Each} <- Born],
            settle(Module, Deadline, add_members(Born, change(Orders, Left, State)));
        _ ->
            State
    end.

%% The steps in which processes of the module go down.
downs(Module, #{steps := Steps}) ->
    [Step || {code_change, down, List} = Step <- Steps, lists:keymember(Module, 1, List)].

%% Processes that have begun others since the watch, and are no supervisors, are stopped for the
%% milliseconds of a load on the way down. What the load itself needs is not among them.
hold_parents(Module, #{watcher := Watcher, suspended := Suspended} = State) ->
    Born = case downs(Module, State) of
        [] -> [];
        _ -> [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher)]
    end,
    [Pid || {Pid, {unknown, _}} <- parents(Born), not is_map_key(Pid, Suspended), not is_needed(Pid),
        (catch erlang:suspend_process(Pid)) =:= true].

is_needed(Pid) ->
    Pid =:= self() orelse lists:member(process_info(Pid, registered_name), [{registered_name, Name} || Name <- needed()]).

needed() ->
    [code_server, init, erl_prim_loader, application_controller, logger, error_logger].

%% [{Pid, Who}] of those who have begun the processes.
parents(Pids) ->
    [{Pid, ?PROCESSES:identify(?PROCESSES:initial_call(Pid))} || Pid <- lists:usort(lists:append([parent(Pid) || Pid <- Pids]))].

parent(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> located(proplists:get_value('$ancestors', Dictionary, []));
        undefined -> []
    end.

located([Pid | _]) when is_pid(Pid), node(Pid) =:= node() -> [Pid];
located([Name | _]) when is_atom(Name) -> [Pid || Pid <- [whereis(Name)], is_pid(Pid)];
located(_) -> [].

%% From now on they are like everybody else who is suspended.
add_members(Born, #{members := Members, suspended := Suspended} = State) ->
    Add = fun({Pid, Module}, Map) -> maps:update_with(Module, fun(Pids) -> [Pid | Pids] end, [Pid], Map) end,
    State#{
        members := lists:foldl(Add, Members, Born),
        suspended := maps:merge(Suspended, maps:from_keys([Pid || {Pid, _} <- Born], true))
    }.

%% The end: nobody is left who stands still.
let_go(#{watcher := Watcher, newborns := Seen} = State) ->
    Unseen = [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher), not is_map_key(Pid, Seen)],
    ?REQUESTS:resume(Unseen ++ maps:get(supervisors, State, [])),
    State#{newborns := maps:merge(Seen, maps:from_keys(Unseen, true))}.
