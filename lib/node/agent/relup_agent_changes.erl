%% SPDX-License-Identifier: Apache-2.0
%%
%% What the steps of a script ask of a process: code_change, once for each of its modules, and to go
%% on; and what its answers mean for the install. A process that has ended is no failure, and one
%% whose code_change fails, or is silent, is: what is thrown for it restarts the node.
-module(?CHANGES).

-export([patience/0, of_step/1, requests/3, count/3]).

%% How long a process may take to be suspended after code was loaded already, or for code_change, in
%% milliseconds. Giving up means a restart of the node, so it is longer than OTP's 5 s.
patience() -> 60000.

%% It is resumed once, after all of its changes.
requests(Modules, Steps, State) ->
    Changes = [{change_code, Module, vsn(Mode, Module, State), Extra}
               || Step <- Steps, {Mode, Module, Extra} <- of_step(Step), lists:member(Module, Modules)],
    Resumed = [Module || {resume, List} <- Steps, Module <- List, lists:member(Module, Modules)],
    Changes ++ [resume || Resumed =/= []].

of_step({code_change, List}) -> [{up, Module, Extra} || {Module, Extra} <- List];
of_step({code_change, Mode, List}) -> [{Mode, Module, Extra} || {Module, Extra} <- List];
of_step(_) -> [].

vsn(Mode, Module, #{code := Code}) ->
    case {Mode, Code} of
        {up, #{Module := {_, _, Old, _}}} -> Old;
        {down, #{Module := {_, _, _, New}}} -> {down, New};
        {up, _} -> undefined;
        {down, _} -> {down, undefined}
    end.

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
