#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%! +pc latin1
%%
%% random_cases.escript print|read SEED COUNT FILE
%%
%% Writes COUNT cases to FILE: what we must read, and what OTP makes of it.
%%
%%     print   a term on one line (~0tp) and the same term laid out (~tp)
%%     read    a text, often a damaged one, and `ok TERM`, or `error` where OTP refuses it
%%
%% A case is its text, a line that holds only the character 1, OTP's answer and a line that holds
%% only the character 2. The same seed gives the same cases.
-mode(compile).

main([Kind, Seed, Count, File]) ->
    rand:seed(exsss, list_to_integer(Seed)),
    Cases = [one_case(Kind) || _ <- lists:seq(1, list_to_integer(Count))],
    ok = file:write_file(File, unicode:characters_to_binary(Cases)).

one_case("print") ->
    Term = term(6),
    [io_lib:format("~0tp.", [Term]), "\n\x{1}\n", io_lib:format("~tp", [Term]), "\n\x{2}\n"];
one_case("read") ->
    Text = damaged(rand:uniform(4) - 1, lists:flatten(text())),
    [Text, "\n\x{1}\n", answer(Text), "\n\x{2}\n"].

%% What OTP reads from the first form of Text.
answer(Text) ->
    case erl_scan:tokens([], Text, 1) of
        {more, Continuation} -> read(erl_scan:tokens(Continuation, eof, 1));
        Done -> read(Done)
    end.

read({done, {ok, Tokens, _}, _}) ->
    case erl_parse:parse_term(Tokens) of
        {ok, Term} -> io_lib:format("ok ~0tp", [Term]);
        {error, _} -> "error"
    end;
read(_) ->
    "error".

%% Terms, some deep, some wide, of every kind that has a syntax.
term(Depth) when Depth =< 0 -> leaf();
term(Depth) ->
    case rand:uniform(13) of
        1 -> terms(6, Depth);
        2 -> terms(3, Depth) ++ leaf();
        3 -> list_to_tuple(terms(5, Depth));
        4 -> list_to_tuple([atom() | terms(4, Depth)]);
        5 -> list_to_tuple([atom() | terms(4, Depth)]);
        6 -> [atom() || _ <- lists:seq(1, rand:uniform(20))];
        7 -> maps:from_list([{term(2), term(Depth - 1)} || _ <- lists:seq(1, rand:uniform(4))]);
        8 -> maps:from_list([{leaf(), leaf()} || _ <- lists:seq(1, rand:uniform(20))]);
        _ -> leaf()
    end.

terms(Most, Depth) ->
    [term(Depth - 1) || _ <- lists:seq(1, rand:uniform(Most))].

leaf() ->
    case rand:uniform(18) of
        1 -> [];
        2 -> {};
        3 -> #{};
        4 -> rand:uniform(1000) - 500;
        5 -> rand:uniform(1 bsl 70) - (1 bsl 69);
        6 -> rand:normal() * math:pow(10, rand:uniform(44) - 22);
        7 -> float(rand:uniform(1 bsl 60));
        8 -> rand:bytes(rand:uniform(60) - 1);
        9 -> <<(rand:bytes(rand:uniform(50)))/binary, (rand:uniform(7)):3>>;
        10 -> list_to_binary(string($~, 30));
        11 -> unicode:characters_to_binary(string(16#400, 9));
        12 -> string(255, 30);
        13 -> string(16#400, 6);
        14 -> string($~, 120);
        15 -> fun lists:map/2;
        _ -> atom()
    end.

string(Largest, Longest) ->
    [character(Largest) || _ <- lists:seq(1, rand:uniform(Longest))].

character(Largest) ->
    case rand:uniform(12) of
        1 -> lists:nth(rand:uniform(9), "\n\r\t\v\b\f\e\"\\");
        _ -> 31 + rand:uniform(Largest - 31)
    end.

atom() ->
    pick([a, m, x1, é, '', 'end', 'Quoted A', 'it\'s', 'Elixir.Foo.Bar', load_module, update,
          brutal_purge, point_of_no_return, load_object_code,
          a_very_long_atom_name_that_goes_on_and_on, 'λ', 'new\nline', a@b]).

pick(Choices) ->
    lists:nth(rand:uniform(length(Choices)), Choices).

%% Source text, mostly of terms; expressions that are none are among it.
text() ->
    case rand:uniform(3) of
        1 -> [[token(), " "] || _ <- lists:seq(1, rand:uniform(8))] ++ ".";
        2 -> io_lib:format("~0tp.", [term(3)]);
        3 -> [literal(3), "."]
    end.

literal(Depth) ->
    case rand:uniform(8) of
        1 when Depth > 0 -> ["{", literals(Depth), "}"];
        2 when Depth > 0 -> ["[", literals(Depth), pick(["", "|a", "|[]"]), "]"];
        3 when Depth > 0 -> ["#{", literal(Depth - 1), " => ", literal(Depth - 1), "}"];
        4 when Depth > 0 -> ["(", literal(Depth - 1), ")"];
        5 -> ["<<", segment(), ",", segment(), ">>"];
        _ -> pick(["a", "1", "-1", "\"s\"", "$a", "1.5", "'q r'", "[]", "16#ff", "\"a\" \"b\"",
                   "fun m:f/1", "1_000", "- 2", "\"\\x{3b2}\"", "$\\n", "2#101"])
    end.

literals(Depth) ->
    lists:join(",", [literal(Depth - 1) || _ <- lists:seq(1, rand:uniform(3))]).

segment() ->
    [pick(["1", "\"s\"", "a", "-2", "1.5", "<<1>>", "<<1:3>>", "(1)", "X", "300", "0"]),
     pick(["", "", ":4", ":16", ":0", ":64", ":a"]),
     pick(["", "", "/utf8", "/utf16", "/little", "/float", "/binary", "/bits", "/bytes", "/signed",
           "/unit:4", "/unit:8-little", "/binary-unit:4", "/float-little", "/big-little"])].

token() ->
    pick(["{", "}", "[", "]", "(", ")", ",", ",", "|", "=>", ":=", "<<", ">>", ":", "/", "-", "+",
          "a", "b", "1", "2", "\"s\"", "X", "#", "#{", ".\n", "\n", "$a", "1.5", "not", "=", "++",
          "!", "'q r'", "%c\n", "fun", "{a,", "[1,"]).

damaged(0, Text) ->
    Text;
damaged(Times, Text) ->
    {Front, Back} = lists:split(rand:uniform(length(Text) + 1) - 1, Text),
    damaged(Times - 1, damage(rand:uniform(5), Front, Back)).

damage(1, Front, _) -> Front;
damage(2, Front, Back) -> Front ++ token() ++ Back;
damage(3, Front, [_ | Back]) -> Front ++ Back;
damage(_, Front, Back) -> Front ++ Back.
