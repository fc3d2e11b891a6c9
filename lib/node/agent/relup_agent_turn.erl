%% SPDX-License-Identifier: Apache-2.0
%%
%% Whose turn it is with the relup of a release.
%%
%% check_install_release/1 runs what a relup has before its point of no return. While relup's engine
%% installs, that is the engine itself (relup_agent_onestep.erl): a check at that moment would run
%% the script, and the install after it would run it once more. So the two take turns. The name is
%% that of no version of relup, since two of them may be at the node.
-module(?TURN).

-export([take/1, check_install/1]).

-define(NAME, relup_turn).
%% How long a check waits for an install, in milliseconds.
-define(PATIENCE, 30000).

%% What Work() answers, in a process that has no name of its own.
take(Work) ->
    {ok, Answer} = take(Work, infinity),
    Answer.

%% As release_handler:check_install_release/1; {error, install_under_way} when one takes long.
check_install(Vsn) ->
    case take(fun() -> release_handler:check_install_release(Vsn) end, ?PATIENCE) of
        {ok, Answer} -> Answer;
        busy -> {error, install_under_way}
    end.

take(Work, Patience) ->
    try register(?NAME, self()) of
        true ->
            try
                {ok, Work()}
            after
                unregister(?NAME)
            end
    catch
        error:badarg -> wait(Work, Patience)
    end.

%% Whoever has it ends soon after.
wait(Work, Patience) ->
    Begin = erlang:monotonic_time(millisecond),
    Reference = monitor(process, ?NAME),
    receive
        {'DOWN', Reference, process, _, _} -> take(Work, left(Patience, Begin))
    after Patience ->
        demonitor(Reference, [flush]),
        busy
    end.

left(infinity, _) -> infinity;
left(Patience, Begin) -> max(0, Patience - (erlang:monotonic_time(millisecond) - Begin)).
