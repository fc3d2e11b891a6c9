#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% compare_dirs.escript OLD NEW: which modules differ between two release roots, as far as Erlang's
%% own library says it. beam_lib:cmp_dirs finds the files that differ in any chunk but those for
%% debugging; beam_lib:md5 says of which the code differs. It compares and does no more: no appup is
%% written.
-mode(compile).

main([Old, New]) ->
    OldApplications = applications(Old),
    Pairs = [{Directory, filename:join(New, To)} || {Name, To} <- ebin_directories(New),
                {ok, Directory} <- [maps:find(Name, OldApplications)]],
    Verdicts = lists:append([compare(Before, After) || {Before, After} <- Pairs]),
    [io:format("~ts ~ts~n", [Verdict, Module]) || {Verdict, Module} <- Verdicts].

applications(Root) ->
    maps:from_list([{Name, filename:join(Root, To)} || {Name, To} <- ebin_directories(Root)]).

ebin_directories(Root) ->
    [{hd(string:split(hd(filename:split(string:prefix(Path, "lib/"))), "-")), Path}
     || Path <- filelib:wildcard("lib/*/ebin", Root)].

compare(Before, After) ->
    {_, _, Different} = beam_lib:cmp_dirs(Before, After),
    [{verdict(beam_lib:md5(One), beam_lib:md5(Other)), filename:basename(One, ".beam")}
     || {One, Other} <- Different].

verdict({ok, Same}, {ok, Same}) -> rebuilt;
verdict({ok, _}, {ok, _}) -> changed.
