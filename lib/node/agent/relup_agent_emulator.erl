%% SPDX-License-Identifier: Apache-2.0
%%
%% A second emulator beside the node: of the release that is to be tried, with nothing in it but
%% kernel and stdlib. It has no name and no distribution, its log goes nowhere, and it talks to the
%% process that has started it and to nobody else. It ends with that process, with the node, or when
%% it is told to; a guard sees to it that it has.
%%
%% A boot script is a term: what is left of the release's own without the start of its applications
%% and with the libraries of our choice is one that fits its emulator, in every layout.
-module(?EMULATOR).

-export([start/1, stop/1, place/3, environment/2, guard/3, has_ended/1]).

%% How long it takes at most to be there, in milliseconds.
-define(PATIENCE, 15000).

%% What it runs first: it takes the modules of the program and calls the first of them.
-define(BEGINNING,
    "P = open_port({fd, 3, 4}, [{packet, 4}, binary, eof]),"
    "receive {P, {data, B}} ->"
    " [{M, _} | _] = L = binary_to_term(B),"
    " [{module, N} = code:load_binary(N, \"sent\", C) || {N, C} <- L],"
    " port_command(P, term_to_binary(ready)), M:run(P) end."
).

%% #{root, erts, boot, paths, program}: the root of the release and the version of its emulator, a
%% boot script for it, the folders of code or the applications of the system that have them, the
%% modules. {ok, Port, Guard}; messages of the emulator come to the caller, as terms in packets.
start(#{root := Root, erts := Vsn, boot := Boot, program := Program} = Order) ->
    case {place(filename:join([Root, "erts-" ++ Vsn, "bin"]), Root, Vsn), file:read_file(Boot)} of
        {{_, _} = Place, {ok, Script}} -> start_from(Place, boot_script(binary_to_term(Script), paths(Order)), Program);
        {none, _} -> {error, {no_emulator, Vsn}};
        {_, {error, _}} -> {error, {no_boot_script, Boot}}
    end.

%% The release's own, or the one that the node runs on if it is the same.
place(Own, Root, Vsn) ->
    Binaries = os:getenv("BINDIR", ""),
    case {is_emulator(Own), erlang:system_info(version) =:= Vsn andalso is_emulator(Binaries)} of
        {true, _} -> {Own, Root};
        {_, true} -> {Binaries, code:root_dir()};
        _ -> none
    end.

is_emulator(Folder) ->
    filelib:is_regular(filename:join(Folder, "erlexec")).

paths(#{paths := Paths}) ->
    lists:append([path(Path) || Path <- Paths]).

%% One that the release adds need not be known to the node yet.
path({system, App}) ->
    case code:lib_dir(App) of
        {error, bad_name} -> filelib:wildcard(filename:join([code:lib_dir(), lists:concat([App, "-*"]), "ebin"]));
        Folder -> [filename:join(Folder, "ebin")]
    end;
path(Folder) ->
    [Folder].

start_from(Emulator, Script, Program) ->
    Place = ?SETTINGS:private_directory(),
    ok = file:write_file(filename:join(Place, "trial.boot"), term_to_binary(Script)),
    Port = open(Emulator, Place),
    {os_pid, OsPid} = erlang:port_info(Port, os_pid),
    Guard = guard(self(), OsPid, Place),
    port_command(Port, term_to_binary(Program)),
    receive
        {Port, {data, _}} -> _ = file:del_dir_r(Place), {ok, Port, Guard};
        {Port, {exit_status, Status}} -> stop(Guard), {error, {exit_status, Status}}
    after ?PATIENCE ->
        stop(Guard),
        {error, silent}
    end.

boot_script({script, Name, Commands}, Paths) ->
    {script, Name, [with_paths(Command, Paths) || Command <- Commands, is_bare(Command)]}.

is_bare({apply, {application, load, [{application, App, _}]}}) -> lists:member(App, [kernel, stdlib]);
is_bare({apply, {application, start_boot, [App | _]}}) -> lists:member(App, [kernel, stdlib]);
is_bare({apply, _}) -> false;
is_bare(_) -> true.

with_paths({path, _}, Paths) -> {path, Paths};
with_paths(Command, _) -> Command.

%% What it prints is nobody's. Should memory run out, it is the first to go.
open({Binaries, Root}, Place) ->
    Shell = "echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$@\" </dev/null >/dev/null 2>&1",
    Arguments = [
        "-c", Shell, "sh", filename:join(Binaries, "erlexec"),
        "+S", "2:2", "+SDcpu", "1:1", "+SDio", "1", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none",
        "-boot", filename:join(Place, "trial"), "-mode", "interactive", "-noinput",
        "-kernel", "start_distribution", "false", "-eval", ?BEGINNING
    ],
    Options = [nouse_stdio, exit_status, binary, {packet, 4}, {args, Arguments}, {env, environment(Binaries, Root)}],
    open_port({spawn_executable, "/bin/sh"}, Options).

%% The start script's, without flags that are meant for the node.
environment(Binaries, Root) ->
    [{"BINDIR", Binaries}, {"ROOTDIR", Root}, {"EMU", "beam"}, {"PROGNAME", "erl"}, {"HOME", os:getenv("HOME", "/")},
     {"ERL_CRASH_DUMP_SECONDS", "0"}, {"ERL_CRASH_DUMP", "/dev/null"} |
     [{Name, false} || Name <- ["ERL_LIBS", "ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ERL_INETRC" | release_flags()]]].

%% ERL_25_FLAGS and the like.
release_flags() ->
    [Name || Variable <- os:getenv(), [Name | _] <- [string:split(Variable, "=")], is_release_flag(Name)].

is_release_flag(Name) ->
    nomatch =/= re:run(Name, "^ERL_.*FLAGS$", [{capture, none}]).

%% Ends the emulator when its owner has ended, or says so.
guard(Owner, OsPid, Place) ->
    spawn(fun() ->
        Reference = monitor(process, Owner),
        receive
            {stop, Asker} ->
                put_end(OsPid, Place),
                Asker ! {self(), stopped};
            has_ended ->
                ok;
            {'DOWN', Reference, process, Owner, _} ->
                put_end(OsPid, Place)
        end
    end).

put_end(OsPid, Place) ->
    _ = os:cmd(lists:concat(["kill -KILL ", OsPid])),
    _ = file:del_dir_r(Place),
    ok.

%% Of its own; its number may be given to another process.
has_ended(Guard) ->
    Guard ! has_ended,
    ok.

%% Returns when the signal is sent.
stop(Guard) ->
    Reference = monitor(process, Guard),
    Guard ! {stop, self()},
    receive
        {Guard, stopped} -> demonitor(Reference, [flush]), ok;
        {'DOWN', Reference, process, Guard, _} -> ok
    end.
