%% SPDX-License-Identifier: Apache-2.0
%%
%% The release handler of the node, and what has to be right around it.
%%
%% It belongs to the emulator's root. A release that brings no emulator (include_erts: false) runs
%% from the root of the system's OTP, and there the release handler would keep its releases. RELDIR
%% shows it the right place: a setting of sasl would be gone after the next install. Libraries are
%% then found at absolute places. Where the root is the release's own, paths in RELEASES are
%% relative, so that the root may be moved.
-module(?RELEASE).

-export([booted/1, releases_directory/0, settle/1, register/2, remove/2, install/4, commit/2]).

booted(Root) ->
    {Name, Vsn} = init:script_id(),
    Directory = releases_directory(),
    case is_same(Directory, filename:join(Root, "releases")) of
        true -> {Name, Vsn, here};
        false -> {Name, Vsn, {elsewhere, Directory}}
    end.

%% The release handler has no function that tells it.
releases_directory() ->
    element(4, sys:get_state(release_handler)).

is_same(One, Other) ->
    case {file:read_file_info(One), file:read_file_info(Other)} of
        {{ok, Info}, {ok, Info}} -> true;
        _ -> false
    end.

is_own_emulator(Root) ->
    is_same(code:root_dir(), Root).

%% A restart of the release handler forgets which release is current, so it is done only where it
%% does not look at our releases at all.
settle(Root) ->
    Releases = filename:join(Root, "releases"),
    {_, Vsn, Place} = booted(Root),
    case {Place, filelib:is_regular(filename:join(Releases, "RELEASES"))} of
        {here, true} -> ok;
        {_, true} -> point_to(Releases);
        {_, false} -> seed(Root, Releases, Vsn)
    end.

seed(Root, Releases, Vsn) ->
    RelFile = rel_file(Releases, Vsn),
    case release_handler:create_RELEASES(paths_from(Root), Releases, RelFile, libraries(Root, RelFile)) of
        ok -> close_to_others(filename:join(Releases, "RELEASES")), point_to(Releases);
        {error, _} = Error -> Error
    end.

%% Only its owner may write it, whatever the umask of the node is.
close_to_others(File) ->
    {ok, Info} = file:read_file_info(File),
    ok = file:change_mode(File, element(8, Info) band 8#644).

paths_from(Root) ->
    case is_own_emulator(Root) of
        true -> "";
        false -> Root
    end.

%% Its supervisor stops it: when it is killed, sasl takes the node down.
point_to(Releases) ->
    case is_same(releases_directory(), Releases) of
        true -> ok;
        false -> os:putenv("RELDIR", Releases), application:unset_env(sasl, releases_dir)
    end,
    ok = supervisor:terminate_child(sasl_sup, release_handler),
    {ok, _} = supervisor:restart_child(sasl_sup, release_handler),
    ok.

rel_file(Releases, Vsn) ->
    Files = [filename:join(Releases, Name) || Pattern <- [Vsn ++ "/*.rel", "*.rel"], Name <- filelib:wildcard(Pattern, Releases)],
    hd([File || File <- Files, {ok, [{release, {_, Each}, _, _}]} <- [file:consult(File)], Each =:= Vsn, not is_bare(File)]).

is_bare(File) ->
    lists:member(filename:basename(File, ".rel"), ["start_clean", "no_dot_erlang"]).

%% Where the libraries are that are not below the emulator's root.
libraries(Root, RelFile) ->
    case is_own_emulator(Root) of
        true -> [];
        false -> [library(Root, element(1, App), element(2, App)) || App <- applications_in(RelFile)]
    end.

applications_in(RelFile) ->
    {ok, [{release, _, _, Apps}]} = file:consult(RelFile),
    Apps.

library(Root, App, Vsn) ->
    Own = filename:join(Root, "lib"),
    case filelib:is_dir(filename:join(Own, lists:concat([App, "-", Vsn]))) of
        true -> {App, Vsn, Own};
        false -> {App, Vsn, code:lib_dir()}
    end.

register(Root, RelFile) ->
    release_handler:set_unpacked(RelFile, libraries(Root, RelFile)).

%% The release handler removes what it takes to be unused below the emulator's root, and that may be
%% OTP's own.
remove(Root, Vsn) ->
    case is_own_emulator(Root) of
        true -> release_handler:remove_release(Vsn);
        false -> remove_from(Root, Vsn, release_handler:which_releases())
    end.

remove_from(Root, Vsn, Releases) ->
    Kept = lists:append([Libraries || {_, Each, Libraries, _} <- Releases, Each =/= Vsn]),
    Unused = lists:append([Libraries || {_, Each, Libraries, _} <- Releases, Each =:= Vsn]) -- Kept,
    case release_handler:set_removed(Vsn) of
        ok ->
            Paths = [["releases", Vsn] | [["lib", Library] || Library <- Unused]],
            _ = [file:del_dir_r(filename:join([Root | Path])) || Path <- Paths],
            ok;
        {error, _} = Error ->
            Error
    end.

%% By the release handler's own engine, or by ours, which takes the script and the modules that may
%% be purged brutally: {engine, Script, Modules}. Clients wait meanwhile as Quiesce says, and what
%% the script says is kept for the operator.
install(Root, Vsn, How, Quiesce) ->
    ?START:keep_bootable(Root),
    ?SETTINGS:with_resolved(Root, Vsn, fun() ->
        Install = fun(Guard) -> install_by(spare(How, Quiesce), Root, Vsn, Guard) end,
        Work = fun() -> ?LINES:heard(fun() -> ?QUIESCE:around(Quiesce, Root, Vsn, Install) end) end,
        {Installed, Remarks} = ?REMARKS:watched(Work),
        case Installed of
            {Done, From, Told} when Done =:= ok; Done =:= installed ->
                ?CODE:point_to_protocols(Root, Vsn),
                {Done, From, Told, Remarks};
            _ ->
                Installed
        end
    end).

spare({engine, Script, Kill}, Quiesce) ->
    {engine, ?HELPERS:spare(Script, proplists:get_value(upgrade_modules, Quiesce, [])), Kill};
spare(otp, _) ->
    otp.

%% The release handler's engine asks connections which children they have (ranch calls those of
%% cowboy supervisors), and restarts the node when one is suspended. So with it they go on.
install_by(otp, _, Vsn, _) ->
    Applications = ?APPLICATIONS:remember(),
    Answer = release_handler:install_release(Vsn),
    case {Answer, init:get_status()} of
        {{error, _}, {started, _}} -> ?APPLICATIONS:put_back(Applications);
        _ -> ok
    end,
    Answer;
install_by({engine, Script, Kill}, Root, Vsn, Guard) ->
    ?ENGINE:install(Root, Vsn, Script, Kill, Guard).

commit(Root, Vsn) ->
    case release_handler:make_permanent(Vsn) of
        ok -> {ok, ?START:follow(Root, Vsn)};
        {error, _} = Error -> Error
    end.
