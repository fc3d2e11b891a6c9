%% SPDX-License-Identifier: Apache-2.0
%%
%% code_change tried on copies of live states, in a second emulator (relup_agent_emulator.erl), in
%% the direction of the change and then back.
%%
%% It goes on for some seconds, so relup asks again and again whether it is done. When nobody asks
%% any more, since relup has died or the line, all of it ends.
-module(?TRIAL).

-export([begin_trial/1, outcome/2]).

%% In milliseconds: after which silence of relup it ends, and after which time in any case.
-define(SILENCE, 5000).
-define(LIMIT, 60000).

%% The order is a list of
%%   {root, Folder}, {erts, Vsn}, {boot, File}, {paths, [Folder | {system, App}]},
%%   {program, [{Name, Beam}]}: the second emulator and what runs in it (relup_agent_emulator.erl)
%%   {settings, [{App, [{Key, Value}]}]}: what the change sets, over those that the node has
%%   {beams, [{Module, Beam}]}: code that is not to be found in the folders yet
%%   {changes, [{Module, Older, [{up | down, Extra}]}]}: what is to be tried, one on the outcome of
%%     the other; Older is the module's older code, `running`, a file, or its bytes
begin_trial(Order) ->
    spawn(fun() ->
        ok = ?REGISTRAR:join(self()),
        try_all(maps:from_list(Order))
    end).

%% `running` after so many milliseconds, or {done, {ok, [{Module, Kind, Processes, Large, Busy, Tries}]}} where Tries are lists of
%% {up | down, Outcome} (relup_agent_copies.erl), or {done, {error, Reason}}. The end is told once.
outcome(Trial, Wait) ->
    Reference = monitor(process, Trial),
    Trial ! {outcome, self(), Reference},
    receive
        {Reference, Answer} -> demonitor(Reference, [flush]), Trial ! heard, Answer;
        {'DOWN', Reference, process, _, _} -> {done, {error, gone}}
    after Wait ->
        demonitor(Reference, [flush]),
        running
    end.

try_all(Order) ->
    Keeper = self(),
    {Pid, Reference} = spawn_monitor(fun() -> exit(end_of(fun() -> try_samples(Keeper, Order) end)) end),
    erlang:send_after(?LIMIT, self(), limit),
    keep(Pid, Reference, []).

%% Without the terms that it has failed on: the node would log them, and they may be states.
end_of(Work) ->
    try
        {outcome, Work()}
    catch
        exit:{emulator, Status} -> {emulator, Status};
        _:_ -> failed
    end.

%% Who asks has the answer when it is there, unless it does not wait so long.
keep(Pid, Reference, Askers) ->
    receive
        {'DOWN', Reference, process, Pid, Reason} -> tell(result(Reason), Askers);
        limit -> exit(Pid, kill), tell({error, too_long}, Askers);
        {outcome, Asker, Question} -> keep(Pid, Reference, [{Asker, Question} | Askers])
    after ?SILENCE ->
        exit(Pid, kill)
    end.

result({outcome, Outcome}) -> Outcome;
result(Reason) -> {error, Reason}.

tell(Outcome, Askers) ->
    _ = [Asker ! {Question, {done, Outcome}} || {Asker, Question} <- Askers],
    receive
        {outcome, Asker, Question} -> tell(Outcome, [{Asker, Question}]);
        heard -> ok;
        _ -> tell(Outcome, [])
    after ?SILENCE ->
        ok
    end.

%% The worker ends with its keeper, and the emulator with the worker.
try_samples(Keeper, Order) ->
    Worker = self(),
    spawn(fun() ->
        [Of, Its] = [monitor(process, Each) || Each <- [Worker, Keeper]],
        receive
            {'DOWN', Its, process, _, _} -> exit(Worker, kill);
            {'DOWN', Of, process, _, _} -> ok
        end
    end),
    Changes = maps:get(changes, Order),
    Samples = ?SAMPLES:of_modules([Module || {Module, _, _} <- Changes]),
    case [Sample || #{states := [_ | _]} = Sample <- Samples] of
        [] -> {ok, [described(Sample, []) || Sample <- Samples]};
        Live -> in_emulator(Order, Changes, Samples, Live)
    end.

in_emulator(Order, Changes, Samples, Live) ->
    case ?EMULATOR:start(Order) of
        {ok, Port, Guard} ->
            try
                _ = [ask(Port, {settings, Settings}) || Settings <- [current_settings(), maps:get(settings, Order)]],
                ask(Port, {tables, [Name || Name <- ets:all(), is_atom(Name)]}),
                send_beams(Port, maps:get(beams, Order)),
                Tried = [{Module, tries(Port, Sample, lists:keyfind(Module, 1, Changes))}
                         || #{module := Module} = Sample <- Live],
                {ok, [described(Sample, proplists:get_value(Module, Tried, []))
                      || #{module := Module} = Sample <- Samples]}
            after
                ?EMULATOR:stop(Guard)
            end;
        {error, _} = Error ->
            Error
    end.

current_settings() ->
    [{App, application:get_all_env(App)} || {App, _, _} <- application:loaded_applications()].

send_beams(Port, Beams) ->
    _ = [ask(Port, {code, Module, Beam}) || {Module, Beam} <- Beams],
    [answer(Port) || _ <- Beams].

ask(Port, Question) ->
    port_command(Port, term_to_binary(Question)).

answer(Port) ->
    receive
        {Port, {data, Bytes}} -> binary_to_term(Bytes);
        {Port, {exit_status, Status}} -> exit({emulator, Status})
    end.

%% All states of a module, unless one of them shows that it takes too long.
tries(Port, #{module := Module, kind := Kind, states := States}, {Module, Older, Directions}) ->
    Steps = steps(vsn(Module, Older), Directions),
    ask(Port, {code, Module, none}),
    case answer(Port) of
        {code, Module, ok} -> try_states(Port, {Module, Kind}, Steps, States);
        {code, Module, {error, Reason}} ->
            [{Direction, _, _} | _] = Steps,
            [[{Direction, {undecided, <<"its code does not load there: ", Reason/binary>>}}]]
    end.

try_states(_, _, _, []) ->
    [];
try_states(Port, Call, Steps, [{State, Dictionary} | Rest]) ->
    ask(Port, {try_it, Call, Steps, State, Dictionary}),
    {tried, Call, Outcomes} = answer(Port),
    case [too_slow || {_, {too_slow, _, _}} <- Outcomes] of
        [] -> [Outcomes | try_states(Port, Call, Steps, Rest)];
        _ -> [Outcomes]
    end.

%% As the release handler hands them over: the version of the older code in both directions.
steps(Vsn, Directions) ->
    [case Direction of
         up -> {up, Vsn, Extra};
         down -> {down, {down, Vsn}, Extra}
     end || {Direction, Extra} <- Directions].

vsn(Module, running) ->
    case beam_lib:version(code:which(Module)) of
        {ok, {_, Vsn}} -> as_release_handler(Vsn);
        _ -> as_release_handler(proplists:get_value(vsn, Module:module_info(attributes)))
    end;
vsn(_, Code) ->
    case beam_lib:version(Code) of
        {ok, {_, Vsn}} -> as_release_handler(Vsn);
        _ -> undefined
    end.

as_release_handler([Vsn] = List) ->
    case misc_supp:is_string(List) of
        true -> List;
        false -> Vsn
    end;
as_release_handler(Vsn) ->
    Vsn.

described(#{module := Module, kind := Kind, processes := Processes, large := Large, busy := Busy}, Tries) ->
    {Module, Kind, Processes, Large, Busy, Tries}.
