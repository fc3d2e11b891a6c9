%% SPDX-License-Identifier: Apache-2.0
%%
%% Where the node runs from. Paths alone do not tell whether two roots are one: there are links,
%% bind mounts and containers, and a root may have been moved since the start. So each folder comes
%% with the identity that the file system gives it, and relup compares that with its own.
-module(?PLACE).

-export([of_node/1]).

%% A release handler that is at work answers nobody; in milliseconds.
-define(PATIENCE, 20).

%% A folder is {Path, {Device, Inode}}, or {Path, none} where there is none.
%%   named: Root, as the node sees it
%%   root: what the release runs from: where its boot file lies, else the emulator's own root, or
%%     Root where code of it is loaded
%%   emulator: code:root_dir/0
%%   releases: the folder that the release handler works in, or `busy`
of_node(Root) ->
    {Name, Vsn} = init:script_id(),
    [
        {release, {Name, Vsn}},
        {named, folder(Root)},
        {root, folder(booted_from(Root))},
        {emulator, folder(code:root_dir())},
        {releases, releases()}
    ].

folder(Path) ->
    case file:read_file_info(Path) of
        {ok, Info} -> {unicode:characters_to_binary(Path), {element(10, Info), element(12, Info)}};
        {error, _} -> {unicode:characters_to_binary(Path), none}
    end.

%% ROOT/releases/VSN/start, without .boot.
booted_from(Root) ->
    File = case init:get_argument(boot) of
        {ok, [[Named | _] | _]} -> filename:absname(Named);
        _ -> ""
    end,
    case lists:reverse(filename:split(File)) of
        [_, _, "releases" | [_ | _] = Above] -> filename:join(lists:reverse(Above));
        _ -> loaded_from(Root)
    end.

loaded_from(Root) ->
    Own = filename:join(Root, "lib") ++ "/",
    case [Path || {App, _, _} <- application:loaded_applications(), Path <- [code:lib_dir(App)], is_list(Path), lists:prefix(Own, Path)] of
        [] -> code:root_dir();
        _ -> Root
    end.

releases() ->
    case ?BESIDE:ask(fun() -> ?RELEASE:releases_directory() end, ?PATIENCE) of
        {ok, Directory} -> folder(Directory);
        _ -> busy
    end.
