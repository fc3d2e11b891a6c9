%% SPDX-License-Identifier: Apache-2.0
%%
%% relup's own way through the script of a relup, so that the pause is short and nobody is lost.
%%
%% All that OTP's release handler keeps of releases stays with it: it installs the release, but the
%% relup that it reads for that has three steps. The first one calls run/0 here, which takes the
%% real script through; then comes the point of no return; and fail/0, which throws where the real
%% script has failed after its own point of no return, so that the release handler restarts the node
%% as it always does. run/0 is called in the process of the release handler, as the steps of a
%% script are, and learns from the job that installs what to do. The relup on the disk is itself
%% again before the first step is taken.
%%
%% The instructions mean what they mean to OTP (relup(4)), but for this:
%%
%% - Everything that can refuse does so before any code is loaded: old code in use, sticky folders,
%%   and all processes that the script suspends up to its first call. They are suspended at once,
%%   not one after the other. Who does not answer stops the install: all go on, environments are put
%%   back, and the old release runs on as if nothing had been asked.
%% - Who is born while the script runs is not missed (relup_agent_births.erl).
%% - A process that ends is no failure.
%% - Purges look at all processes of the node, so they are made before the pause and after it.
%%   Nobody is killed by one, unless the operator has named the module.
%% - code_change and resume are asked of many processes side by side, and each goes on when it is
%%   done.
%% - Connections that the operator has named stand still from before the first suspend until the end
%%   of the script (relup_agent_quiesce.erl).
-module(?ENGINE).

-export([install/5, run/0, fail/0]).

%% How long a process may take to be suspended after code was loaded already, or for code_change, in
%% milliseconds. Giving up means a restart of the node, so it is longer than OTP's 5 s.
-define(PATIENCE, 60000).
%% How long the script waits for those who are in their init, while others stand still.
-define(INIT, 3000).
%% Most who are born are done with it within this time.
-define(SOON, 50).

%% The job. {installed, From, Report}, or {error, Reason}; {error, {restarting, Reason}} when the
%% node is about to restart. Guard holds the connections that are to stand still meanwhile.
install(Root, Vsn, Script, Kill, Guard) ->
    {From, Libraries} = releases(Root, Vsn),
    Plan = #{
        script => Script,
        kill => Kill,
        guard => Guard,
        libraries => Libraries,
        applications => ?APPLICATIONS:remember(),
        relup => filename:join([Root, "releases", Vsn, "relup"])
    },
    true = register(?MODULE, self()),
    try
        {_, Reference} = spawn_monitor(fun() -> exit({answer, install_in_turn(Vsn, From, Plan)}) end),
        conduct(Reference, Plan, #{})
    after
        ?ONESTEP:put_back(maps:get(relup, Plan)),
        unregister(?MODULE)
    end.

install_in_turn(Vsn, From, #{relup := Relup}) ->
    ?TURN:take(fun() ->
        ?ONESTEP:write(Relup, Vsn, From, ?MODULE),
        try
            release_handler:install_release(Vsn)
        after
            ?ONESTEP:put_back(Relup)
        end
    end).

conduct(Reference, Plan, Report) ->
    receive
        {plan, Pid, Question} ->
            Pid ! {Question, Plan},
            conduct(Reference, Plan, Report);
        {report, Made} ->
            conduct(Reference, Plan, Made);
        {failed, Pid, Question, Reason} ->
            Pid ! {Question, ok},
            {error, {restarting, Reason}};
        {'DOWN', Reference, process, _, {answer, {ok, From, _}}} ->
            {installed, From, finish(Report)};
        {'DOWN', Reference, process, _, {answer, {error, _} = Error}} ->
            Error;
        {'DOWN', Reference, process, _, Reason} ->
            {error, {'EXIT', Reason}}
    end.

%% The release that the release handler goes from, and where the libraries of the new one are.
releases(Root, Vsn) ->
    {ok, [Releases]} = file:consult(filename:join([Root, "releases", "RELEASES"])),
    [Libraries] = [Libraries || {release, _, Each, _, Libraries, _} <- Releases, Each =:= Vsn],
    Known = release_handler:which_releases(),
    Running = [Each || Wanted <- [current, tmp_current, permanent], {_, Each, _, Status} <- Known, Status =:= Wanted],
    {hd(Running), [{App, LibVsn, filename:absname(Place, Root)} || {App, LibVsn, Place} <- Libraries]}.

%% In the process of the release handler.

run() ->
    Plan = ask_job(plan),
    ?ONESTEP:put_back(maps:get(relup, Plan)),
    State = prepare(Plan),
    try
        ?MODULE ! {report, report(let_go(execute(maps:get(steps, State), State)))}
    catch
        Class:Reason:Stack -> note_failure(failure(Class, Reason, Stack))
    after
        ?QUIESCE:let_go(maps:get(guard, State)),
        ?BIRTHS:stop(maps:get(watcher, State))
    end.

fail() ->
    case erase(?MODULE) of
        undefined -> ok;
        Reason -> throw({error, Reason})
    end.

%% The caller is told before the node goes down.
note_failure(Reason) ->
    put(?MODULE, Reason),
    ask_job({failed, Reason}),
    timer:sleep(500).

failure(throw, Reason, _) -> Reason;
failure(_, Reason, Stack) -> {crashed, ?SHAPE:crash(Reason, Stack)}.

ask_job(What) ->
    case whereis(?MODULE) of
        undefined -> throw({error, relup_is_not_at_work});
        Job -> ask_job(Job, What)
    end.

ask_job(Job, What) ->
    Reference = monitor(process, Job),
    Job ! question(What, Reference),
    receive
        {Reference, Answer} ->
            demonitor(Reference, [flush]),
            Answer;
        {'DOWN', Reference, process, Job, _} ->
            throw({error, relup_is_not_at_work})
    end.

question(plan, Reference) -> {plan, self(), Reference};
question({failed, Reason}, Reference) -> {failed, self(), Reference, Reason}.

%% What can refuse. Nothing is changed when it throws.

prepare(#{script := Script} = Plan) ->
    {Before, After} = lists:splitwith(fun(Step) -> Step =/= point_of_no_return end, Script),
    State = Plan#{
        steps => After, code => #{}, members => #{}, suspended => #{}, watcher => none, newborns => #{},
        stopped => [], late => [], changed => #{}, ended => 0, replaced => []
    },
    try
        lists:foreach(fun check_known/1, After),
        Ready = lists:foldl(fun step_before/2, State, Before),
        make_room(After, Ready),
        suspend_first(After, Ready)
    catch
        throw:{error, Reason} -> refuse(Plan, Reason);
        throw:Reason -> refuse(Plan, Reason);
        Class:Reason:Stack -> refuse(Plan, failure(Class, Reason, Stack))
    end.

refuse(Plan, Reason) ->
    ?APPLICATIONS:put_back(maps:get(applications, Plan)),
    throw({error, {not_begun, Reason}}).

check_known(point_of_no_return) -> ok;
check_known({Name, _}) when
    Name =:= load; Name =:= remove; Name =:= purge; Name =:= suspend; Name =:= resume; Name =:= code_change;
    Name =:= stop; Name =:= start; Name =:= apply ->
    ok;
check_known({code_change, _, _}) -> ok;
check_known({sync_nodes, _, _}) -> ok;
check_known(Other) -> throw({illegal_instruction_after_point_of_no_return, Other}).

step_before({load_object_code, {Library, Vsn, Modules}}, #{libraries := Libraries, code := Code} = State) ->
    Ebin = case lists:keyfind(Library, 1, Libraries) of
        {Library, Vsn, Place} -> filename:join(Place, "ebin");
        _ -> throw({bad_lib_vsn, Library, Vsn})
    end,
    State#{code => lists:foldl(fun(Module, Read) -> Read#{Module => read_code(Ebin, Module)} end, Code, Modules)};
step_before({apply, {Module, Function, Arguments}}, State) ->
    apply(Module, Function, Arguments),
    State;
step_before(_, State) ->
    State.

%% {File, Bytes, Vsn of what is loaded, Vsn of this}
read_code(Ebin, Module) ->
    File = filename:join(Ebin, atom_to_list(Module) ++ ".beam"),
    case erl_prim_loader:get_file(File) of
        {ok, Bytes, _} -> {File, Bytes, loaded_vsn(Module), file_vsn(Bytes)};
        error -> throw({no_such_file, File})
    end.

loaded_vsn(Module) ->
    case {erlang:module_loaded(Module), code:which(Module)} of
        {true, _} -> one(proplists:get_value(vsn, Module:module_info(attributes)));
        {false, File} when is_list(File) -> file_vsn(File);
        _ -> undefined
    end.

file_vsn(Code) ->
    case beam_lib:version(Code) of
        {ok, {_, Vsn}} -> one(Vsn);
        _ -> undefined
    end.

one([Vsn]) -> Vsn;
one(Vsn) -> Vsn.

%% Old code has to go before new can come. That is done before anybody stands still.
make_room(Steps, #{kill := Kill}) ->
    Switched = [{Module, Before} || {Name, {Module, Before, _}} <- Steps, Name =:= load orelse Name =:= remove],
    _ = [throw({sticky_directory, Module}) || {Module, _} <- Switched, code:is_sticky(Module)],
    lists:foreach(fun({Module, Before}) -> purge(Module, Before, Kill) end, Switched).

purge(Module, How, Kill) ->
    case code:soft_purge(Module) of
        true -> ok;
        false when How =:= brutal_purge -> purge_if_allowed(Module, lists:member(Module, Kill));
        false -> throw({old_processes, Module})
    end.

purge_if_allowed(Module, true) -> code:purge(Module);
purge_if_allowed(Module, false) -> throw({old_processes, Module}).

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
%% need them; other mothers do for the moment of the load (hold_mothers/1).
suspend_supervisors(Steps, #{members := Members, suspended := Before} = State) ->
    Downs = lists:usort([Module || Step <- Steps, {down, Module, _} <- changes(Step)]),
    case Downs =/= [] andalso lists:all(fun is_quiet/1, Steps) of
        true ->
            Pids = lists:append([maps:get(Module, Members, []) || Module <- Downs]),
            Supervisors = [Pid || {Pid, {supervisor, _}} <- mothers(Pids), not is_map_key(Pid, Before)],
            Results = ?REQUESTS:ask([{Pid, [suspend]} || Pid <- Supervisors], 1000),
            Busy = [Pid || {Pid, Result} <- Results, Result =/= ok],
            ?REQUESTS:resume(Busy),
            Still = maps:from_keys(Supervisors -- Busy, true),
            State#{suspended := maps:merge(Before, Still), supervisors => maps:keys(Still)};
        false ->
            State
    end.

%% [{Pid, Who}] of those who have begun the processes.
mothers(Pids) ->
    [{Pid, ?PROCESSES:identify(?PROCESSES:initial_call(Pid))} || Pid <- lists:usort(lists:append([mother(Pid) || Pid <- Pids]))].

mother(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> located(proplists:get_value('$ancestors', Dictionary, []));
        undefined -> []
    end.

located([Pid | _]) when is_pid(Pid), node(Pid) =:= node() -> [Pid];
located([Name | _]) when is_atom(Name) -> [Pid || Pid <- [whereis(Name)], is_pid(Pid)];
located(_) -> [].

is_quiet({apply, {code, load_binary, _}}) -> true;
is_quiet({Name, _}) -> not lists:member(Name, [apply, stop, start]);
is_quiet({sync_nodes, _, _}) -> false;
is_quiet(_) -> true.

with_patience(List) ->
    [case Each of {Module, Patience} -> {Module, Patience}; Module -> {Module, default} end || Each <- List].

longest(Wanted) ->
    lists:max([5000 | [Patience || {_, Patience} <- Wanted, is_integer(Patience)]] ++ [?PATIENCE || {_, infinity} <- Wanted]).

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

%% The script itself. What throws here restarts the node.

execute([], State) ->
    resume_newborns(State);
execute(Steps, State) ->
    case lists:splitwith(fun is_quiet/1, Steps) of
        {[], [Call | Rest]} -> execute(Rest, step(Call, State));
        {Quiet, Rest} -> execute(Rest, run_quiet(Quiet, State))
    end.

%% Steps without a call, in which all that the script suspends stands still together: so nobody goes
%% on whose code is new while that of others is old. Those who are changed by new code are at the
%% end, and go on each when it is done.
run_quiet(Steps, State) ->
    {Last, First} = lists:partition(fun is_deferred/1, Steps),
    Suspended = suspend(to_suspend(Steps) -- maps:get(early, State), ?PATIENCE, State),
    change(Last, lists:foldl(fun run_step/2, Suspended#{early := []}, First)).

is_deferred({resume, _}) -> true;
is_deferred(Step) -> [up || {up, _, _} <- changes(Step)] =/= [].

run_step({code_change, _, _} = Step, State) -> change([Step], State);
run_step(Step, State) -> step(Step, State).

to_suspend(Steps) ->
    lists:append([with_patience(List) || {suspend, List} <- Steps]).

%% The code path, as the release handler sets it: of libraries whose version changes.
step(point_of_no_return, #{libraries := Libraries} = State) ->
    _ = [code:replace_path(Library, Ebin) || {Library, Ebin} <- moved(Libraries)],
    State;
step({load, {Module, _, _}}, #{code := Code, replaced := Replaced} = State) ->
    Held = hold_mothers(Module, State),
    try
        Settled = settle_newborns(Module, still_alive(State)),
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
    Orders = [{Pid, requests_of(Modules, Steps, State)}
              || {Pid, Modules} <- modules_by_process(Members), is_map_key(Pid, Suspended)],
    Born = newborns_of(Steps, State),
    BornOrders = [{Pid, [suspend | requests_of([Module], Steps, State)]} || {Pid, Module} <- Born],
    After = count(?REQUESTS:ask([Order || {_, [_ | _]} = Order <- Orders], ?PATIENCE), Orders, State),
    forget_resumed(BornOrders ++ Orders, add_members(Born, take_newborns(BornOrders, ?INIT, After))).

modules_by_process(Members) ->
    Pairs = [{Pid, Module} || {Module, Pids} <- maps:to_list(Members), Pid <- Pids],
    maps:to_list(lists:foldl(
        fun({Pid, Module}, Map) -> maps:update_with(Pid, fun(Modules) -> [Module | Modules] end, [Module], Map) end,
        #{}, Pairs)).

%% It is resumed once, after all of its changes.
requests_of(Modules, Steps, State) ->
    Changes = [{change_code, Module, vsn(Mode, Module, State), Extra}
               || Step <- Steps, {Mode, Module, Extra} <- changes(Step), lists:member(Module, Modules)],
    Resumed = [Module || {resume, List} <- Steps, Module <- List, lists:member(Module, Modules)],
    Changes ++ [resume || Resumed =/= []].

changes({code_change, List}) -> [{up, Module, Extra} || {Module, Extra} <- List];
changes({code_change, Mode, List}) -> [{Mode, Module, Extra} || {Module, Extra} <- List];
changes(_) -> [].

vsn(Mode, Module, #{code := Code}) ->
    case {Mode, Code} of
        {up, #{Module := {_, _, Old, _}}} -> Old;
        {down, #{Module := {_, _, _, New}}} -> {down, New};
        {up, _} -> undefined;
        {down, _} -> {down, undefined}
    end.

forget_resumed(Orders, #{suspended := Suspended} = State) ->
    Resumed = [Pid || {Pid, Requests} <- Orders, lists:member(resume, Requests)],
    State#{suspended := maps:without(Resumed, Suspended), resumed => erlang:monotonic_time()}.

%% Who was only told to go on is not changed by that.
count(Results, Orders, #{ended := Ended, changed := Changed} = State) ->
    WithChange = maps:from_list([{Pid, true} || {Pid, Requests} <- Orders, lists:keymember(change_code, 1, Requests)]),
    _ = [throw_failure(Pid, Request, Reason) || {Pid, {failed, Request, Reason}} <- Results],
    _ = [throw({no_answer, ?CODE:name(Pid), asked(Request)}) || {Pid, {silent, Request}} <- Results],
    Gone = length([Pid || {Pid, gone} <- Results]),
    Done = maps:from_keys([Pid || {Pid, ok} <- Results, is_map_key(Pid, WithChange)], true),
    State#{ended := Ended + Gone, changed := maps:merge(Changed, Done)}.

throw_failure(Pid, Request, {'EXIT', {Reason, [_ | _] = Stack}}) ->
    throw({code_change_failed, ?CODE:name(Pid), asked(Request), {crashed, ?SHAPE:crash(Reason, Stack)}});
throw_failure(Pid, Request, Reason) ->
    throw({code_change_failed, ?CODE:name(Pid), asked(Request), {answered, ?SHAPE:name(Reason)}}).

asked({change_code, Module, _, _}) -> {code_change, Module};
asked(Request) -> Request.

%% Those who were born meanwhile.

newborns_of(Steps, #{watcher := Watcher, newborns := Seen, suspended := Suspended}) ->
    Concerned = [Module || Step <- Steps, {_, Module, _} <- changes(Step)] ++ lists:append([List || {resume, List} <- Steps]),
    [{Pid, Module} || {Pid, Module} <- ?BIRTHS:newborns(Watcher),
        lists:member(Module, Concerned), not is_map_key(Pid, Seen), not is_map_key(Pid, Suspended)].

%% One who is still in its init takes its turn later (finish/1), where that is possible: a change on
%% the way down is made by code that goes. Who is done with it does not wait for the others, and no
%% change that has been asked for is left alone.
take_newborns(Orders, Patience, #{newborns := Seen} = State) ->
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
    Through = [{Pid, ok} || {Pid, []} <- Ready] ++ ?REQUESTS:ask([Order || {_, [_ | _]} = Order <- Ready], ?PATIENCE),
    Ended = [Each || {_, Result} = Each <- maps:to_list(Asked), Result =/= ok, not is_silent(Result)],
    {[Order || {Pid, _} = Order <- Orders, is_silent(maps:get(Pid, Asked))], count(Ended ++ Through, Ready, State)}.

is_silent({silent, _}) -> true;
is_silent(_) -> false.

%% On the way down the change is made by the code that is about to go, so whoever was born has to be
%% through it before that goes. One who is still in its init is waited for, and so are those who begin
%% meanwhile, but all of them together for so long and no longer: others stand still. finish/1 names
%% whoever was not done by then.
settle_newborns(Module, State) ->
    settle_newborns(Module, erlang:monotonic_time(millisecond) + ?INIT, State).

settle_newborns(Module, Deadline, State) ->
    Downs = downs(Module, State),
    Left = Deadline - erlang:monotonic_time(millisecond),
    case Downs =/= [] andalso Left > 0 andalso newborns_of(Downs, State) of
        [_ | _] = Born ->
            Orders = [{Pid, [suspend | requests_of([Each], Downs, State)]} || {Pid, Each} <- Born],
            settle_newborns(Module, Deadline, add_members(Born, take_newborns(Orders, Left, State)));
        _ ->
            State
    end.

%% The steps in which processes of the module go down.
downs(Module, #{steps := Steps}) ->
    [Step || {code_change, down, List} = Step <- Steps, lists:keymember(Module, 1, List)].

%% Processes that have begun others since the watch, and are no supervisors, are stopped for the
%% milliseconds of a load on the way down. What the load itself needs is not among them.
hold_mothers(Module, #{watcher := Watcher, suspended := Suspended} = State) ->
    Born = case downs(Module, State) of
        [] -> [];
        _ -> [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher)]
    end,
    [Pid || {Pid, {unknown, _}} <- mothers(Born), not is_map_key(Pid, Suspended), not is_needed(Pid),
        (catch erlang:suspend_process(Pid)) =:= true].

is_needed(Pid) ->
    Pid =:= self() orelse lists:member(process_info(Pid, registered_name), [{registered_name, Name} || Name <- needed()]).

needed() ->
    [code_server, init, erl_prim_loader, application_controller, logger, error_logger].

%% From now on they are like everybody else who is suspended.
add_members(Born, #{members := Members, suspended := Suspended} = State) ->
    Add = fun({Pid, Module}, Map) -> maps:update_with(Module, fun(Pids) -> [Pid | Pids] end, [Pid], Map) end,
    State#{
        members := lists:foldl(Add, Members, Born),
        suspended := maps:merge(Suspended, maps:from_keys([Pid || {Pid, _} <- Born], true))
    }.

%% The end: nobody is left who stands still.
resume_newborns(#{watcher := Watcher, newborns := Seen} = State) ->
    Unseen = [Pid || {Pid, _} <- ?BIRTHS:newborns(Watcher), not is_map_key(Pid, Seen)],
    ?REQUESTS:resume(Unseen ++ maps:get(supervisors, State, [])),
    State#{newborns := maps:merge(Seen, maps:from_keys(Unseen, true))}.

%% What the job needs to finish, and what relup shows.

report(#{changed := Changed, newborns := Newborns, ended := Ended, late := Late, replaced := Replaced, alive := Alive} = State) ->
    Pause = case State of
        #{resumed := Resumed, paused := Paused} -> erlang:convert_time_unit(Resumed - Paused, native, microsecond);
        _ -> 0
    end,
    #{pause => Pause, changed => Changed, newborns => Newborns, ended => Ended, late => Late,
      replaced => Replaced, alive => Alive, modules => changed_modules(maps:get(steps, State))}.

changed_modules(Steps) ->
    lists:usort([Module || Step <- Steps, {_, Module, _} <- changes(Step)]).

%% After the install, outside of the pause: those who were late, old code that nobody runs, and
%% whether somebody was there before who was not changed.
finish(#{late := Late, changed := Changed, newborns := Newborns, ended := Ended, replaced := Replaced, alive := Alive} = Report) ->
    Results = ?REQUESTS:ask(Late, ?PATIENCE),
    _ = [code:soft_purge(Module) || Module <- Replaced],
    Done = maps:merge(Changed, maps:from_keys([Pid || {Pid, ok} <- Results], true)),
    {Members, _} = ?PROCESSES:members(maps:get(modules, Report)),
    IsOld = fun(Pid) -> (is_map_key(Pid, Alive) orelse is_map_key(Pid, Newborns)) andalso not is_map_key(Pid, Done) end,
    Missed = [{Module, [Pid || Pid <- Pids, IsOld(Pid)]} || {Module, Pids} <- Members, lists:any(IsOld, Pids)],
    ?REQUESTS:resume(lists:append([Pids || {_, Pids} <- Missed])),
    [
        {pause, maps:get(pause, Report)},
        {changed, [{Module, length(Pids)} || {Module, Pids} <- Members]},
        {ended, Ended},
        {born, maps:size(Newborns)},
        {missed, [{Module, [?CODE:name(Pid) || Pid <- Pids]} || {Module, Pids} <- Missed]}
    ].
