#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% compile_variants.escript DIR
%%
%% Compiles one small module in many ways into DIR/VARIANT.beam, and writes DIR/md5: a line
%% `VARIANT MD5` for each, as beam_lib:md5/1 gives it.
-mode(compile).

main([Dir]) ->
    file:set_cwd(Dir),
    [compile_variant(Name, Source, Options) || {Name, Source, Options} <- variants()],
    {ok, Plain} = file:read_file("plain.beam"),
    {ok, {_, Stripped}} = beam_lib:strip(Plain),
    ok = file:write_file("stripped.beam", zlib:gunzip(Stripped)),
    ok = file:write_file("stripped_compressed.beam", Stripped),
    Lines = [[filename:basename(File, ".beam"), " ", md5(File), "\n"]
             || File <- filelib:wildcard("*.beam")],
    ok = file:write_file("md5", Lines).

variants() ->
    Plain = source(#{}),
    [{"plain", Plain, []},
     {"debug", Plain, [debug_info]},
     {"deterministic", Plain, [deterministic]},
     {"compressed", Plain, [compressed]},
     {"lines_shifted", ["\n\n\n", Plain], []},
     {"note_changed", source(#{note => "two"}), []},
     {"vsn_changed", source(#{vsn => "-vsn(\"2\").\n"}), []},
     {"code_changed", source(#{step => "2"}), []},
     {"no_funs", "-module(small).\n-export([f/0]).\nf() -> 1.\n", []}].

compile_variant(Name, Source, Options) ->
    ok = file:write_file("small.erl", Source),
    {ok, small} = compile:file("small.erl", [report | Options]),
    ok = file:rename("small.beam", Name ++ ".beam").

source(Changes) ->
    #{note := Note, vsn := Vsn, step := Step} =
        maps:merge(#{note => "one", vsn => "", step => "1"}, Changes),
    ["-module(small).\n",
     "-behaviour(gen_server).\n",
     "-behavior(gen_event).\n",
     Vsn,
     "-note(", Note, ").\n",
     "-export([init/1, handle_call/3, handle_cast/2, handle_event/2, later/1]).\n",
     "init(State) -> {ok, State}.\n",
     "handle_call({literal, [1, 2, 3]}, _From, State) -> {reply, step(State), State}.\n",
     "handle_cast(_, State) -> {noreply, lists:map(fun(N) -> N + length(State) end, State)}.\n",
     "handle_event(_, State) -> {ok, State}.\n",
     "later(N) -> fun() -> step(N) end.\n",
     "step(N) -> erlang:phash2({N, " , Step, "}).\n"].

md5(File) ->
    {ok, {small, Digest}} = beam_lib:md5(File),
    [io_lib:format("~2.16.0b", [Byte]) || <<Byte>> <= Digest].
