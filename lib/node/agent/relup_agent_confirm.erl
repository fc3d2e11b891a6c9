%% SPDX-License-Identifier: Apache-2.0
%%
%% An install that must be confirmed in time, or the node goes back by itself, whatever has become of
%% the relup that asked for it and of the line to it.
%%
%% The timer is a process with a name that all versions of relup know. It ends when the release is
%% committed, when somebody calls it off, or when the release that it watches is not the one that
%% runs uncommitted any more.
%%
%%     waiting --time is over--> going back --the old release runs--> ended
%%       ^  '--commit--> held --done--> ended
%%       '-----failed-----'
%%
%% Going back is an install as any other, and a job, so that whoever connects meanwhile is told. It
%% must not kill anybody either: as long as somebody runs old code of a module that the script back
%% would purge brutally, it waits. What is refused is tried again.
-module(?CONFIRM).

-export([arm/5, disarm/0, state/0, is_armed/0, commit/1]).

-define(NAME, relup_confirmation).
-define(RETRY, 2000).

%% Goes back from the release New to Old when it is not committed within so many milliseconds.
%% Spared are the modules whose old code the way back would purge brutally; Back is how it installs
%% {How, Quiesce} (relup_agent_release:install/4).
arm(Root, {New, Old}, Spared, Time, Back) ->
    _ = disarm(),
    Parent = self(),
    Timer = spawn(fun() ->
        true = register(?NAME, self()),
        ok = ?REGISTRAR:join(self()),
        Parent ! {self(), armed},
        waiting({Root, New, Old, Spared, Back}, erlang:monotonic_time(millisecond) + Time)
    end),
    Reference = monitor(process, Timer),
    receive
        {Timer, armed} -> demonitor(Reference, [flush]), ok;
        {'DOWN', Reference, process, Timer, _} -> {error, busy}
    end.

%% ok, `none` where there is no timer, or {error, going_back}.
disarm() ->
    question(disarm).

%% {waiting, New, Old, MillisecondsLeft}, {going_back, New, Old}, or `none`.
state() ->
    question(state).

is_armed() ->
    whereis(?NAME) =/= undefined.

%% Commit() while the timer is held; the timer is over when that has answered {ok, _}.
commit(Commit) ->
    case question(hold) of
        none ->
            Commit();
        {error, going_back} = Error ->
            Error;
        {held, Timer} ->
            Answer = Commit(),
            Timer ! {self(), commit_answered, Answer},
            Answer
    end.

question(What) ->
    case whereis(?NAME) of
        undefined ->
            none;
        Timer ->
            Reference = monitor(process, Timer),
            Timer ! {What, self(), Reference},
            receive
                {Reference, Answer} -> demonitor(Reference, [flush]), Answer;
                {'DOWN', Reference, process, Timer, _} -> none
            after ?RETRY ->
                demonitor(Reference, [flush]),
                {error, going_back}
            end
    end.

waiting({_, New, Old, _, _} = Task, Deadline) ->
    Left = max(0, Deadline - erlang:monotonic_time(millisecond)),
    receive
        {disarm, Client, Reference} ->
            Client ! {Reference, ok};
        {state, Client, Reference} ->
            Client ! {Reference, {waiting, New, Old, Left}},
            waiting(Task, Deadline);
        {hold, Client, Reference} ->
            Client ! {Reference, {held, self()}},
            held(Client, monitor(process, Client), Task, Deadline)
    after Left ->
        going_back(Task, held_up)
    end.

held(Client, Monitor, Task, Deadline) ->
    receive
        {Client, commit_answered, {ok, _}} ->
            ok;
        {Client, commit_answered, _} ->
            demonitor(Monitor, [flush]),
            waiting(Task, Deadline);
        {'DOWN', Monitor, process, Client, _} ->
            waiting(Task, Deadline)
    end.

%% `held_up` until the install has begun: so long it can still be called off, or committed.
going_back({_, New, _, _, _} = Task, Stage) ->
    case what_runs() of
        busy -> pause(Task, Stage);
        [New] -> pause(Task, begin_to_go_back(Task));
        _ -> ok
    end.

begin_to_go_back({Root, _, Old, Spared, Back}) ->
    case nobody_is_hurt(Spared) andalso ?AGENT:ask({install, Root, Old, Back}) of
        ok -> begun;
        _ -> held_up
    end.

%% The release that runs uncommitted, in a list. An install keeps the release handler busy, so that
%% is not asked as long as one runs.
what_runs() ->
    case ?AGENT:ask({outcome, 0}) of
        {running, _, _} -> busy;
        _ -> [Vsn || {_, Vsn, _, current} <- release_handler:which_releases()]
    end.

nobody_is_hurt(Spared) ->
    ?PURGE:softly(Spared) =:= [].

pause(Task, Stage) ->
    _ = erlang:send_after(?RETRY, self(), go_on),
    pause_until_told(Task, Stage).

pause_until_told({_, New, Old, _, _} = Task, Stage) ->
    receive
        go_on ->
            going_back(Task, Stage);
        {state, Client, Reference} ->
            Client ! {Reference, {going_back, New, Old}},
            pause_until_told(Task, Stage);
        {disarm, Client, Reference} when Stage =:= held_up ->
            Client ! {Reference, ok};
        {hold, Client, Reference} when Stage =:= held_up ->
            Client ! {Reference, {held, self()}},
            held(Client, monitor(process, Client), Task, erlang:monotonic_time(millisecond));
        {_, Client, Reference} ->
            Client ! {Reference, {error, going_back}},
            pause_until_told(Task, Stage)
    end.
