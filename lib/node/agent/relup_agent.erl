%% SPDX-License-Identifier: Apache-2.0
%%
%% What has to happen on the node itself. relup pushes these modules at first contact, and they go
%% when nobody uses them any more; nothing of them stays on the host. The build compiles them under names that
%% carry a digest of their text, so that two versions of relup at one node do not meet. They use
%% kernel, stdlib and sasl alone, and Elixir's modules only where the release has them.
%%
%% One function takes all requests. A new verb is a clause of ask/1 and a function in the module that
%% knows about such things: code, settings, or the release handler. What takes long is a job: a
%% process of its own, which goes on when the line breaks, and keeps its outcome until it is told to
%% forget it.
-module(?AGENT).

-export([ask/1]).

%% Says that there is a relup at the other end of the line to this hidden node: ok, or {error,
%% leaving} when the modules are just going, and have to be loaded again.
ask({join, Line}) ->
    ?REGISTRAR:join(Line);
%% How the node is, within so many milliseconds.
ask({status, Root, Time}) ->
    ?STATUS:of_node(Root, Time);
%% Which of the modules are loaded, with the digest of their code: [{Module, Md5}].
ask({loaded, Modules}) ->
    ?CODE:loaded(Modules);
%% Those of the modules that have old code, and the processes that still run it:
%% [{Module, [Name]}].
ask({old_code, Modules}) ->
    ?CODE:old_code(Modules);
%% What is another one after each start of the node, within its operating system process or not:
%% {OsPid, Creation, Pid, Namespace}, with what the numbers of processes are counted in.
ask(incarnation) ->
    Namespace = case file:read_link("/proc/self/ns/pid") of {ok, Link} -> Link; _ -> "" end,
    {os:getpid(), erlang:system_info(creation), pid_to_list(whereis(application_controller)),
     Namespace};
%% What a change of code would do to the processes, and who is in its way (?FORECAST).
ask({forecast, Question}) ->
    ok = ?REGISTRAR:join(self()),
    ?FORECAST:look(Question);
%% The applications that are loaded: [{App, Vsn}].
ask(applications) ->
    [{App, Vsn} || {App, _, Vsn} <- application:loaded_applications()];
%% Where their code is found: [{App, Directory}].
ask({library_directories, Apps}) ->
    [{App, Directory} || App <- Apps, Directory <- [code:lib_dir(App)], is_list(Directory)];
%% The environment of all applications as it is: [{App, [{Key, Value}]}].
ask(settings) ->
    [{App, application:get_all_env(App)} || {App, _, _} <- application:loaded_applications()];
%% What the command line sets of it, in the same form (application(3)).
ask(command_line) ->
    ?SETTINGS:of_command_line();
%% The configuration that a start of the release would read and resolve: {ok, [{App, [{Key, Value}]}]}.
%% Of a release that is not unpacked yet the files come along: [{"releases/VSN/sys.config", Bytes}].
ask({environment, Root, Vsn, Files}) ->
    ?SETTINGS:environment(Root, Vsn, Files);
%% Where the node runs from, and how it sees this root (relup_agent_place.erl).
ask({place, Root}) ->
    ?PLACE:of_node(Root);
%% The release whose boot script the node has started with, and whether its release handler works in
%% this root: {Name, Vsn, here}, or {.., {elsewhere, Directory}}.
ask({booted_release, Root}) ->
    ?RELEASE:booted(Root);
%% The releases that the release handler knows, as RELEASES lists them, with the one that is current.
ask(known_releases) ->
    ?RELEASE:known();
%% Makes the release handler work in this root, and know these releases, which RELEASES lists.
ask({settle, Root, Known}) ->
    ?RELEASE:settle(Root, Known);
%% As set_unpacked/2 of the release handler.
ask({register, Root, RelFile}) ->
    ?RELEASE:register(Root, RelFile);
%% As check_install_release/1 of the release handler, but never while a release is being installed.
ask({check_install, Vsn}) ->
    ?TURN:check_install(Vsn);
%% Begins to try code_change on copies of live states, and how that goes (relup_agent_trial.erl), which
%% is told after so many milliseconds at the latest.
ask({begin_trial, Order}) ->
    ?TRIAL:begin_trial(Order);
ask({trial, Trial, Wait}) ->
    ?TRIAL:outcome(Trial, Wait);
%% The children of supervisors that these modules concern, and of those of the names (?CHILDREN).
ask({children, Modules, Known}) ->
    ?CHILDREN:below(Modules, Known);
%% The modules that the logger uses: [{Handler | primary, [{handler | formatter | filter, Module}]}].
ask(logging) ->
    ?REMARKS:logging();
%% Begins to install a release that the release handler knows, with its configuration resolved.
ask({install, Root, Vsn, {How, Quiesce}}) ->
    begin_job({install, Vsn}, fun() -> ?RELEASE:install(Root, Vsn, How, Quiesce) end);
%% Whether clients can be made to wait so: {ok, [{Listener, Connections, Suspendable, Requests}]},
%% or {error, Why}.
ask({listeners, Quiesce}) ->
    ?QUIESCE:look(Quiesce);
%% What the script of the install has said since it was asked last, as lines of text.
ask(lines) ->
    ?LINES:take();
%% {done, What, Result} of the job, or {running, What, Age} when it is not done within so many
%% milliseconds, or `none` where there is no job. Age is in milliseconds.
ask({outcome, Patience}) ->
    ask_keeper({outcome, Patience});
%% Makes the running release permanent, in all that a restart looks at: {ok, [Note]}. Where it had to
%% be confirmed it is now, unless the node goes back already: {error, going_back}.
ask({commit, Root, Vsn}) ->
    ?CONFIRM:commit(fun() -> ?RELEASE:commit(Root, Vsn) end);
%% Lets the node go back from a release to the one before it, unless it is committed in time; calls
%% that off; tells how it stands.
ask({confirm_within, Root, Way, Spared, Time, Back}) ->
    ?CONFIRM:arm(Root, Way, Spared, Time, Back);
ask(call_off_confirmation) ->
    ?CONFIRM:disarm();
ask(confirmation) ->
    ?CONFIRM:state();
%% Purges old code of the modules that nobody runs, or kills whoever does: [{Module, [Name]}].
ask({purge_softly, Modules}) ->
    ?PURGE:softly(Modules);
ask({purge_brutally, Modules}) ->
    ?PURGE:brutally(Modules);
%% The modules whose old code make_permanent would purge brutally.
ask(purged_by_commit) ->
    ?PURGE:by_commit();
%% Calls Module:Function(), which must answer true or ok within so many milliseconds: a process that
%% is asked for the answer, which is `holds`, {fails, Text}, or `running` after so many milliseconds.
ask({probe, Module, Function, Time}) ->
    ?PROBE:start(Module, Function, Time);
ask({probe_outcome, Probe, Wait}) ->
    ?PROBE:outcome(Probe, Wait);
%% Begins to try a start of a release without its applications: a process that is asked for the
%% answer as that of a probe is (relup_agent_rehearsal.erl).
ask({begin_rehearsal, Order}) ->
    ?REHEARSAL:start(Order);
%% Whether this start would look at the same as the one that the mark came with.
ask({rehearsal_fits, Mark, Order}) ->
    ?REHEARSAL:fits(Mark, Order);
%% Forgets a job that is done; {error, busy} while one runs.
ask(forget) ->
    forget().

%% Jobs. There is one at a time. Its keeper, registered under the name of the module, answers while
%% the work goes on. The modules stay as long as it lives.

begin_job(What, Work) ->
    case forget() of
        ok -> start_job(What, Work);
        {error, busy} -> {error, busy}
    end.

start_job(What, Work) ->
    Parent = self(),
    Keeper = spawn(fun() -> keep(Parent, What, Work) end),
    Reference = monitor(process, Keeper),
    receive
        {Keeper, begun} -> ok;
        {'DOWN', Reference, process, Keeper, _} -> {error, busy}
    end.

keep(Parent, What, Work) ->
    true = register(?MODULE, self()),
    ok = ?REGISTRAR:join(self()),
    {_, Reference} = spawn_monitor(fun() -> exit({outcome, outcome_of(Work)}) end),
    Parent ! {self(), begun},
    keep_running({What, erlang:monotonic_time(millisecond)}, Reference, []).

outcome_of(Work) ->
    try
        Work()
    catch
        Class:Reason:Stack -> {error, {'EXIT', {Class, Reason, Stack}}}
    end.

keep_running({What, Begin} = Job, Reference, Waiting) ->
    receive
        {'DOWN', Reference, process, _, Reason} ->
            Done = {done, What, result(Reason)},
            _ = [Client ! {Question, Done} || {Client, Question} <- Waiting],
            keep_done(Done);
        {{outcome, Patience}, Client, Question} ->
            erlang:send_after(Patience, self(), {patience_is_over, Client, Question}),
            keep_running(Job, Reference, [{Client, Question} | Waiting]);
        {patience_is_over, Client, Question} ->
            Client ! {Question, {running, What, erlang:monotonic_time(millisecond) - Begin}},
            keep_running(Job, Reference, Waiting -- [{Client, Question}]);
        {forget, Client, Question} ->
            Client ! {Question, {error, busy}},
            keep_running(Job, Reference, Waiting)
    end.

result({outcome, Outcome}) -> Outcome;
result(Reason) -> {error, {'EXIT', Reason}}.

keep_done(Done) ->
    receive
        {{outcome, _}, Client, Question} ->
            Client ! {Question, Done},
            keep_done(Done);
        {patience_is_over, _, _} ->
            keep_done(Done);
        {forget, Client, Question} ->
            unregister(?MODULE),
            Client ! {Question, ok}
    end.

ask_keeper(What) ->
    case whereis(?MODULE) of
        undefined ->
            none;
        Keeper ->
            Question = monitor(process, Keeper),
            Keeper ! {What, self(), Question},
            receive
                {Question, Answer} -> Answer;
                {'DOWN', Question, process, Keeper, _} -> none
            end
    end.

forget() ->
    case ask_keeper(forget) of
        {error, busy} -> {error, busy};
        _ -> ?LINES:stop()
    end.
