#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%! +S 1:1 +fnu +pc latin1 +t 8000000
%%
%% Answers what systools:make_relup/4 says. A request comes in on file descriptor 3 and its answer
%% goes out on 4, each as four bytes of length and a term in the external format:
%%   {Directory, Top, UpFrom, DownTo, Options} -> {Answer, Relup}
%% Answer is what make_relup returned, or {crash, Class, Text}; Relup is the file it wrote, or none.
%% The first answer, {ready, OtpRelease}, comes unasked. Once everything is loaded the code path is
%% only ".", so that no application of the running OTP is found.
-mode(compile).

-define(TIME_LIMIT, 20000).

main(_) ->
    load_all([kernel, stdlib, sasl]),
    true = code:set_path(["."]),
    Port = open_port({fd, 3, 4}, [binary, {packet, 4}, eof]),
    send(Port, {ready, list_to_integer(erlang:system_info(otp_release))}),
    loop(Port).

load_all(Applications) ->
    Modules = [list_to_atom(filename:basename(File, ".beam"))
               || Application <- Applications,
                  File <- filelib:wildcard(code:lib_dir(Application) ++ "/ebin/*.beam")],
    code:ensure_modules_loaded(Modules).

loop(Port) ->
    receive
        {Port, {data, Request}} ->
            send(Port, answer(binary_to_term(Request))),
            loop(Port);
        {Port, eof} ->
            ok
    end.

send(Port, Term) ->
    port_command(Port, term_to_binary(Term)).

%% In a process of its own: make_relup leaves tables behind when it fails, and may not come back.
answer({Directory, _, _, _, _} = Request) ->
    ok = file:set_cwd(Directory),
    Self = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> Self ! {self(), make_relup(Request)} end),
    receive
        {Pid, Answer} ->
            demonitor(Monitor, [flush]),
            {Answer, written_relup()};
        {'DOWN', Monitor, process, Pid, Reason} ->
            {{crash, exit, text(Reason)}, none}
    after ?TIME_LIMIT ->
            exit(Pid, kill),
            demonitor(Monitor, [flush]),
            {{crash, timeout, <<"no answer">>}, none}
    end.

make_relup({_, Top, UpFrom, DownTo, Options}) ->
    try
        systools:make_relup(Top, UpFrom, DownTo, Options)
    catch
        Class:Reason -> {crash, Class, text(Reason)}
    end.

written_relup() ->
    case file:read_file("relup") of
        {ok, Bytes} -> Bytes;
        {error, enoent} -> none
    end.

text(Reason) ->
    unicode:characters_to_binary(io_lib:format("~0tP", [Reason, 40])).
