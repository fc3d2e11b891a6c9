#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% build_release.escript SRC_DIR OUT_ROOT [--otp-libs]
%%
%% Makes a release root in OUT_ROOT of the application whose source is in SRC_DIR:
%%
%%     SRC_DIR/src/*.erl, NAME.app.src       lib/NAME-VSN/ebin/*.beam, NAME.app
%%     SRC_DIR/config/sys.config, vm.args    releases/VSN/sys.config, vm.args
%%                                           releases/VSN/NAME.rel, start.script, start.boot
%%                                           releases/start_erl.data
%%     start_release.sh, beside this file    bin/NAME
%%
%% The release holds kernel, stdlib, sasl, the application and all that it needs, and has the
%% application's name and version. What is not of OTP is looked for in libraries/, beside this file. It has no RELEASES file, as the usual release builders write none either. With
%% --otp-libs the Erlang runtime and the OTP applications are copied in, and the release runs;
%% without, they are left out, as in a release that relies on an installed Erlang.
%%
%% The same input gives the same bytes, whatever OUT_ROOT is called.
-mode(compile).

-define(OTP_APPLICATIONS, [kernel, stdlib, sasl]).
-define(RUNTIME_PROGRAMS, [
    "beam.smp", "epmd", "erl_child_setup", "erlexec", "heart", "inet_gethost"
]).

main([Source, Root]) ->
    build(Source, Root);
main([Source, Root, "--otp-libs"]) ->
    build(Source, Root),
    copy_runtime(Root),
    [copy_otp_application(Library, Root) || Library <- libraries(Source)];
main(_) ->
    fail("usage: build_release.escript SRC_DIR OUT_ROOT [--otp-libs]", []).

build(Source, Root) ->
    code:add_pathsz(filelib:wildcard(filename:join([beside_this_file("libraries"), "*", "ebin"]))),
    {Name, Vsn} = build_application(Source, Root),
    Release = filename:join([Root, "releases", Vsn]),
    write_rel(Release, Name, Vsn, libraries(Source)),
    write_boot_script(Release, Name, Root),
    [copy(filename:join([Source, "config", File]), filename:join(Release, File))
     || File <- ["sys.config", "vm.args"]],
    write(filename:join([Root, "releases", "start_erl.data"]), [runtime_version(), " ", Vsn]),
    copy(beside_this_file("start_release.sh"), filename:join([Root, "bin", Name])).

beside_this_file(Name) ->
    filename:join(filename:dirname(escript:script_name()), Name).

%% What the application needs, each behind what it needs itself.
libraries(Source) ->
    {ok, [{application, _, Keys}]} = file:consult(resource_file(Source)),
    add_needed(proplists:get_value(applications, Keys), ?OTP_APPLICATIONS).

add_needed(Applications, Found) ->
    lists:foldl(fun add_with_needed/2, Found, Applications).

add_with_needed(Application, Found) ->
    case lists:member(Application, Found) of
        true -> Found;
        false -> add_needed(needed(Application), Found) ++ [Application]
    end.

needed(Application) ->
    _ = application:load(Application),
    {ok, Applications} = application:get_key(Application, applications),
    Applications.

%% Compiles the application and completes its resource file; returns its name and version.
build_application(Source, Root) ->
    {ok, [{application, Name, Keys}]} = file:consult(resource_file(Source)),
    Vsn = proplists:get_value(vsn, Keys),
    Ebin = filename:join([Root, "lib", versioned(Name, Vsn), "ebin"]),
    make_dir(Ebin),
    Files = lists:sort(filelib:wildcard(filename:join([Source, "src", "*.erl"]))),
    Modules = [compile_module(File, Ebin) || File <- Files],
    Complete = lists:keyreplace(modules, 1, Keys, {modules, Modules}),
    write_term(filename:join(Ebin, atom_to_list(Name) ++ ".app"), {application, Name, Complete}),
    {atom_to_list(Name), Vsn}.

resource_file(Source) ->
    case filelib:wildcard(filename:join([Source, "src", "*.app.src"])) of
        [File] -> File;
        _ -> fail("~ts does not hold the source of one application", [Source])
    end.

compile_module(File, Ebin) ->
    Options = [{outdir, Ebin}, debug_info, deterministic, report, warnings_as_errors],
    case compile:file(File, Options) of
        {ok, Module} -> Module;
        error -> fail("~ts does not compile", [File])
    end.

write_rel(Release, Name, Vsn, Libraries) ->
    Versions = [{Library, otp_version(Library)} || Library <- Libraries],
    Applications = Versions ++ [{list_to_atom(Name), Vsn}],
    write_term(filename:join(Release, Name ++ ".rel"),
               {release, {Name, Vsn}, {erts, runtime_version()}, Applications}).

%% systools writes its paths relative to $ROOT, the release root at run time. It also writes the
%% time of day into start.script, which we therefore write once more without.
write_boot_script(Release, Name, Root) ->
    Options = [
        silent,
        no_warn_sasl,
        {outdir, Release},
        {path, [filename:join([Root, "lib", "*", "ebin"])]},
        {script_name, "start"}
    ],
    case systools:make_script(filename:join(Release, Name), Options) of
        {ok, _, []} -> ok;
        {ok, Module, Warnings} -> fail("~ts", [Module:format_warning(Warnings)]);
        {error, Module, Error} -> fail("~ts", [Module:format_error(Error)])
    end,
    Script = filename:join(Release, "start.script"),
    {ok, [Term]} = file:consult(Script),
    write_term(Script, Term).

copy_runtime(Root) ->
    Bin = filename:join("erts-" ++ runtime_version(), "bin"),
    [copy(filename:join([code:root_dir(), Bin, Program]), filename:join([Root, Bin, Program]))
     || Program <- ?RUNTIME_PROGRAMS].

copy_otp_application(Application, Root) ->
    From = code:lib_dir(Application),
    To = filename:join([Root, "lib", versioned(Application, otp_version(Application))]),
    [copy(File, filename:join(To, string:prefix(File, From ++ "/")))
     || Folder <- ["ebin", "priv"],
        File <- filelib:wildcard(filename:join([From, Folder, "**"])),
        filelib:is_regular(File)].

runtime_version() ->
    erlang:system_info(version).

otp_version(Application) ->
    _ = application:load(Application),
    {ok, Vsn} = application:get_key(Application, vsn),
    Vsn.

versioned(Name, Vsn) ->
    lists:concat([Name, "-", Vsn]).

write_term(File, Term) ->
    write(File, unicode:characters_to_binary(io_lib:format("~tp.~n", [Term]))).

write(File, Content) ->
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, Content).

%% Copies content and mode.
copy(From, To) ->
    ok = filelib:ensure_dir(To),
    {ok, _} = file:copy(From, To),
    {ok, Info} = file:read_file_info(From),
    ok = file:write_file_info(To, Info).

make_dir(Directory) ->
    ok = filelib:ensure_dir(filename:join(Directory, "any")).

-spec fail(string(), [term()]) -> no_return().
fail(Format, Arguments) ->
    io:format(standard_error, Format ++ "~n", Arguments),
    halt(1).
