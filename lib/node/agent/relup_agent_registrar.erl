%% SPDX-License-Identifier: Apache-2.0
%%
%% Who uses the agent. A user is a line, that is a hidden node with a relup at its end, or a process
%% that must not lose its code, as the keeper of a job. One that has gone has left, however it went.
%% When the last one has left, the modules of the agent go by themselves, a moment later: whoever
%% asks the node again and again shall not load them again and again.
%%
%% A relup may find the agent loaded just when it goes. So it joins before it asks for anything, and
%% the registrar decides: whoever joins before the modules are deleted is a user, and they stay;
%% whoever comes later hears `leaving`, or finds no registrar or no agent, and loads it again. Nothing
%% of this kills anybody: modules are loaded all at once or not at all (code:atomic_load/1), never
%% over old code, and purged softly, when the registrar does not stand on them any more.
%%
%% How deep the stack traces are that a look at a process shows is one setting of the whole node. The
%% registrar raises it while somebody needs that, and puts it back when the last one is done or dead.
-module(?REGISTRAR).

-export([join/1, with_deep_stacks/2, serve/1]).

%% How long the modules stay after the last user, in milliseconds.
-define(LINGER, 500).

%% ok, or {error, leaving}: load the modules, and join again.
join(User) ->
    case whereis(?MODULE) of
        undefined -> start_and_join(User);
        _ -> ask({join, User})
    end.

%% Runs Work while stack traces have Depth frames, or more where somebody else wants more.
with_deep_stacks(Depth, Work) ->
    ok = ask({deepen, Depth}),
    try
        Work()
    after
        ask(flatten)
    end.

ask(What) ->
    case whereis(?MODULE) of
        undefined ->
            {error, leaving};
        Registrar ->
            Question = monitor(process, Registrar),
            Registrar ! {What, self(), Question},
            receive
                {Question, Answer} ->
                    demonitor(Question, [flush]),
                    Answer;
                {'DOWN', Question, process, Registrar, _} ->
                    {error, leaving}
            end
    end.

%% Of two that start one at the same time, one succeeds. This may be run by code that was deleted a
%% moment ago; then there is nothing to join.
start_and_join(User) ->
    Parent = self(),
    {Registrar, Reference} = spawn_monitor(fun() -> begin_serving(Parent) end),
    receive
        {Registrar, begun} -> demonitor(Reference, [flush]);
        {'DOWN', Reference, process, Registrar, _} -> ok
    end,
    ask({join, User}).

begin_serving(Parent) ->
    case register_as_registrar() andalso is_loaded() of
        true ->
            Parent ! {self(), begun},
            serve(look_later(#{users => #{}, deep => #{}, depth => none}));
        false ->
            ok
    end.

register_as_registrar() ->
    try
        register(?MODULE, self())
    catch
        error:badarg -> false
    end.

is_loaded() ->
    lists:all(fun erlang:module_loaded/1, ?MODULES).

%% Another version of this module may have been loaded over it, by two relups at the same moment.
serve(State) ->
    receive
        {{join, User}, Client, Question} ->
            {Answer, Joined} = add(User, State),
            Client ! {Question, Answer},
            ?MODULE:serve(Joined);
        {{deepen, Depth}, Client, Question} ->
            Deep = deepen(Client, Depth, State),
            Client ! {Question, ok},
            ?MODULE:serve(Deep);
        {flatten, Client, Question} ->
            Flat = flatten(Client, State),
            Client ! {Question, ok},
            ?MODULE:serve(Flat);
        {nodedown, User} ->
            ?MODULE:serve(remove(User, State));
        {'DOWN', _, process, User, _} ->
            ?MODULE:serve(remove(User, flatten(User, State)));
        look ->
            look(State);
        _ ->
            ?MODULE:serve(State)
    end.

%% The next line may have the name of one that has gone, and join before we hear of that: each join of
%% a node is watched by itself, and counted.
add(User, #{users := Users} = State) when is_map_key(User, Users), is_pid(User) ->
    {ok, State};
add(User, #{users := Users} = State) ->
    case watch(User) of
        true -> {ok, State#{users := Users#{User => maps:get(User, Users, 0) + 1}}};
        false -> {{error, gone}, State}
    end.

watch(Process) when is_pid(Process) ->
    monitor(process, Process),
    true;
watch(Node) ->
    lists:member(Node, nodes(hidden)) andalso monitor_node(Node, true).

remove(User, #{users := Users} = State) ->
    look_later(State#{
        users :=
            case Users of
                #{User := Joined} when Joined > 1 -> Users#{User := Joined - 1};
                _ -> maps:remove(User, Users)
            end
    }).

look_later(State) ->
    erlang:send_after(?LINGER, self(), look),
    State.

look(#{users := Users, deep := Deep} = State) ->
    case map_size(Users) + map_size(Deep) of
        0 -> leave(?MODULES);
        _ -> ?MODULE:serve(State)
    end.

%% Deleted code is old code, and is purged when nobody runs it any more: that is why the last call
%% leaves this module for good. What has old code now was just loaded by somebody, and stays.
leave(Modules) ->
    _ = [code:soft_purge(Module) || Module <- Modules, erlang:check_old_code(Module)],
    _ = [code:delete(Module) || Module <- Modules, not erlang:check_old_code(Module)],
    unregister(?MODULE),
    refuse_who_waits(),
    lists:foreach(fun code:soft_purge/1, Modules).

refuse_who_waits() ->
    receive
        {_, Client, Question} when is_reference(Question) ->
            Client ! {Question, {error, leaving}},
            refuse_who_waits()
    after 0 -> ok
    end.

deepen(Client, Depth, #{deep := Deep} = State) ->
    monitor(process, Client),
    Deeper = Deep#{Client => Depth},
    Before = erlang:system_flag(backtrace_depth, lists:max(maps:values(Deeper))),
    case maps:get(depth, State) of
        none -> State#{deep := Deeper, depth := Before};
        _ -> State#{deep := Deeper}
    end.

flatten(Client, #{deep := Deep, depth := Depth} = State) when is_map_key(Client, Deep) ->
    case maps:remove(Client, Deep) of
        Left when map_size(Left) =:= 0 ->
            erlang:system_flag(backtrace_depth, Depth),
            look_later(State#{deep := Left, depth := none});
        Left ->
            State#{deep := Left}
    end;
flatten(_, State) ->
    State.
