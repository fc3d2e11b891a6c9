%% SPDX-License-Identifier: Apache-2.0
%%
%% What a change of code would do to the processes of this node: who is suspended, who would be
%% killed, who is in the way. It is a look and no more. Workers get no message; supervisors, and
%% managers of events where a handler changes, are asked for their children and handlers, and only
%% those that are known to be such (?PROCESSES).
%%
%% The look is made of several, each bounded. What one of them could not see is part of the answer.
-module(?FORECAST).

-export([look/1]).

-define(NAMED, 20).
-define(SUPERVISORS_READ, 50).
%% Milliseconds.
-define(PATIENCE, 2000).
-define(SUSPEND_TIMEOUT, 5000).

%% Question is a map:
%%   suspended: modules whose processes pause
%%   changed: [{Module, Md5 or none, Gone, Captive, Recursive, MakesFuns}]; Gone are exports that the
%%     new code has not, Captive and Recursive functions of the old code in loops that are never left
%%     and in loops of local calls
%%   depth: quick | deep
%% The answer is [{Key, Value}]; a process is {Pid, Name, Supervisor, App} in text.
look(#{suspended := Suspended, changed := Changed, depth := Depth}) ->
    Neighbours = ?BESIDE:start(fun neighbours/0),
    Modules = lists:usort(Suspended ++ [element(1, Each) || Each <- Changed]),
    Controller = controller(),
    #{found := Found, scanned := Scanned} = Census =
        ?CENSUS:take(lists:delete(self(), processes()), Modules, [element(1, Each) || Each <- Changed]),
    Classes = ?BESIDE:start(fun() -> ?STACKS:classify(Scanned, functions(Changed, 4), functions(Changed, 5)) end),
    Walk = ?TREE:index(?PROCESSES:walk_of(Found, Modules, #{})),
    Paused = ?PROCESSES:members_of(Walk, Suspended),
    Differences = ?TREE:compare(Walk, Paused, running(Controller)),
    Members = members_among(Scanned, Paused),
    Stayers = staying(?BESIDE:finish(Classes), Members),
    {Held, Unread} = search(Changed, Depth),
    Name = fun(Pid) -> describe(Pid, Walk) end,
    [
        {processes, [{Module, length(Pids), named(Pids, Name)} || {Module, Pids} <- Paused]},
        {differences, differences(Differences, Name)},
        {silent, [Name(Pid) || Pid <- maps:get(silent, Walk)]},
        {too_deep, [Name(Pid) || Pid <- maps:get(too_deep, Census)]},
        {stayers, stayers(Stayers, Name)},
        {held, [{Kind, Module, text_of_function(Function), place(Place, Name)} || {Kind, Module, Function, Place} <- Held]},
        {unread, Unread},
        {hibernating, hibernating(maps:get(asleep, Census), Changed)},
        {late, late(Scanned, Members, Name)},
        {restarts, restarts(Walk, Paused, Stayers, Name)},
        {heart, whereis(heart) =/= undefined},
        {starting, starting(Controller)},
        {unusable, lists:append([unusable(element(1, Each)) || Each <- Changed])},
        {neighbours, answers_of(Neighbours)}
    ].

functions(Changed, Place) ->
    maps:from_list([{element(1, Each), element(Place, Each)} || Each <- Changed]).

%% The one who starts and stops applications knows those that it is about to start. It is busy, and
%% answers nobody, while it changes the configuration.
controller() ->
    case ?BESIDE:ask(fun() -> gen_server:call(application_controller, info, infinity) end, ?PATIENCE) of
        {ok, Info} -> Info;
        _ -> silent
    end.

starting(silent) -> silent;
starting(Info) -> [App || {App, _, _, _} <- starting_in(Info)] ++ [App || {App, _, _} <- starting_in(Info)] ++ [App || {App, _} <- starting_in(Info)].

starting_in(Info) -> proplists:get_value(starting, Info, []).

running(silent) -> [App || {App, _, _} <- application:loaded_applications()];
running(Info) -> [App || {App, _} <- proplists:get_value(running, Info, [])].

%% [{Kind, Module, Detail, Count, [Process]}]
differences(Differences, Name) ->
    Groups = grouped([{{Kind, Module, Detail}, Pid} || {Kind, Module, Pid, Detail} <- Differences]),
    [{Kind, Module, detail(Detail, Name), Count, named(Pids, Name)} || {{Kind, Module, Detail}, Count, Pids} <- Groups].

detail(Pid, Name) when is_pid(Pid) -> name_or_pid(Name(Pid));
detail(Modules, _) when is_list(Modules) -> iolist_to_binary(lists:join(", ", [atom_to_binary(Each) || Each <- Modules]));
detail(Atom, _) -> atom_to_binary(Atom).

name_or_pid({Pid, <<>>, _, _}) -> Pid;
name_or_pid({_, Name, _, _}) -> Name.

%% [{Key, Count, [Value]}], both in order.
grouped(Pairs) ->
    Groups = lists:sort(maps:to_list(?PROCESSES:gather(Pairs))),
    [{Key, length(Values), lists:sort(Values)} || {Key, Values} <- Groups].

named(Pids, Name) ->
    [Name(Pid) || Pid <- lists:sublist(Pids, ?NAMED)].

%% Holders of functions are looked for where there can be any.
search(Changed, Depth) ->
    case [{Module, {Md5, Gone}} || {Module, Md5, Gone, _, _, MakesFuns} <- Changed, MakesFuns orelse Gone =/= [] orelse Md5 =:= none] of
        [] -> {[], []};
        Wanted -> ?HOLDERS:search(maps:from_list(Wanted), Depth)
    end.

%% #{Pid => Module} of those of a scan that are suspended.
members_among(Scanned, Paused) ->
    Concerned = maps:from_list(Scanned),
    maps:from_list([{Pid, Module} || {Module, Pids} <- Paused, Pid <- Pids, is_map_key(Pid, Concerned)]).

%% Whoever is suspended leaves old code with that, if anything leads it out.
staying(Stayers, Members) ->
    [Each || {Pid, _, Class, _} = Each <- Stayers, Class =:= captive orelse not is_map_key(Pid, Members)].

%% [{Module, Class, Function, Count, [Process]}]
stayers(Stayers, Name) ->
    [{Module, Class, text_of_function(Function), Count, named(Pids, Name)}
     || {{Module, Class, Function}, Count, Pids} <- grouped([{{Module, Class, Function}, Pid} || {Pid, Module, Class, Function} <- Stayers])].

text_of_function(none) -> <<>>;
text_of_function({Function, Arity}) -> iolist_to_binary([atom_to_binary(Function), $/, integer_to_list(Arity)]).

place({process, Pid}, Name) -> {process, Name(Pid)};
place({Kind, Term}, _) -> {Kind, text(Term)}.

text(Term) -> unicode:characters_to_binary(io_lib:format("~0tP", [Term, 12])).

%% Those that hibernate in code that loses exports: they wake in a function by its name.
hibernating(Asleep, Changed) ->
    Losing = [element(1, Each) || Each <- Changed, element(3, Each) =/= []],
    [{Module, Count} || {Module, Count, _} <- grouped(Asleep), lists:member(Module, Losing)].

%% Who would answer a suspend late. One that is not where it waits for messages is watched for as
%% long as a suspend may take: {Process, stuck | mailbox, Place, Messages, Module}.
late(Scanned, Members, Name) ->
    Busy = [{Pid, Seen} || {Pid, Seen} <- Scanned, is_map_key(Pid, Members)],
    Away = [Pid || {Pid, #{home := false}} <- Busy, not is_special(Pid)],
    Stuck = maps:from_list([{Pid, true} || Pid <- still_away(Away, erlang:monotonic_time(millisecond) + ?SUSPEND_TIMEOUT)]),
    Kinds = [{Pid, stuck, Seen} || {Pid, Seen} <- Busy, is_map_key(Pid, Stuck)] ++
        [{Pid, mailbox, Seen} || {Pid, #{queue := Queue} = Seen} <- Busy, Queue >= 100, not is_map_key(Pid, Stuck)],
    [{Name(Pid), Kind, where(?STACKS:place(Pid)), maps:get(queue, Seen), maps:get(Pid, Members)} || {Pid, Kind, Seen} <- Kinds].

%% Where a special process (sys(3)) waits is its own affair.
is_special(Pid) ->
    case ?PROCESSES:identify(?PROCESSES:initial_call(Pid)) of
        {special, _} -> {status, waiting} =:= process_info(Pid, status);
        _ -> false
    end.

still_away(Pids, Deadline) ->
    Away = [Pid || Pid <- Pids, not ?STACKS:has_come_home(Pid)],
    case Away =/= [] andalso erlang:monotonic_time(millisecond) < Deadline of
        true ->
            timer:sleep(20),
            still_away(Away, Deadline);
        false ->
            Away
    end.

where({{Module, Function, Arity}, Activity}) ->
    {iolist_to_binary([atom_to_binary(Module), $:, text_of_function({Function, Arity})]), Activity};
where(gone) ->
    {<<>>, running}.

%% Supervisors of processes of the change that have no restart left: one more within the period
%% ends them. The state of a supervisor is asked for only of those that are known to be one.
restarts(#{places := Places, supervisors := Supervisors, silent := Silent}, Paused, Stayers, Name) ->
    Known = maps:from_list([{Pid, true} || Pid <- Supervisors -- Silent]),
    Concerned = [Pids || {_, Pids} <- Paused] ++ [[Pid || {Pid, _, _, _} <- Stayers]],
    Above = lists:foldl(fun(Pids, Found) -> add_supervisors(Pids, Places, Found) end, #{}, Concerned),
    Asked = lists:sort([Pid || Pid <- maps:keys(Above), is_map_key(Pid, Known)]),
    [{Name(Supervisor), Done, Intensity, Period}
     || Supervisor <- lists:sublist(Asked, ?SUPERVISORS_READ),
        {Done, Intensity, Period} <- restarts_of(Supervisor),
        Done > 0, Done >= Intensity].

add_supervisors([], _, Found) ->
    Found;
add_supervisors([Pid | Pids], Places, Found) ->
    case Places of
        #{Pid := {Supervisor, _, _}} when not is_map_key(Supervisor, Found) -> add_supervisors(Pids, Places, Found#{Supervisor => above});
        _ -> add_supervisors(Pids, Places, Found)
    end.

restarts_of(Supervisor) ->
    case ?BESIDE:ask(fun() -> intensity(sys:get_state(Supervisor, ?PATIENCE)) end, ?PATIENCE) of
        {ok, Restarts} -> Restarts;
        _ -> []
    end.

%% {state, Name, Strategy, Children, Dynamics, Intensity, Period, Restarts, ..}, on OTP 25 to 28.
intensity(State) when is_tuple(State), element(1, State) =:= state, tuple_size(State) > 8 ->
    case {element(6, State), element(7, State), element(8, State)} of
        {Intensity, Period, Restarts} when is_integer(Intensity), is_integer(Period), is_list(Restarts) ->
            Since = erlang:monotonic_time(second) - Period,
            [{length([At || At <- Restarts, is_integer(At), At >= Since]), Intensity, Period}];
        _ ->
            []
    end;
intensity(_) ->
    [].

%% What the release handler could not replace, or not read: [{Module, Why}].
unusable(Module) ->
    case code:is_loaded(Module) of
        {file, cover_compiled} -> [{Module, cover_compiled, <<>>}];
        {file, File} when is_list(File) -> unusable(Module, File);
        _ -> []
    end.

unusable(Module, File) ->
    [{Module, sticky, unicode:characters_to_binary(filename:dirname(File))} || code:is_sticky(Module)] ++
        [{Module, no_file, unicode:characters_to_binary(File)} || File =/= "", not filelib:is_regular(File), is_found(code:which(Module))].

%% relup's own modules and others without a file are not found.
is_found(Where) -> is_list(Where).

%% Other nodes, and what they run: {Node, Name, Vsn}. Asked while the rest is looked at.

neighbours() ->
    [neighbour(Answer) || Answer <- ask_nodes(nodes())].

ask_nodes(Nodes) ->
    lists:zip(Nodes, erpc:multicall(Nodes, release_handler, which_releases, [], 1000)).

neighbour({Node, {ok, Releases}}) when is_list(Releases) ->
    case [{Name, Vsn} || Status <- [current, tmp_current, permanent], {Name, Vsn, _, Each} <- Releases, Each =:= Status] of
        [{Name, Vsn} | _] -> {atom_to_binary(Node), unicode:characters_to_binary(Name), unicode:characters_to_binary(Vsn)};
        [] -> {atom_to_binary(Node), <<>>, <<>>}
    end;
neighbour({Node, _}) ->
    {atom_to_binary(Node), <<>>, <<>>}.

answers_of(Neighbours) ->
    case ?BESIDE:answer(Neighbours, ?PATIENCE) of
        {ok, Answers} -> Answers;
        {failed, _} -> [];
        silent -> [{atom_to_binary(Node), <<>>, <<>>} || Node <- nodes()]
    end.

%% A process for people.

describe(Pid, #{places := Places} = Walk) ->
    {Supervisor, _, _} = maps:get(Pid, Places, {none, none, none}),
    {
        list_to_binary(pid_to_list(Pid)),
        registered_name(Pid),
        supervisor_name(Supervisor, Pid),
        atom_to_binary(?TREE:application_of(Pid, Walk))
    }.

registered_name(Pid) ->
    case process_info(Pid, registered_name) of
        {registered_name, Name} -> atom_to_binary(Name);
        _ -> <<>>
    end.

supervisor_name(none, Pid) -> ancestor(Pid);
supervisor_name(Supervisor, _) ->
    case registered_name(Supervisor) of
        <<>> -> list_to_binary(pid_to_list(Supervisor));
        Name -> Name
    end.

%% Who has started it, where no supervisor has it.
ancestor(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} ->
            case proplists:get_value('$ancestors', Dictionary, []) of
                [Name | _] when is_atom(Name) -> atom_to_binary(Name);
                _ -> <<>>
            end;
        undefined ->
            <<>>
    end.
