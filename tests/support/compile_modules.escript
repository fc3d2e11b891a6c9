#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% compile_modules.escript DIR
%%
%% Compiles every DIR/LABEL/MODULE.erl to MODULE.beam beside it. Options stand in the modules
%% themselves, as -compile attributes.
-mode(compile).

main([Dir]) ->
    Files = filelib:wildcard(filename:join([Dir, "*", "*.erl"])),
    [{ok, _} = compile:file(File, [{outdir, filename:dirname(File)}, report_errors]) || File <- Files].
