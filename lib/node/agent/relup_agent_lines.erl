%% SPDX-License-Identifier: Apache-2.0
%%
%% What the functions say that a script calls, for the operator to read while the install goes on.
%%
%% They run in the process of the release handler. What a process prints goes to its group leader,
%% so for the time of the install that is a listener of ours: it passes all on to the one from
%% before, and keeps a copy. What is logged comes by a handler of logger, which takes what has this
%% group leader. Whoever was begun meanwhile by such a function has inherited the listener, and is
%% given back to the group leader from before when the install is done.
%%
%% Lines wait until they are fetched; one that is too long is cut, and what is too many is counted.
-module(?LINES).

-export([heard/1, take/0, stop/0]).
-export([log/2]).

-define(LINES_AT_MOST, 500).
-define(CHARACTERS_AT_MOST, 300).
-define(BYTES_AT_MOST, 65536).

%% The result of Work().
heard(Work) ->
    case whereis(release_handler) of
        undefined -> Work();
        Speaker -> heard(Speaker, Work)
    end.

heard(Speaker, Work) ->
    stop(),
    {group_leader, Before} = process_info(Speaker, group_leader),
    Ear = spawn(fun() -> listen(#{to => Before, begun => [], lines => [], room => ?LINES_AT_MOST, more => 0}) end),
    true = register(?MODULE, Ear),
    group_leader(Ear, Speaker),
    _ = logger:add_handler(?MODULE, ?MODULE, #{config => Ear}),
    try
        Work()
    after
        _ = logger:remove_handler(?MODULE),
        give_back(Before, Ear),
        ask(close)
    end.

%% Until nobody new is found: one who has inherited may just be beginning another.
give_back(Before, Ear) ->
    case [Pid || Pid <- processes(), process_info(Pid, group_leader) =:= {group_leader, Ear}] of
        [] ->
            ok;
        Pids ->
            _ = [catch group_leader(Before, Pid) || Pid <- Pids],
            give_back(Before, Ear)
    end.

%% The lines since it was asked last.
take() ->
    case ask(take) of
        Lines when is_list(Lines) -> Lines;
        _ -> []
    end.

stop() ->
    _ = ask(stop),
    ok.

ask(What) ->
    case whereis(?MODULE) of
        undefined -> none;
        Ear -> ask(Ear, What)
    end.

ask(Ear, What) ->
    Reference = monitor(process, Ear),
    Ear ! {What, self(), Reference},
    receive
        {Reference, Answer} ->
            demonitor(Reference, [flush]),
            Answer;
        {'DOWN', Reference, process, Ear, _} ->
            none
    end.

%% Of logger. What OTP itself logs may hold the state of a process, so that is left out.
log(#{meta := #{domain := [otp | _]}}, _) ->
    ok;
log(#{msg := {"release_handler:" ++ _, _}}, _) ->
    ok;
log(#{meta := #{gl := Ear}} = Event, #{config := Ear}) ->
    Ear ! {logged, Event},
    ok;
log(_, _) ->
    ok.

listen(#{to := To} = State) ->
    receive
        {io_request, _, _, Request} = Message ->
            To ! Message,
            listen(note(printed(Request), State));
        {logged, Event} ->
            listen(note([logged(Event), $\n], end_line(State)));
        {take, Client, Question} ->
            Client ! {Question, lines(State)},
            listen(State#{lines := [], more := 0});
        {close, Client, Question} ->
            Client ! {Question, ok},
            listen(end_line(State));
        {stop, Client, Question} ->
            unregister(?MODULE),
            Client ! {Question, ok};
        _ ->
            listen(State)
    end.

%% The text that an io request prints (the I/O protocol of stdlib).
%% Why an install has failed may hold the state of a process; it is told otherwise.
printed({put_chars, _, io_lib, format, ["release_handler:" ++ _ | _]}) ->
    "";
printed({put_chars, Encoding, Module, Function, Arguments}) ->
    try
        printed({put_chars, Encoding, apply(Module, Function, Arguments)})
    catch
        _:_ -> ""
    end;
printed({put_chars, Encoding, Characters}) ->
    case unicode:characters_to_binary(Characters, Encoding) of
        Bytes when is_binary(Bytes) -> beginning(Bytes);
        _ -> ""
    end;
printed({requests, Requests}) ->
    [printed(Request) || Request <- Requests];
printed(_) ->
    "".

%% The rest of a very long text is not looked at.
beginning(Bytes) ->
    case unicode:characters_to_list(binary:part(Bytes, 0, min(?BYTES_AT_MOST, byte_size(Bytes)))) of
        Text when is_list(Text) -> Text;
        {_, Text, _} -> Text
    end.

logged(#{level := Level} = Event) ->
    Config = #{single_line => true, template => [msg], chars_limit => ?CHARACTERS_AT_MOST, depth => 10},
    try
        [atom_to_list(Level), ": ", logger_formatter:format(Event, Config)]
    catch
        _:_ -> [atom_to_list(Level), ": a message that cannot be shown"]
    end.

note(Text, #{begun := Begun} = State) ->
    take_lines(string:split(Begun ++ lists:flatten(Text), "\n"), State).

take_lines([Rest], State) ->
    State#{begun := lists:sublist(Rest, ?CHARACTERS_AT_MOST + 1)};
take_lines([Line, Rest], State) ->
    take_lines(string:split(Rest, "\n"), add(Line, State)).

end_line(#{begun := []} = State) -> State;
end_line(#{begun := Begun} = State) -> add(Begun, State#{begun := []}).

add(Line, State) ->
    case string:trim(Line, trailing) of
        [] -> State;
        Text -> keep(cut(Text), State)
    end.

cut(Text) ->
    case length(Text) > ?CHARACTERS_AT_MOST of
        true -> lists:sublist(Text, ?CHARACTERS_AT_MOST) ++ "...";
        false -> Text
    end.

keep(_, #{room := 0, more := More} = State) ->
    State#{more := More + 1};
keep(Text, #{room := Room, lines := Lines} = State) ->
    State#{room := Room - 1, lines := [unicode:characters_to_binary(Text) | Lines]}.

lines(#{lines := Lines, more := 0}) ->
    lists:reverse(Lines);
lines(#{lines := Lines, more := More}) ->
    lists:reverse(Lines, [unicode:characters_to_binary(io_lib:format("(~b more lines)", [More]))]).
