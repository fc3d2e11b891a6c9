%% SPDX-License-Identifier: Apache-2.0
%%
%% Who holds functions of modules that change, outside of code: funs in tables, in persistent terms,
%% in the configuration of logger, in messages and in the state of processes; and names of functions
%% ({M, F, Args}, fun M:F/A) that the new code does not export any more.
%%
%% A local fun belongs to one version of its module, which its `new_uniq` tells: the MD5 of the
%% code. When that version is purged, whoever calls the fun gets badfun. No purge waits for it:
%% check_process_code/2 does not look for funs. An install purges right after it loads, where nobody
%% runs the old code.
%%
%% Looking is bounded: by rows of a table, by parts of a term, and by the time for all. What was
%% left out is told.
%%
%% A process that hibernates has an empty stack: what it will go on with is shown to nobody. One of
%% a behaviour of OTP can be asked for its state, which wakes it for a moment, so that is done at
%% depth `deep` alone; it hibernates again when it has answered. What timers of erlang:send_after/3
%% and the like will send is shown to nobody either; that is told by who knows the code
%% (change/node_forecast.hpp).
-module(?HOLDERS).

-export([search/2]).

%% Rows of a table, parts of one term, the words of a process whose state is made into text.
-define(ROWS, 1000).
-define(PARTS, 2000).
-define(WORDS, 5000).
-define(PROCESSES_READ, 3000).
%% The words of a process that is asked for its state, and the parts that are read of one.
-define(STATE_WORDS, 1000000).
-define(STATE_PARTS, 100000).
%% How long one may take to answer, in milliseconds.
-define(PATIENCE, 1000).

%% Changed is #{Module => {Md5OfNewCode or none, [{Function, Arity}] that are gone}}; Depth is
%% `quick` or `deep`. {[{Kind, Module, Function, Place, Detail}], [{Reason, Count, Place}]}: what is
%% held where, once per place and function, and what was not looked at.
%%   Kind: 'fun' (a local one), 'name' (of a function that is gone)
%%   Place: {table, Name}, {persistent_term, Key}, {logger, What}, {process, Pid}
search(Changed, Depth) ->
    Results = [tables(Changed, Depth), persistent(Changed, Depth), logger_settings(Changed), states(Changed, Depth)],
    {lists:append([lists:usort(Found) || {Found, _} <- Results]), lists:append([Left || {_, Left} <- Results])}.

%% Tables.

tables(Changed, Depth) ->
    Parts = ?PROCESSES:in_parallel(fun(Part) -> tables(Part, Changed, Depth) end, ets:all()),
    {Found, Left} = lists:unzip(lists:append(Parts)),
    {lists:append(Found), counted(lists:append(Left))}.

tables(Tables, Changed, Depth) ->
    [table(Table, ets:info(Table), Changed, Depth) || Table <- Tables].

table(_, undefined, _, _) ->
    {[], []};
table(Table, Info, Changed, Depth) ->
    Name = proplists:get_value(name, Info),
    case {proplists:get_value(protection, Info), proplists:get_value(size, Info)} of
        {private, 0} -> {[], []};
        {private, _} -> {[], private_table(proplists:get_value(owner, Info), Name)};
        {_, Size} when Depth =:= quick, Size > ?ROWS -> {[], [{large_table, Name}]};
        _ when Name =:= logger -> {[], []};
        _ -> {[{Kind, Module, Function, {table, Name}} || {Kind, Module, Function} <- rows(Table, Changed)], []}
    end.

%% Timers of the module timer are in one, with the functions that they call.
private_table(Owner, Name) ->
    case process_info(Owner, registered_name) of
        {registered_name, timer_server} -> [{timers, Name}];
        _ -> [{private_table, Name} || is_of_user(Owner)]
    end.

%% OTP's own processes hold no functions of a release's modules in state of theirs.
is_of_user(Pid) ->
    case ?TREE:application_of(Pid) of
        none -> process_info(Pid, registered_name) =:= [];
        Application -> not lists:member(Application, [kernel, stdlib, sasl])
    end.

%% It may go while it is read.
rows(Table, Changed) ->
    try
        all_rows(ets:select(Table, [{'$1', [], ['$1']}], 100), Changed, [])
    catch
        error:badarg -> []
    end.

all_rows('$end_of_table', _, Found) ->
    Found;
all_rows({Rows, Next}, Changed, Found) ->
    all_rows(ets:select(Next), Changed, lists:usort(lists:append([functions_in(Row, Changed) || Row <- Rows]) ++ Found)).

counted(Left) ->
    [{Reason, length(Names), hd(lists:sort(Names))}
     || Reason <- [large_table, private_table, timers],
        Names <- [[Name || {Each, Name} <- Left, Each =:= Reason]],
        Names =/= []].

%% Persistent terms.

persistent(Changed, Depth) ->
    Terms = persistent_term:get(),
    {Read, Left} = lists:split(min(length(Terms), most_terms(Depth)), Terms),
    Found = [{Kind, Module, Function, {persistent_term, Key}}
             || {Key, Value} <- Read, {Kind, Module, Function} <- functions_in(Value, Changed)],
    {Found, [{persistent_terms, length(Left), none} || Left =/= []]}.

most_terms(quick) -> 5000;
most_terms(deep) -> 1000000.

%% logger keeps filters, handlers and formatters in a table of its own; it is asked, since it names
%% them.

logger_settings(Changed) ->
    #{filters := Filters} = logger:get_primary_config(),
    Handlers = logger:get_handler_config(),
    Found = [{Kind, Module, Function, {logger, {filter, Id}}}
             || {Id, Filter} <- Filters, {Kind, Module, Function} <- functions_in(Filter, Changed)] ++
        [{Kind, Module, Function, {logger, {handler, Id}}}
         || #{id := Id} = Handler <- Handlers, {Kind, Module, Function} <- functions_in(Handler, Changed)] ++
        [{module, Module, none, {logger, {handler, Id}}}
         || #{id := Id} = Handler <- Handlers, Module <- modules_of(Handler), is_leaving(Module, Changed)],
    {Found, []}.

modules_of(#{module := Module} = Handler) ->
    case Handler of
        #{formatter := {Formatter, _}} -> [Module, Formatter];
        _ -> [Module]
    end.

is_leaving(Module, Changed) ->
    case Changed of
        #{Module := {none, _}} -> true;
        _ -> false
    end.

%% Messages and states. The text of a stack has the terms on it; "#Fun<shop_till.3.1234>".

states(Changed, Depth) ->
    Pids = processes() -- [self()],
    case Depth =:= quick andalso length(Pids) > ?PROCESSES_READ of
        true ->
            {[], [{states, length(Pids), none}]};
        false ->
            Patterns = [{Module, iolist_to_binary(["#Fun<", atom_to_binary(Module), "."])} || Module <- maps:keys(Changed)],
            Compiled = binary:compile_pattern([Pattern || {_, Pattern} <- Patterns]),
            Parts = ?PROCESSES:in_parallel(
                fun(Part) -> [in_process(Pid, Changed, Patterns, Compiled, Depth) || Pid <- Part] end, Pids),
            {Found, Left} = lists:unzip(lists:append(Parts)),
            All = lists:append(Left),
            {lists:append(Found), [{Reason, Count, none}
                                   || Reason <- [large_states, hibernating, asleep],
                                      Count <- [length([Each || Each <- All, Each =:= Reason])], Count > 0]}
    end.

in_process(Pid, Changed, Patterns, Compiled, Depth) ->
    case process_info(Pid, [total_heap_size, message_queue_len, current_function]) of
        undefined ->
            {[], []};
        [{_, Words}, {_, Queue}, _] when Depth =:= quick, Words > ?WORDS; Queue > 1000 ->
            {[], left_out(Pid, large_states)};
        [{_, Words}, _, {_, {erlang, hibernate, 3}}] ->
            {InState, Left} = in_hibernating(Pid, Words, Changed, Depth),
            {InState ++ found_in(Pid, Changed, Patterns, Compiled), Left};
        _ ->
            {found_in(Pid, Changed, Patterns, Compiled), []}
    end.

left_out(Pid, Reason) ->
    [Reason || is_of_user(Pid)].

in_hibernating(Pid, _, _, quick) ->
    {[], left_out(Pid, hibernating)};
in_hibernating(Pid, Words, _, deep) when Words > ?STATE_WORDS ->
    {[], left_out(Pid, asleep)};
in_hibernating(Pid, _, Changed, deep) ->
    case has_state(?PROCESSES:identify(?PROCESSES:initial_call(Pid))) andalso state(Pid) of
        {ok, State} ->
            {Found, Left} = walk([State], Changed, [], ?STATE_PARTS),
            {[{Kind, Module, Function, {process, Pid}} || {Kind, Module, Function} <- lists:usort(Found)], [asleep || Left =< 0]};
        _ ->
            {[], left_out(Pid, asleep)}
    end.

%% Those that are known to understand the question.
has_state({Kind, _}) -> lists:member(Kind, [server, supervisor, bridge]);
has_state(manager) -> true;
has_state(_) -> false.

state(Pid) ->
    try
        {ok, sys:get_state(Pid, ?PATIENCE)}
    catch
        exit:_ -> unread
    end.

found_in(Pid, Changed, Patterns, Compiled) ->
    case process_info(Pid, [backtrace, messages, dictionary]) of
        undefined ->
            [];
        [{_, Text}, {_, Messages}, {_, Dictionary}] ->
            [{Kind, Module, Function, {process, Pid}}
             || {Kind, Module, Function} <- functions_in({Messages, without_origin(Dictionary)}, Changed)] ++
                [{'fun', Module, none, {process, Pid}}
                 || binary:match(Text, Compiled) =/= nomatch,
                    {Module, Pattern} <- Patterns,
                    binary:match(Text, Pattern) =/= nomatch,
                    erlang:module_loaded(Module)]
    end.

%% How it began is no call to come.
without_origin(Dictionary) ->
    [Entry || {Key, _} = Entry <- Dictionary, Key =/= '$initial_call', Key =/= '$ancestors'].

%% Terms: [{Kind, Module, {Function, Arity}}].

functions_in(Term, Changed) ->
    {Found, _} = walk([Term], Changed, [], ?PARTS),
    lists:usort(Found).

walk([], _, Found, Left) ->
    {Found, Left};
walk(_, _, Found, Left) when Left =< 0 ->
    {Found, 0};
walk([{Module, Function, Arguments} = Term | Next], Changed, Found, Left) when is_map_key(Module, Changed), is_atom(Function) ->
    Named = [{name, Module, {Function, Arity}} || Arity <- arity(Arguments), is_gone(Module, Function, Arity, Changed)],
    walk([Arguments | Next], Changed, Named ++ Found, Left - tuple_size(Term));
walk([Term | Next], Changed, Found, Left) when is_tuple(Term) ->
    walk(tuple_to_list(Term) ++ Next, Changed, Found, Left - 1);
walk([[Head | Tail] | Next], Changed, Found, Left) ->
    walk([Head, Tail | Next], Changed, Found, Left - 1);
walk([Term | Next], Changed, Found, Left) when is_map(Term), map_size(Term) < ?PARTS ->
    walk(maps:to_list(Term) ++ Next, Changed, Found, Left - 1);
walk([Term | Next], Changed, Found, Left) when is_function(Term) ->
    {Held, Inner} = function(Term, Changed),
    walk(Inner ++ Next, Changed, Held ++ Found, Left - 1);
walk([_ | Next], Changed, Found, Left) ->
    walk(Next, Changed, Found, Left - 1).

arity(Arity) when is_integer(Arity), Arity >= 0 -> [Arity];
arity(Arguments) when is_list(Arguments) -> try [length(Arguments)] catch error:badarg -> [] end;
arity(_) -> [].

is_gone(Module, Function, Arity, Changed) ->
    {_, Gone} = maps:get(Module, Changed),
    lists:member({Function, Arity}, Gone).

function(Fun, Changed) ->
    {module, Module} = erlang:fun_info(Fun, module),
    {type, Type} = erlang:fun_info(Fun, type),
    {env, Held} = erlang:fun_info(Fun, env),
    {[Each || is_map_key(Module, Changed), Each <- held(Type, Module, Fun, Changed)], Held}.

held(external, Module, Fun, Changed) ->
    {name, Function} = erlang:fun_info(Fun, name),
    {arity, Arity} = erlang:fun_info(Fun, arity),
    [{name, Module, {Function, Arity}} || is_gone(Module, Function, Arity, Changed)];
held(local, Module, Fun, Changed) ->
    {new_uniq, Version} = erlang:fun_info(Fun, new_uniq),
    {Md5, _} = maps:get(Module, Changed),
    Current = erlang:get_module_info(Module, md5),
    case Version of
        Md5 -> [];
        Current -> [{'fun', Module, made_in(Fun)}];
        _ -> []
    end.

%% The function that has made it: '-attach/0-fun-1-'.
made_in(Fun) ->
    {name, Name} = erlang:fun_info(Fun, name),
    case re:run(atom_to_list(Name), "^-(.+)/(\\d+)-", [{capture, all_but_first, list}]) of
        {match, [Function, Arity]} -> {list_to_atom(Function), list_to_integer(Arity)};
        nomatch -> {Name, 0}
    end.
