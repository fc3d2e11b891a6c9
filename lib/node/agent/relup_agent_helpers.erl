%% SPDX-License-Identifier: Apache-2.0
%%
%% Modules that serve only the upgrade: they are there before the first instruction of the script
%% and until after the last one, and then they are gone.
%%
%% They come from the release that the change leads to; where that has none of the name, as on the
%% way down, from the one that runs. The script's own instructions for them are left out, so that
%% none of them takes one away too early.
-module(?HELPERS).

-export([with/4, spare/2]).

%% The result of Work(), for the time of which Modules are loaded; {error, {not_begun, Reason}}, with
%% nothing loaded, where that cannot be. When Work answers an error, what was there before is again.
with([], _, _, Work) ->
    Work();
with(Modules, Root, Vsn, Work) ->
    case load(Modules, Root, Vsn) of
        {ok, Helpers} -> with_loaded(Helpers, Work);
        {error, Reason} -> {error, {not_begun, Reason}}
    end.

with_loaded(Helpers, Work) ->
    try Work() of
        Result when element(1, Result) =:= error ->
            put_back(Helpers),
            Result;
        Result ->
            lists:foreach(fun({Module, _}) -> unload(Module) end, Helpers),
            Result
    catch
        Class:Reason:Stack ->
            put_back(Helpers),
            erlang:raise(Class, Reason, Stack)
    end.

load(Modules, Root, Vsn) ->
    Libraries = libraries(Root, Vsn),
    try [read(Module, Libraries) || Module <- Modules] of
        Read -> load_all(Read, [])
    catch
        throw:Reason -> {error, Reason}
    end.

load_all([], Done) ->
    {ok, Done};
load_all([{Module, File, Bytes} | Rest], Done) ->
    Helper = {Module, what_is_there(Module)},
    case code:soft_purge(Module) andalso code:load_binary(Module, File, Bytes) of
        {module, Module} ->
            load_all(Rest, [Helper | Done]);
        false ->
            put_back(Done),
            {error, {old_processes, Module}};
        {error, Reason} ->
            put_back(Done),
            {error, {not_loaded, Module, Reason}}
    end.

what_is_there(Module) ->
    case erlang:module_loaded(Module) andalso code:get_object_code(Module) of
        {Module, Bytes, File} -> {File, Bytes};
        _ -> nothing
    end.

%% What a process still runs stays as old code: nobody is killed.
unload(Module) ->
    _ = code:soft_purge(Module),
    _ = code:delete(Module),
    _ = code:soft_purge(Module),
    ok.

%% As it was before.
put_back(Helpers) ->
    lists:foreach(fun put_one_back/1, Helpers).

put_one_back({Module, nothing}) ->
    unload(Module);
put_one_back({Module, {File, Bytes}}) ->
    _ = code:soft_purge(Module) andalso code:load_binary(Module, File, Bytes),
    _ = code:soft_purge(Module),
    ok.

%% The script without its loads and removals of Modules.
spare(Script, []) ->
    Script;
spare(Script, Modules) ->
    [Step || Step <- Script, not switches(Step, Modules)].

switches({load, {Module, _, _}}, Modules) -> lists:member(Module, Modules);
switches({remove, {Module, _, _}}, Modules) -> lists:member(Module, Modules);
switches(_, _) -> false.

%% Where the libraries are of the release Vsn, and behind them those of the releases that run.
libraries(Root, Vsn) ->
    {ok, [Releases]} = file:consult(filename:join([Root, "releases", "RELEASES"])),
    Known = release_handler:which_releases(),
    Running = [Each || {_, Each, _, Status} <- Known, lists:member(Status, [current, tmp_current, permanent])],
    [filename:absname(Place, Root)
     || Wanted <- [Vsn | Running], {release, _, Each, _, Libraries, _} <- Releases, Each =:= Wanted, {_, _, Place} <- Libraries].

read(Module, Libraries) ->
    Files = [filename:join([Place, "ebin", atom_to_list(Module) ++ ".beam"]) || Place <- Libraries],
    read_first(Module, Files).

read_first(Module, []) ->
    throw({no_upgrade_module, Module});
read_first(Module, [File | Others]) ->
    case erl_prim_loader:get_file(File) of
        {ok, Bytes, _} -> {Module, File, Bytes};
        error -> read_first(Module, Others)
    end.
