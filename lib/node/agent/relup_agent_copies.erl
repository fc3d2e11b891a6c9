%% SPDX-License-Identifier: Apache-2.0
%%
%% What runs in the second emulator: code_change, on copies of states. Nothing is there but the code
%% of the release, the settings of the node, and what is sent. A function that fails fails on the
%% node as well, unless it has asked for something that is there and not here: a table, a process,
%% another application. Therefore each try is traced. When one of those questions had no good answer
%% before it failed, it is undecided.
%%
%% Messages come and go in packets of four bytes of length, by descriptors 3 and 4. When the line
%% ends, because the node has closed it or died, the emulator ends.
-module(?COPIES).

-export([run/1]).

%% As sys:change_code/4 waits, in milliseconds.
-define(PATIENCE, 5000).
%% Of a try, in words. One that grows without end must not take the host with it.
-define(MEMORY, 64 * 1024 * 1024).
%% Where a process asks for what is outside of it.
-define(OUTSIDE, [
    {ets, '_', '_'}, {dets, '_', '_'}, {persistent_term, '_', '_'}, {atomics, '_', '_'}, {counters, '_', '_'},
    {application, '_', '_'}, {gen_server, call, '_'}, {gen_server, multi_call, '_'}, {gen_statem, call, '_'},
    {gen_event, '_', '_'}, {gen, call, '_'}, {rpc, '_', '_'}, {erpc, '_', '_'}, {global, '_', '_'}, {pg, '_', '_'},
    {supervisor, '_', '_'}, {sys, '_', '_'}, {timer, send_after, '_'}, {timer, send_interval, '_'}, {timer, cancel, '_'},
    {gen_tcp, '_', '_'}, {gen_udp, '_', '_'}, {inet, '_', '_'}, {ssl, '_', '_'}, {net_kernel, '_', '_'},
    {erlang, whereis, '_'}, {erlang, process_info, '_'}, {erlang, is_process_alive, '_'}, {erlang, monitor, '_'},
    {erlang, link, '_'}, {erlang, send, '_'}, {erlang, port_info, '_'}, {erlang, port_command, '_'},
    {erlang, port_control, '_'}, {erlang, port_call, '_'}, {erlang, cancel_timer, '_'}, {erlang, read_timer, '_'},
    {erlang, nodes, '_'}, {erlang, group_leader, '_'}
]).

run(Port) ->
    Reader = self(),
    erlang:system_flag(backtrace_depth, 64),
    spawn_link(fun() -> work(Reader) end),
    read(Port, []).

%% Reading is all that this process does, so that it sees the end of the line whatever a try does.
read(Port, Waiting) ->
    receive
        {Port, {data, Bytes}} ->
            read(Port, Waiting ++ [binary_to_term(Bytes)]);
        {Port, eof} ->
            halt(0, [{flush, false}]);
        {next, Worker} when Waiting =/= [] ->
            Worker ! {order, hd(Waiting)},
            read(Port, tl(Waiting));
        {answer, Answer} ->
            port_command(Port, term_to_binary(Answer)),
            read(Port, Waiting)
    end.

work(Reader) ->
    Answers = [{'_', [], [{exception_trace}]}],
    _ = [erlang:trace_pattern(Outside, Answers, [global]) || {Module, _, _} = Outside <- ?OUTSIDE, is_there(Module)],
    %% The one question whose failure is known to be that of the node: the names are those there.
    _ = erlang:trace_pattern({ets, new, 2}, false, [global]),
    work_on(Reader, []).

is_there(Module) ->
    {module, Module} =:= code:ensure_loaded(Module).

%% Names are those of the node's tables.
work_on(Reader, Names) ->
    Reader ! {next, self()},
    receive
        {order, {settings, Settings}} ->
            _ = [set(App, Values) || {App, Values} <- Settings, App =/= kernel, App =/= stdlib],
            work_on(Reader, Names);
        {order, {tables, Those}} ->
            work_on(Reader, Those);
        {order, {code, Module, Beam}} ->
            Reader ! {answer, {code, Module, loaded(Module, Beam)}},
            work_on(Reader, Names);
        {order, {try_it, Call, Steps, State, Dictionary}} ->
            Tables = tables_for(Call, Names),
            Reader ! {answer, {tried, Call, steps(Call, Steps, State, Dictionary)}},
            _ = [ets:delete(Table) || Table <- Tables],
            work_on(Reader, Names)
    end.

%% A name that is taken is what init/1 fails on when it is called again. Who changes a state reads
%% tables rather than makes them, and shall not take an empty one for that of the node.
tables_for({_, supervisor}, Names) -> [ets:new(Name, [named_table, public]) || Name <- Names, ets:whereis(Name) =:= undefined];
tables_for(_, _) -> [].

set(App, Values) ->
    [application:set_env(App, Key, Value) || {Key, Value} <- Values].

%% The code that comes along, or what is found in the libraries.
loaded(Module, none) -> loaded(code:ensure_loaded(Module));
loaded(Module, Beam) -> loaded(code:load_binary(Module, "sent", Beam)).

loaded({module, _}) -> ok;
loaded({error, Reason}) -> {error, ?SHAPE:reason(Reason)}.

%% One step after the other, each on what the one before has made of the state.
steps(_, [], _, _) ->
    [];
steps(Call, [{Direction, Vsn, Extra} | Rest], State, Dictionary) ->
    case try_once(Call, Vsn, Extra, State, Dictionary) of
        {ok, Micros, New} -> [{Direction, {ok, Micros}} | steps(Call, Rest, New, Dictionary)];
        Failed -> [{Direction, Failed}]
    end.

try_once({Module, Kind}, Vsn, Extra, State, Dictionary) ->
    Tracer = spawn_link(fun() -> follow(0, none) end),
    Work = fun() ->
        receive begin_it -> ok end,
        _ = [put(Key, Value) || {Key, Value} <- Dictionary],
        exit({outcome, change(Kind, Module, Vsn, Extra, State)})
    end,
    Limit = {max_heap_size, #{size => ?MEMORY, kill => true, error_logger => false}},
    {Pid, Reference} = spawn_opt(Work, [monitor, Limit]),
    erlang:trace(Pid, true, [call, send, {tracer, Tracer}]),
    Pid ! begin_it,
    Outcome = outcome(Pid, Reference),
    Missed = missed(Tracer, Pid),
    judge(Outcome, Missed, State).

outcome(Pid, Reference) ->
    receive
        {'DOWN', Reference, process, Pid, {outcome, Outcome}} -> Outcome;
        {'DOWN', Reference, process, Pid, killed} -> too_large;
        {'DOWN', Reference, process, Pid, Reason} -> {crash, Reason, []}
    after ?PATIENCE ->
        exit(Pid, kill),
        receive {'DOWN', Reference, process, Pid, _} -> too_slow end
    end.

%% As the behaviours call it (gen_server, gen_statem, gen_event), and what they take for an answer.
%% They catch, so a thrown answer counts as well. A supervisor calls init/1 again, with the argument
%% that it was started with.
change(Kind, Module, Vsn, Extra, State) ->
    Before = erlang:monotonic_time(microsecond),
    try answer(Kind, Module, Vsn, Extra, State) of
        {good, New} -> {ok, erlang:monotonic_time(microsecond) - Before, New};
        {bad, Answer} -> {bad_value, Answer}
    catch
        _:Reason:Stack -> {crash, Reason, Stack}
    end.

answer(statem, Module, Vsn, Extra, {Name, Data}) ->
    case catch_thrown(fun() -> Module:code_change(Vsn, Name, Data, Extra) end) of
        {ok, NewName, NewData} ->
            _ = Module:callback_mode(),
            {good, {NewName, NewData}};
        Answer ->
            {bad, Answer}
    end;
%% Going back, it is the older code that is asked, with what it was started with.
answer(supervisor, _, {down, _}, _, Argument) ->
    {good, Argument};
answer(supervisor, Module, _, _, Argument) ->
    case Module:init(Argument) of
        {ok, {_, Children}} when is_list(Children) -> {good, Argument};
        ignore -> {good, Argument};
        Answer -> {bad, Answer}
    end;
answer(_, Module, Vsn, Extra, State) ->
    case catch_thrown(fun() -> Module:code_change(Vsn, State, Extra) end) of
        {ok, New} -> {good, New};
        Answer -> {bad, Answer}
    end.

catch_thrown(Work) ->
    try
        Work()
    catch
        Thrown -> Thrown
    end.

judge({ok, Micros, New}, _, _) ->
    {ok, Micros, New};
judge(too_large, _, _) ->
    {undecided, <<"it takes more than 512 MB of memory">>};
judge(_, {missed, Question}, _) ->
    {undecided, Question};
judge({crash, {badfun, _}, _}, none, _) ->
    {undecided, <<"the state holds a function of the old code">>};
judge({crash, Reason, Stack}, none, State) ->
    crash(Reason, Stack, State);
judge({bad_value, Answer}, none, State) ->
    {bad_value, ?SHAPE:shape(Answer), ?SHAPE:shape(State)};
judge(too_slow, none, State) ->
    {too_slow, ?PATIENCE div 1000, ?SHAPE:shape(State)}.

%% A function that is missing may be one of a module that is not here.
crash(undef, [{Module, Function, Arguments, _} | _] = Stack, State) ->
    case is_there(Module) of
        true -> {crash, function(Module, Function, Arguments), place(Stack), ?SHAPE:shape(State)};
        false -> {undecided, unicode:characters_to_binary(io_lib:format("there is no module ~ts", [Module]))}
    end;
crash(badarg, [{erlang, send, _, _} | _], _) ->
    {undecided, <<"it sends a message to a name that nobody has there">>};
crash(Reason, Stack, State) ->
    crashed(Reason, Stack, State).

crashed(Reason, Stack, State) ->
    {crash, ?SHAPE:reason(Reason), place(Stack), ?SHAPE:shape(State)}.

function(Module, Function, Arguments) ->
    unicode:characters_to_binary(io_lib:format("undef ~ts:~ts/~w", [Module, Function, length(Arguments)])).

%% The function that was tried is the last but one to be called, by this module.
place(Stack) ->
    case lists:takewhile(fun({Module, _, _, _}) -> Module =/= ?MODULE end, Stack) of
        [] -> <<>>;
        Frames ->
            {Module, Tried, _, _} = lists:last(Frames),
            ?SHAPE:place({Module, Tried}, Frames)
    end.

%% The first question without a good answer, and of those that were asked to answer one, the outermost.
missed(Tracer, Pid) ->
    Reference = erlang:trace_delivered(Pid),
    receive {trace_delivered, Pid, Reference} -> ok end,
    Tracer ! {tell, self()},
    receive {Tracer, Missed} -> Missed end.

%% Depth counts the questions that are not answered yet.
follow(Depth, Missed) ->
    receive
        {tell, Asker} -> Asker ! {self(), text_of(Missed)};
        {trace, _, call, _} -> follow(Depth + 1, Missed);
        {trace, _, exception_from, Call, _} -> follow(Depth - 1, outermost(Missed, {Depth, Call, "fails"}));
        {trace, _, return_from, Call, Answer} -> follow(Depth - 1, weighed(Missed, Depth, Call, is_nothing(Answer)));
        {trace, _, send_to_non_existing_process, _, _} -> follow(Depth, outermost(Missed, {Depth + 1, message}));
        {trace, _, send, _, To} when node(To) =/= node() -> follow(Depth, outermost(Missed, {Depth + 1, message}));
        _ -> follow(Depth, Missed)
    end.

weighed(Missed, Depth, Call, true) -> outermost(Missed, {Depth, Call, "has no answer"});
weighed(Missed, _, _, false) -> Missed.

outermost(none, Question) -> Question;
outermost(Missed, Question) when element(1, Question) < element(1, Missed) -> Question;
outermost(Missed, _) -> Missed.

text_of(none) ->
    none;
text_of({_, message}) ->
    {missed, <<"it sends a message to a process">>};
text_of({_, {Module, Function, Arity}, What}) ->
    {missed, unicode:characters_to_binary(io_lib:format("~ts:~ts/~w ~ts there", [Module, Function, Arity, What]))}.

is_nothing(undefined) -> true;
is_nothing(false) -> true;
is_nothing([]) -> true;
is_nothing(error) -> true;
is_nothing(nil) -> true;
is_nothing('$end_of_table') -> true;
is_nothing({error, _}) -> true;
is_nothing({badrpc, _}) -> true;
is_nothing(_) -> false.
