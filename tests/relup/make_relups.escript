#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% make_relups.escript ROOT...: what systools:make_relup/4 answers for the pair of releases in each
%% ROOT (ROOT/old of version 1, ROOT/new of version 2), a line each; `ok` where it makes a relup.

main(Roots) ->
    lists:foreach(fun(Root) -> io:format("~0tp.~n", [answer(Root)]) end, Roots).

answer(Root) ->
    Old = filename:join(Root, "old/releases/1/shop"),
    Path = [filename:join(Root, "new/lib/*/ebin"), filename:join(Root, "old/lib/*/ebin")],
    Top = filename:join(Root, "new/releases/2/shop"),
    case systools:make_relup(Top, [Old], [Old], [{path, Path}, silent, noexec]) of
        {error, Module, Reason} -> {error, Module, Reason};
        Made when element(1, Made) =:= ok -> ok
    end.
