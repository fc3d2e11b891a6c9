%% SPDX-License-Identifier: Apache-2.0
%%
%% Where the processes of the node are at this moment, read from their stacks.
%%
%% A process runs code of a module while a function of it stands on its stack. Such a process stays
%% in old code when new code is loaded, until it returns. Whether it will return, its stack does not
%% say; so those that are found are looked at again, some times over a short while:
%%   captive: in a loop that no call leaves for newer code, as the caller has read from the code
%%   parked: has stayed where it was, and done nothing
%%   staying: has worked, and the function was on its stack each time; it may be a long one, or one
%%     that is called again and again
%%   moving: the function was gone at one of the looks
%% So whoever is not found, or moves, leaves by itself.
%%
%% A stack is told as the last 64 return addresses at most, and 8 where nobody asks for more. That
%% is a setting of the whole node (?REGISTRAR), put back after the scan. What lies deeper is searched
%% for in the text that the emulator makes of a stack; for a very deep one that would take too long.
-module(?STACKS).

-export([with_deep_stacks/1, note/4, classify/3, place/1, has_come_home/1]).

-define(DEPTH, 64).
-define(LOOKS, 3).
-define(PAUSE, 20).
%% Words of a stack whose text is made in some milliseconds.
-define(LONGEST_TEXT, 5000).
%% How many processes are looked at again. Of more, the rest counts as parked.
-define(MOST, 2000).

%% Adds {Pid, Seen} of a process that runs one of the Wanted modules, that is not where its behaviour
%% waits, or whose mailbox is long. Seen is `too_deep` of a stack that cannot be read, or a map:
%%   frames: [{Module, Function, Arity, Line}] of Modules, the innermost first
%%   home: whether it waits for its next message in the loop of its behaviour
%%   queue: how many messages wait
%%   work: its reductions
note(Pid, Told, Wanted, Found) ->
    case seen(Pid, Told, Wanted) of
        #{frames := [], home := true, queue := Queue} when Queue < 100 -> Found;
        Seen -> [{Pid, Seen} | Found]
    end.

with_deep_stacks(Look) ->
    ?REGISTRAR:with_deep_stacks(?DEPTH, Look).

look(Pid, Wanted) ->
    case process_info(Pid, [current_stacktrace, message_queue_len, reductions]) of
        undefined -> gone;
        [{_, Stack}, {_, Queue}, {_, Work}] -> seen(Pid, {Stack, Queue, Work}, Wanted)
    end.

%% While somebody else looks deeper, a stack is told longer than is asked for.
seen(Pid, {Told, Queue, Work}, Wanted) ->
    Stack = lists:sublist(Told, ?DEPTH),
    case frames(Pid, Stack, Wanted) of
        too_deep -> too_deep;
        Frames -> #{frames => Frames, home => home(Stack), queue => Queue, work => Work}
    end.

frames(Pid, Stack, Wanted) ->
    Frames = [{Module, Function, Arity, proplists:get_value(line, Where, 0)}
              || {Module, Function, Arity, Where} <- Stack, is_map_key(Module, Wanted)],
    case length(Stack) of
        ?DEPTH when Frames =:= [] -> deeper(Pid, Wanted);
        _ -> Frames
    end.

%% "... Return addr 0x00007f2e (shop_till:loop/1 + 112)"
deeper(Pid, Wanted) ->
    case process_info(Pid, stack_size) of
        {stack_size, Size} when Size > ?LONGEST_TEXT -> too_deep;
        {stack_size, _} -> frames_of_text(process_info(Pid, backtrace), Wanted);
        undefined -> []
    end.

frames_of_text({backtrace, Text}, Wanted) ->
    Lines = binary:split(Text, <<"\n">>, [global]),
    Calls = [Call || Line <- Lines, [_, Call] <- [binary:split(Line, <<"Return addr ">>)]],
    [{Module, Function, Arity, 0} || Call <- Calls, {Module, Function, Arity} <- call_of(Call), is_map_key(Module, Wanted)];
frames_of_text(undefined, _) ->
    [].

call_of(Text) ->
    Form = "\\((.+) \\+ \\d+\\)$",
    case re:run(Text, Form, [{capture, all_but_first, list}]) of
        {match, [Call]} -> parsed_call("fun " ++ Call ++ ".");
        nomatch -> []
    end.

parsed_call(Text) ->
    case erl_scan:string(Text) of
        {ok, Tokens, _} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, [{'fun', _, {function, {atom, _, Module}, {atom, _, Function}, {integer, _, Arity}}}]} ->
                    [{Module, Function, Arity}];
                _ ->
                    []
            end;
        _ ->
            []
    end.

%% Whether a process waits in the loop of its behaviour, or is suspended or hibernates.
home([]) -> true;
home([{gen_server, loop, _, _} | _]) -> true;
home([{gen_server, loop_hibernate, _, _} | _]) -> true;
home([{gen_statem, loop_receive, _, _} | _]) -> true;
home([{gen_statem, loop_hibernate, _, _} | _]) -> true;
home([{gen_event, fetch_msg, _, _} | _]) -> true;
home([{gen_fsm, loop, _, _} | _]) -> true;
home([{sys, suspend_loop, _, _} | _]) -> true;
home([{erlang, hibernate, _, _} | _]) -> true;
home(_) -> false.

has_come_home(Pid) ->
    case process_info(Pid, current_stacktrace) of
        {current_stacktrace, Stack} -> home(Stack);
        undefined -> true
    end.

%% [{Pid, Module, Class, {Function, Arity}}] of those of a scan that run one of Modules. Captive has
%% the functions of loops that nobody leaves, Recursive those of all loops of local calls: of those,
%% one that works goes on for as long as it likes.
classify(Scanned, Captive, Recursive) ->
    Holders = [{Pid, Seen} || {Pid, #{frames := [_ | _]} = Seen} <- Scanned],
    {Watched, Unwatched} = split(Holders),
    Later = [later(Pid, Seen) || {Pid, Seen} <- Watched] ++ [{Pid, Seen, parked} || {Pid, Seen} <- Unwatched],
    Watching = watch([Each || {_, _, open} = Each <- Later], ?LOOKS),
    lists:append([classes(Each, Captive, Recursive) || Each <- Watching ++ [Each || {_, _, parked} = Each <- Later]]).

split(Holders) when length(Holders) =< ?MOST -> {Holders, []};
split(Holders) -> lists:split(?MOST, Holders).

%% A look itself counts as work of the process: how much, two in a row tell.
later(Pid, #{work := Before} = Seen) ->
    case process_info(Pid, reductions) of
        {reductions, After} -> {Pid, Seen#{work := After, cost => max(0, After - Before)}, open};
        undefined -> {Pid, Seen, gone}
    end.

watch([], _) ->
    [];
watch(Open, 0) ->
    [{Pid, Seen, maps:get(state, Seen, parked)} || {Pid, Seen, open} <- Open];
watch(Open, Looks) ->
    timer:sleep(?PAUSE),
    Next = with_deep_stacks(fun() -> [again(Pid, Seen) || {Pid, Seen, open} <- Open] end),
    [{Pid, Seen, moving} || {Pid, Seen, moving} <- Next] ++
        watch([Each || {_, _, open} = Each <- Next], Looks - 1).

again(Pid, #{frames := Frames, work := Before, cost := Cost} = Seen) ->
    Wanted = maps:from_list([{element(1, Frame), wanted} || Frame <- Frames]),
    case look(Pid, Wanted) of
        #{frames := Now, work := Work} ->
            Moved = Work - Before > 2 * Cost + 40,
            case {has_left(Frames, Now), Moved} of
                {true, true} -> {Pid, Seen, moving};
                {_, true} -> {Pid, Seen#{work := Work, state => staying}, open};
                _ -> {Pid, Seen#{work := Work}, open}
            end;
        too_deep ->
            {Pid, Seen, open};
        gone ->
            {Pid, Seen, gone}
    end.

%% The outermost one is what a process would have to return from.
has_left(Before, Now) ->
    Now =:= [] orelse lists:last(Before) =/= lists:last(Now).

classes({_, _, gone}, _, _) ->
    [];
classes({Pid, #{frames := Frames}, Class}, Captive, Recursive) ->
    Modules = lists:usort([Module || {Module, _, _, _} <- Frames]),
    [class_in(Pid, Module, [{Function, Arity} || {Each, Function, Arity, _} <- Frames, Each =:= Module], Class, Captive, Recursive)
     || Module <- Modules].

class_in(Pid, Module, Calls, Class, Captive, Recursive) ->
    case {in_loop(Module, Calls, Captive), in_loop(Module, Calls, Recursive)} of
        {[Call | _], _} -> {Pid, Module, captive, Call};
        {[], [Call | _]} when Class =:= moving -> {Pid, Module, staying, Call};
        {[], _} -> {Pid, Module, Class, lists:last(Calls)}
    end.

in_loop(Module, Calls, Loops) ->
    [Call || Call <- Calls, lists:member(Call, maps:get(Module, Loops, []))].

%% What a process does that is not at home, for people: {Module, Function, Arity}, and whether it
%% waits for an answer or for messages, or runs.
place(Pid) ->
    case process_info(Pid, [current_stacktrace, status]) of
        [{_, [First | _] = Stack}, {_, Status}] ->
            Callbacks = [Frame || Frame <- Stack, not is_of_behaviour(Frame)],
            {Module, Function, Arity, _} = hd(Callbacks ++ [First]),
            {{Module, Function, Arity}, activity(Status, First)};
        _ ->
            gone
    end.

activity(waiting, {gen, do_call, _, _}) -> calling;
activity(waiting, _) -> waiting;
activity(_, _) -> running.

is_of_behaviour({Module, _, _, _}) ->
    lists:member(Module, [gen, gen_server, gen_statem, gen_event, gen_fsm, proc_lib, sys, supervisor, timer, erlang]).
