#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% OTP's side of archive_bench: a release of all of its libraries.
%%
%%     otp_archive.escript prepare DIR    DIR/otp.rel, DIR/root with what make_tar would pack, and
%%                                        DIR/node, a root from which a node can start
%%     otp_archive.escript make_tar DIR   DIR/otp.tar.gz
-mode(compile).

main(["prepare", Dir]) ->
    ok = filelib:ensure_dir(filename:join(Dir, "x")),
    Applications = lists:sort(fun(A, B) -> rank(A) =< rank(B) end, applications()),
    Release = {release, {"otp", "1"}, {erts, erlang:system_info(version)}, Applications},
    ok = file:write_file(filename:join(Dir, "otp.rel"), io_lib:format("~p.~n", [Release])),
    main(["make_tar", Dir]),
    [unpack(Dir, Root) || Root <- ["root", "node"]],
    Lib = filename:join([Dir, "node", "lib"]),
    {ok, Names} = file:list_dir(Lib),
    [ok = file:del_dir_r(filename:join(Lib, Name))
     || Name <- Names, not lists:member(hd(string:split(Name, "-")), ["kernel", "stdlib", "sasl"])],
    ok = file:del_dir_r(filename:join([Dir, "node", "releases"])),
    ok = filelib:ensure_dir(filename:join([Dir, "node", "releases", "x"]));
main(["make_tar", Dir]) ->
    ok = file:set_cwd(Dir),
    ok = systools:make_script("otp", [local, no_warn_sasl]),
    ok = systools:make_tar("otp", [{erts, code:root_dir()}]).

applications() ->
    Apps = filelib:wildcard("*-*/ebin/*.app", code:lib_dir()),
    [{Name, proplists:get_value(vsn, Keys), load}
     || File <- Apps,
        {ok, [{application, Name, Keys}]} <- [file:consult(filename:join(code:lib_dir(), File))],
        Name =/= kernel, Name =/= stdlib, Name =/= sasl] ++
        [begin ok = load(A), {ok, V} = application:get_key(A, vsn), {A, V} end
         || A <- [kernel, stdlib, sasl]].

load(Application) ->
    case application:load(Application) of
        {error, {already_loaded, _}} -> ok;
        Other -> Other
    end.

rank({kernel, _}) -> 0;
rank({stdlib, _}) -> 1;
rank({sasl, _}) -> 2;
rank(_) -> 3.

unpack(Dir, Root) ->
    To = filename:join(Dir, Root),
    ok = filelib:ensure_dir(filename:join(To, "x")),
    ok = erl_tar:extract(filename:join(Dir, "otp.tar.gz"), [compressed, {cwd, To}]).
