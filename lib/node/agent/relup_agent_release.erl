%% SPDX-License-Identifier: Apache-2.0
%%
%% The release handler of the node, and what has to be right around it.
%%
%% It belongs to the emulator's root. A release that brings no emulator (include_erts: false) runs
%% from the root of the system's OTP, and there the release handler would keep its releases. RELDIR
%% shows it the right place: a setting of sasl would be gone after the next install. Libraries are
%% then found at absolute places. Where the root is the release's own, paths in RELEASES are
%% relative, so that the root may be moved. relup writes the file; here the node learns of it.
-module(?RELEASE).

-export([booted/1, releases_directory/0, known/0, settle/2, register/2, install/4, commit/2]).

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

%% The releases that the release handler knows, with their libraries and where these are, as RELEASES
%% has them. It has no function that tells it.
known() ->
    element(5, sys:get_state(release_handler)).

%% Makes the release handler work in this root, and know these releases, which are those of RELEASES.
%% A restart of it forgets which release is current, so it is done only where it does not look at our
%% releases at all.
settle(Root, Known) ->
    case booted(Root) of
        {_, _, here} -> learn(Known);
        {_, _, {elsewhere, _}} -> point_to(filename:join(Root, "releases"))
    end.

learn(Known) ->
    true = lists:all(fun is_release/1, Known ++ known()),
    _ = sys:replace_state(release_handler, fun(State) -> setelement(5, State, Known) end),
    ok.

is_release({release, _, _, _, _, _}) -> true;
is_release(_) -> false.

%% Its supervisor stops it: when it is killed, sasl takes the node down.
point_to(Releases) ->
    os:putenv("RELDIR", Releases),
    application:unset_env(sasl, releases_dir),
    ok = supervisor:terminate_child(sasl_sup, release_handler),
    {ok, _} = supervisor:restart_child(sasl_sup, release_handler),
    ok.

%% Where the libraries are: below the emulator's root, in paths relative to it, or at their places.
libraries(Root, RelFile) ->
    Library =
        case is_own_emulator(Root) of
            true -> fun(App, Vsn) -> {App, Vsn, "lib"} end;
            false -> fun(App, Vsn) -> library(Root, App, Vsn) end
        end,
    [Library(element(1, App), element(2, App)) || App <- applications_in(RelFile)].

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
