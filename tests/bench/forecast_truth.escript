#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% forecast_truth.escript AGENT_DIR WORK_DIR LOOPS SEEDS
%%
%% Forecast against truth: who would be killed when the code of a module is replaced and purged.
%% For each seed a population of 1,000 processes is made, of eleven kinds in random numbers. The
%% agent looks, as for `relup check`. Then new code is loaded, two seconds pass, the old code is
%% purged, and who is dead was killed. Nobody may be killed who was not forecast: that ends this
%% program with status 1. How many of the forecast are killed is its precision; a forecast is for
%% the moment, and whoever was in the code and at work may have left it in time.
%%
%% LOOPS holds {Captive, Recursive}, the functions of loops in the old code as relup reads them.
-mode(compile).

main([Agent, Work, Loops, Seeds]) ->
    true = code:add_patha(Work),
    [compile_agent(Agent, Name) || Name <- modules()],
    ok = relup_agent_registrar:join(self()),
    {ok, [{Captive, Recursive}]} = file:consult(Loops),
    Results = [one(Seed, Captive, Recursive, Work) || Seed <- lists:seq(1, list_to_integer(Seeds))],
    {Forecast, Right, Killed, Missed} = lists:foldl(fun add/2, {0, 0, 0, 0}, Results),
    io:format("all: ~b forecast, ~b of them killed, ~b killed in all, ~b not forecast: precision ~.3f, recall ~.3f~n",
              [Forecast, Right, Killed, Missed, ratio(Right, Forecast), ratio(Killed - Missed, Killed)]),
    halt(case Missed of 0 -> 0; _ -> 1 end).

add({A, B, C, D}, {E, F, G, H}) -> {A + E, B + F, C + G, D + H}.

ratio(_, 0) -> 1.0;
ratio(Part, All) -> Part / All.

modules() -> ["beside", "census", "forecast", "holders", "processes", "registrar", "stacks", "tree"].

compile_agent(Directory, Name) ->
    Names = [{list_to_atom(string:uppercase(Each)), list_to_atom("relup_agent_" ++ Each)} || Each <- modules()],
    Macros = [{d, 'MODULES', [Module || {_, Module} <- Names]} | [{d, Macro, Module} || {Macro, Module} <- Names]],
    {ok, Compiled, Beam} = compile:file(filename:join(Directory, "relup_agent_" ++ Name), [binary | Macros]),
    {module, Compiled} = code:load_binary(Compiled, Name, Beam).

one(Seed, Captive, Recursive, Work) ->
    load(Work, "old"),
    rand:seed(exsss, Seed),
    {ok, Server} = gen_server:start(around, slow, []),
    Kinds = kinds(),
    Weights = [{Kind, rand:uniform()} || Kind <- Kinds],
    Pids = [{start(pick(Weights), Server), N} || N <- lists:seq(1, 1000)],
    timer:sleep(300),
    Everybody = maps:from_list([{Pid, Kind} || {{Kind, Pid}, _} <- Pids]),
    #{scanned := Scanned, too_deep := TooDeep} = relup_agent_census:take(maps:keys(Everybody), [crowd], [crowd]),
    Found = relup_agent_stacks:classify(Scanned, #{crowd => Captive}, #{crowd => Recursive}),
    Forecast = lists:usort([Pid || {Pid, crowd, Class, _} <- Found, Class =/= moving] ++ TooDeep),
    Monitors = maps:from_list([{monitor(process, Pid), Pid} || Pid <- maps:keys(Everybody)]),
    load(Work, "new"),
    timer:sleep(2000),
    erlang:system_flag(backtrace_depth, 8),
    code:purge(crowd),
    Killed = killed(Monitors, []),
    Missed = Killed -- Forecast,
    Right = length(Killed) - length(Missed),
    io:format("seed ~2b: ~3b forecast, ~3b killed, ~b not forecast ~p; ~s~n",
              [Seed, length(Forecast), length(Killed), length(Missed), lists:usort([maps:get(Pid, Everybody) || Pid <- Missed]),
               by_class(Found, Killed)]),
    [exit(Pid, kill) || Pid <- [Server | maps:keys(Everybody)]],
    timer:sleep(50),
    {length(Forecast), Right, length(Killed), length(Missed)}.

%% "captive 90 of 90, ..": how many of each class were killed.
by_class(Found, Killed) ->
    Dead = maps:from_list([{Pid, true} || Pid <- Killed]),
    lists:join(", ", [begin
                          Pids = [Pid || {Pid, crowd, Each, _} <- Found, Each =:= Class],
                          io_lib:format("~s ~b of ~b", [Class, length([Pid || Pid <- Pids, is_map_key(Pid, Dead)]), length(Pids)])
                      end || Class <- [captive, parked, staying, moving]]).

load(Work, Version) ->
    code:purge(crowd),
    {module, crowd} = code:load_abs(filename:join([Work, Version, "crowd"])).

killed(Monitors, Killed) ->
    receive
        {'DOWN', Monitor, process, Pid, killed} when is_map_key(Monitor, Monitors) -> killed(Monitors, [Pid | Killed]);
        {'DOWN', _, process, _, _} -> killed(Monitors, Killed)
    after 200 -> lists:sort(Killed)
    end.

pick(Weights) ->
    pick(rand:uniform() * lists:sum([Weight || {_, Weight} <- Weights]), Weights).

pick(Left, [{Kind, Weight} | _]) when Left =< Weight -> Kind;
pick(Left, [{_, Weight} | Weights]) -> pick(Left - Weight, Weights).

kinds() ->
    [captive, spinning, leaving, told, asking, hibernating, holding, deep, deeper, task, server, visiting, elsewhere, counting].

start(spinning, Server) ->
    case rand:uniform(100) of
        1 -> {spinning, spawn(crowd, spin, [0])};
        _ -> start(server, Server)
    end;
start(counting, Server) ->
    case rand:uniform(50) of
        1 -> {counting, spawn(crowd, count, [])};
        _ -> start(elsewhere, Server)
    end;
start(Kind, Server) ->
    {Kind, begin_as(Kind, Server)}.

begin_as(captive, _) -> crowd:captive();
begin_as(leaving, _) -> spawn(crowd, leaving, [0]);
begin_as(told, _) ->
    Pid = spawn(crowd, leaving, [0]),
    Every = 5 + rand:uniform(400),
    spawn(fun() -> tell(Pid, Every) end),
    Pid;
begin_as(asking, Server) -> spawn(crowd, ask, [Server, rand:uniform(4000)]);
begin_as(hibernating, _) -> spawn(crowd, sleep, []);
begin_as(holding, _) -> crowd:holder();
begin_as(deep, _) -> spawn(crowd, below, [rand:uniform(200)]);
begin_as(deeper, _) -> spawn(crowd, body, [rand:uniform(5000)]);
begin_as(task, _) -> crowd:task(rand:uniform(4000));
begin_as(server, _) -> {ok, Pid} = gen_server:start(crowd, [], []), Pid;
begin_as(visiting, _) -> spawn(around, visit, [rand:uniform(50)]);
begin_as(elsewhere, _) -> spawn(around, wait, []).

tell(Pid, Every) ->
    timer:sleep(Every),
    Pid ! more,
    is_process_alive(Pid) andalso tell(Pid, Every).
