%% SPDX-License-Identifier: Apache-2.0
%%
%% Clients wait at the door while an install goes on: no request and no message of theirs is handled
%% half by old code and half by new.
%%
%% Ranch (1.7 and 2) has listeners, each with acceptors, and a process for each connection. The
%% acceptors are stopped as a debugger does it (erlang:suspend_process/1): who connects meanwhile
%% waits in the queue of the operating system, and is served afterwards. ranch:suspend_listener/1
%% would close the listening socket, so that clients are refused. And when the process that has
%% stopped them ends, in whatever way, the emulator lets them go on.
%%
%% Then requests under way get time to end: processes that a connection has begun, such as those of
%% cowboy_stream_h. Last, shortly before the script, all connections are asked side by side to
%% suspend themselves (sys(3)); what clients send stays in their sockets. A connection is one that
%% understands the question when it waits in a module that has system_continue/3, as cowboy_http,
%% cowboy_http2 and cowboy_websocket do; others are left alone. A request that has become a
%% connection of its own, as WebSocket over HTTP/2 does, is treated as one.
%%
%% All of it is done by a guard, a process that lets everybody go on when it is told to, and when
%% the install ends without a word.
-module(?QUIESCE).

-export([look/1, around/4, hold/1, let_go/1]).

%% How long ranch may take to say who is there, and how often we look again, in milliseconds.
-define(PATIENCE, 5000).
-define(MOMENT, 10).
%% What a connection is given at least, however late it is asked.
-define(SHORTEST, 100).

%% A wish is [{listeners, [Reference]}, {connections, suspend | leave}, {connection_timeout, Time},
%% {drain_requests, Time}, {upgrade_modules, [Module]}]; [] wishes nothing.

%% {ok, [{Listener, Connections, Suspendable, Requests}]}, how many there are now, or {error, Reason}.
look(Wish) ->
    try
        {ok, [count(Listener) || Listener <- listeners(Wish)]}
    catch
        throw:{refused, Reason} -> {error, Reason}
    end.

count(Listener) ->
    Seen = [see_with_children(Pid) || Pid <- connections(Listener)],
    Suspendable = [Each || Each <- Seen, understands(Each)],
    {text(Listener), length(Seen), length(Suspendable), length(lists:append([requests(Each) || Each <- Seen]))}.

%% The result of Work(Guard), during which clients wait; {error, {not_begun, Reason}} where that
%% cannot be had. Work calls hold/1 when the time has come to suspend connections.
around(Wish, Root, Vsn, Work) ->
    case look(Wish) of
        {ok, _} -> ?HELPERS:with(proplists:get_value(upgrade_modules, Wish, []), Root, Vsn, fun() -> guarded(Wish, Work) end);
        {error, Reason} -> {error, {not_begun, Reason}}
    end.

guarded(Wish, Work) ->
    case listeners(Wish) of
        [] -> Work(none);
        _ -> work_behind(start(Wish), Work)
    end.

work_behind(Guard, Work) ->
    try ask(Guard, close) of
        ok -> Work(Guard);
        {refused, Reason} -> {error, {not_begun, Reason}}
    after
        ask(Guard, leave)
    end.

%% Suspends the connections; {refused, Reason}, with nobody suspended, where one of them does not
%% stand still in time.
hold(none) -> ok;
hold(Guard) -> ask(Guard, hold).

%% Everybody goes on.
let_go(none) -> ok;
let_go(Guard) -> ask(Guard, let_go).

%% The guard. Whom it has stopped stands in its process dictionary, so that it can let them go on
%% whatever happens in between.

start(Wish) ->
    Owner = self(),
    spawn(fun() ->
        monitor(process, Owner),
        put(acceptors, []),
        put(held, #{}),
        guard(Wish)
    end).

ask(Guard, What) ->
    Reference = monitor(process, Guard),
    Guard ! {What, self(), Reference},
    receive
        {Reference, Answer} ->
            demonitor(Reference, [flush]),
            Answer;
        {'DOWN', Reference, process, Guard, _} ->
            {refused, guard_has_gone}
    end.

guard(Wish) ->
    receive
        {leave, Client, Question} ->
            Client ! {Question, resume()};
        {What, Client, Question} when What =:= close; What =:= hold; What =:= let_go ->
            Client ! {Question, try_to(What, Wish)},
            guard(Wish);
        {'DOWN', _, process, _, _} ->
            resume();
        _ ->
            guard(Wish)
    end.

try_to(What, Wish) ->
    try
        go_on_to(What, Wish)
    catch
        throw:{refused, _} = Refused -> resume(), Refused
    end.

go_on_to(close, Wish) ->
    _ = [stop(Acceptor) || Listener <- listeners(Wish), Acceptor <- acceptors(Listener)],
    drain(listeners(Wish), time(drain_requests, Wish));
go_on_to(hold, Wish) ->
    case proplists:get_value(connections, Wish) of
        suspend -> hold_until(now_ms() + time(connection_timeout, Wish), Wish);
        leave -> ok
    end;
go_on_to(let_go, _) ->
    resume().

stop(Acceptor) ->
    try erlang:suspend_process(Acceptor) of
        true -> put(acceptors, [Acceptor | get(acceptors)])
    catch
        error:badarg -> gone
    end.

resume() ->
    ?REQUESTS:resume(maps:keys(put(held, #{}))),
    _ = [catch erlang:resume_process(Acceptor) || Acceptor <- put(acceptors, [])],
    ok.

%% Requests that are under way now. Those that come meanwhile are not waited for: on a busy node
%% there is always one.
drain(_, 0) ->
    ok;
drain(Listeners, Time) ->
    Begun = [{Listener, Pid} || Listener <- Listeners, Connection <- connections(Listener), Pid <- requests(see_with_children(Connection))],
    wait_for(Begun, now_ms() + Time).

wait_for(Begun, Deadline) ->
    Left = [Each || {_, Pid} = Each <- Begun, is_request(see(Pid))],
    case now_ms() >= Deadline of
        _ when Left =:= [] -> ok;
        true -> throw({refused, {requests_under_way, named(Left)}});
        false -> timer:sleep(?MOMENT), wait_for(Left, Deadline)
    end.

%% Asks those who do not stand still yet, until there is nobody new.
hold_until(Deadline, Wish) ->
    Open = [{Listener, see_with_children(Pid)}
            || Listener <- listeners(Wish), Pid <- connections(Listener), not is_map_key(Pid, get(held))],
    case [Each || {_, Seen} = Each <- Open, stand(Seen) =/= []] of
        [] -> ok;
        Standing -> hold_rest(hold_some(Standing, Deadline, time(drain_requests, Wish) > 0), Deadline, Wish)
    end.

hold_rest([], Deadline, Wish) ->
    hold_until(Deadline, Wish);
hold_rest(Busy, Deadline, Wish) ->
    now_ms() < Deadline orelse throw({refused, {requests_under_way, named(Busy)}}),
    timer:sleep(?MOMENT),
    hold_until(Deadline, Wish).

%% Requests of those who do not stand still since they have some to end. Where requests are drained,
%% a connection is asked when it has none, and goes on when one has come just then.
hold_some(Standing, Deadline, Drains) ->
    {Busy, Free} = lists:partition(fun({_, Seen}) -> Drains andalso requests(Seen) =/= [] end, Standing),
    Pids = [{Listener, Pid, is_beginning(Each)} || {Listener, Seen} <- Free, #{pid := Pid} = Each <- stand(Seen)],
    put(held, maps:merge(get(held), maps:from_keys([Pid || {_, Pid, _} <- Pids], held))),
    tell_to_suspend([Pid || {_, Pid, true} <- Pids]),
    Results = ?REQUESTS:ask([{Pid, [suspend]} || {_, Pid, false} <- Pids], max(?SHORTEST, Deadline - now_ms())),
    Silent = [Pid || {Pid, {silent, _}} <- Results],
    Silent =:= [] orelse throw({refused, {connections_not_suspended, named([{Listener, Pid} || {Listener, Pid, _} <- Pids, lists:member(Pid, Silent)])}}),
    Late = [{Listener, Seen} || {Listener, #{pid := Pid, links := Links}} <- Free, Drains,
            process_info(Pid, links) =/= {links, Links}, Seen <- [see_with_children(Pid)], requests(Seen) =/= []],
    let_some_go([Pid || {_, Seen} <- Late, #{pid := Pid} <- stand(Seen)]),
    [{Listener, Pid} || {Listener, Seen} <- Busy ++ Late, Pid <- requests(Seen)].

let_some_go(Pids) ->
    ?REQUESTS:resume(Pids),
    put(held, maps:without(Pids, get(held))).

%% They take the message when they are through the beginning.
tell_to_suspend(Pids) ->
    _ = [Pid ! {system, {self(), make_ref()}, suspend} || Pid <- Pids],
    ok.

%% Who is there.

listeners(Wish) ->
    proplists:get_value(listeners, Wish, []).

time(Which, Wish) ->
    proplists:get_value(Which, Wish, 0).

acceptors(Listener) -> ask_ranch(Listener, acceptors).

connections(Listener) -> ask_ranch(Listener, connections).

%% In every version of ranch this fails for a listener that it does not know.
ask_ranch(Listener, What) ->
    whereis(ranch_server) =/= undefined orelse throw({refused, no_ranch}),
    case ?BESIDE:ask(fun() -> catch ranch:procs(Listener, What) end, ?PATIENCE) of
        {ok, Pids} when is_list(Pids) -> [Each || Each <- Pids, is_pid(Each)];
        {ok, {'EXIT', {badarg, _}}} -> throw({refused, {no_listener, text(Listener), known()}});
        _ -> throw({refused, {ranch_does_not_answer, text(Listener)}})
    end.

%% The table of ranch_server; ranch:info/0 would ask every listener.
known() ->
    try
        lists:usort([text(Listener) || {{listener_sup, Listener}, _} <- ets:tab2list(ranch_server)])
    catch
        error:badarg -> []
    end.

%% What a process is seen to be, by one look at it. Gone ones are #{}.
see(Pid) ->
    case process_info(Pid, [dictionary, initial_call, current_stacktrace, links]) of
        [{dictionary, Dictionary}, {initial_call, Plain}, {current_stacktrace, Stack}, {links, Links}] ->
            #{
                pid => Pid,
                ancestors => proplists:get_value('$ancestors', Dictionary, []),
                call => proplists:get_value('$initial_call', Dictionary, Plain),
                stack => Stack,
                links => Links
            };
        undefined ->
            #{}
    end.

%% Processes that a connection has begun are linked to it. So is its supervisor, which is not looked
%% at: its dictionary is long where there are many connections.
see_with_children(Connection) ->
    case see(Connection) of
        #{links := Links, ancestors := Above} = Seen ->
            Below = [see(Pid) || Pid <- Links, is_pid(Pid), node(Pid) =:= node(), not lists:member(Pid, Above)],
            Seen#{children => [Child || #{ancestors := [First | _]} = Child <- Below, First =:= Connection]};
        Gone ->
            Gone#{children => []}
    end.

%% Those who can be suspended: the connection, and requests that have become ones.
stand(#{children := Children} = Seen) ->
    [Each || Each <- [Seen | Children], understands(Each)].

requests(#{children := Children}) ->
    [Pid || #{pid := Pid} = Each <- Children, is_request(Each)].

is_request(#{pid := _} = Seen) -> not understands(Seen);
is_request(_) -> false.

%% A process of cowboy does, wherever it is just now: it waits for the end of a handshake, or a
%% handler has called so deep that its loop is out of sight.
understands(#{call := {cowboy_clear, connection_process, _}}) -> true;
understands(#{call := {cowboy_tls, connection_process, _}}) -> true;
understands(#{pid := Pid, stack := Stack}) -> waits_in_special(Stack) orelse ?PROCESSES:is_system_process(Pid);
understands(_) -> false.

waits_in_special(Stack) ->
    lists:any(fun({Module, _, _, _}) -> erlang:function_exported(Module, system_continue, 3) end, Stack).

is_beginning(#{stack := Stack}) ->
    [handshake || {ranch, handshake, _, _} <- Stack] =/= [].

%% [{Listener, [Name]}]
named(Pairs) ->
    [{text(Listener), [?CODE:name(Pid) || {Each, Pid} <- Pairs, Each =:= Listener]}
     || Listener <- lists:usort([Listener || {Listener, _} <- Pairs])].

text(Listener) ->
    lists:flatten(io_lib:format("~tp", [Listener])).

now_ms() ->
    erlang:monotonic_time(millisecond).
