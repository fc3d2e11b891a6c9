%% SPDX-License-Identifier: Apache-2.0
%%
%% A function of the release that tells whether all is well. It runs in a process of its own, under
%% a keeper that has its answer when it is asked for, so that nobody has to wait longer than he
%% likes. The keeper kills it when its time is over, and goes when nobody asks any more. Neither what
%% the function returns nor what it dies of is shown as a whole: that may be the state of somebody.
-module(?PROBE).

-export([start/3, run/3, outcome/2]).

%% How long a keeper waits for somebody to ask, in milliseconds.
-define(SILENCE, 60000).

%% Calls Module:Function(), for so many milliseconds: the keeper.
start(Module, Function, Time) ->
    run(fun() -> judge(Module, Function) end, Time, ?SILENCE).

%% The same with any work, which returns the answer; without a question for Silence milliseconds it
%% ends. The modules of the agent stay as long as it runs.
run(Work, Time, Silence) ->
    spawn(fun() ->
        ok = ?REGISTRAR:join(self()),
        {Pid, Reference} = ?BESIDE:start(Work),
        erlang:send_after(Time, self(), time_is_over),
        wait(Pid, Reference, Time, Silence, [])
    end).

wait(Pid, Reference, Time, Silence, Askers) ->
    receive
        {'DOWN', Reference, process, Pid, {answer, Answer}} -> tell(Answer, Askers, Silence);
        {'DOWN', Reference, process, Pid, _} -> tell({fails, "its process was killed"}, Askers, Silence);
        time_is_over ->
            exit(Pid, kill),
            tell({fails, lists:concat(["no answer within ", Time div 1000, " s"])}, Askers, Silence);
        {outcome, Client, Question} ->
            wait(Pid, Reference, Time, Silence, [{Client, Question} | Askers])
    after Silence ->
        exit(Pid, kill)
    end.

tell(Answer, Askers, Silence) ->
    _ = [Client ! {Question, Answer} || {Client, Question} <- Askers],
    keep(Answer, Silence).

keep(Answer, Silence) ->
    receive
        {outcome, Client, Question} -> Client ! {Question, Answer}, keep(Answer, Silence);
        heard -> ok;
        _ -> keep(Answer, Silence)
    after Silence -> ok
    end.

%% The answer: of a probe holds or {fails, Text}; `running` after so many milliseconds; {lost, Text} where
%% nobody has it any more.
outcome(Keeper, Wait) ->
    Question = monitor(process, Keeper),
    Keeper ! {outcome, self(), Question},
    receive
        {Question, Answer} -> demonitor(Question, [flush]), Keeper ! heard, Answer;
        {'DOWN', Question, process, Keeper, _} -> {lost, "its answer was lost"}
    after Wait ->
        demonitor(Question, [flush]),
        running
    end.

judge(Module, Function) ->
    try Module:Function() of
        true -> holds;
        ok -> holds;
        Other -> {fails, "it returned " ++ shape(Other) ++ ", and not true or ok"}
    catch
        Class:Reason:Stack -> {fails, crash(Module, Function, Class, Reason, Stack)}
    end.

crash(Module, Function, error, undef, [{Module, Function, _, _} | _]) ->
    "the node has no such function";
crash(_, _, Class, Reason, _) ->
    lists:concat(["it crashed, ", Class, ": ", shape(Reason)]).

shape(Atom) when is_atom(Atom) -> lists:flatten(io_lib:format("~tp", [Atom]));
shape(Tuple) when is_tuple(Tuple), is_atom(element(1, Tuple)) -> "{" ++ shape(element(1, Tuple)) ++ ",...}";
shape(_) -> "another term".
