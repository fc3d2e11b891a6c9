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
%% - Who is born while the script runs is not missed (relup_agent_newborns.erl).
%% - A process that ends is no failure.
%% - Purges look at all processes of the node, so they are made before the pause and after it.
%%   Nobody is killed by one, unless the operator has named the module.
%% - code_change and resume are asked of many processes side by side, and each goes on when it is
%%   done.
%% - Connections that the operator has named stand still from before the first suspend until the end
%%   of the script (relup_agent_quiesce.erl).
-module(?ENGINE).

-export([install/5, run/0, fail/0]).

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
        ?MODULE ! {report, report(?STANDING:let_go(?STEPS:execute(maps:get(steps, State), State)))}
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
        ?STANDING:suspend_first(After, Ready)
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

%% What the job needs to finish, and what relup shows.

report(#{changed := Changed, newborns := Newborns, ended := Ended, late := Late, replaced := Replaced, alive := Alive} = State) ->
    Pause = case State of
        #{resumed := Resumed, paused := Paused} -> erlang:convert_time_unit(Resumed - Paused, native, microsecond);
        _ -> 0
    end,
    #{pause => Pause, changed => Changed, newborns => Newborns, ended => Ended, late => Late,
      replaced => Replaced, alive => Alive, modules => changed_modules(maps:get(steps, State))}.

changed_modules(Steps) ->
    lists:usort([Module || Step <- Steps, {_, Module, _} <- ?CHANGES:of_step(Step)]).

%% After the install, outside of the pause: those who were late, old code that nobody runs, and
%% whether somebody was there before who was not changed.
finish(#{late := Late, changed := Changed, newborns := Newborns, ended := Ended, replaced := Replaced, alive := Alive} = Report) ->
    Results = ?REQUESTS:ask(Late, ?CHANGES:patience()),
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
