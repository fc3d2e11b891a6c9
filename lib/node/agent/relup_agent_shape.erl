%% SPDX-License-Identifier: Apache-2.0
%%
%% Terms without their values, for people: what a state or a reason is made of, since what it holds
%% may be anybody's secret. Of a tuple the tag is shown, of a map the keys that are atoms, of the
%% rest the kinds: {st, [integer], map/2}, #{n := integer, items := [tuple/3]}.
-module(?SHAPE).

-export([shape/1, reason/1, place/2, crash/2, name/1]).

%% So many parts of a tuple or a map are named, and so many elements of a list looked at.
-define(PARTS, 10).
-define(ELEMENTS, 100).

shape(Term) ->
    text(whole(Term)).

whole(#{'__struct__' := Name} = Map) when is_atom(Name) ->
    ["%", plain(Name), "{", fields(maps:remove('__struct__', Map)), "}"];
whole(Map) when is_map(Map) ->
    ["#{", fields(Map), "}"];
whole(Tuple) when is_tuple(Tuple), tuple_size(Tuple) > 0 ->
    [First | Rest] = tuple_to_list(Tuple),
    ["{", enumerated([tag(First) | [part(Element) || Element <- Rest]]), "}"];
whole(Term) ->
    part(Term).

fields(Map) ->
    enumerated([[key(Key), " := ", part(Value)] || {Key, Value} <- lists:sort(maps:to_list(Map))]).

enumerated(Texts) when length(Texts) > ?PARTS ->
    [lists:join(", ", lists:sublist(Texts, ?PARTS)), ", ..."];
enumerated(Texts) ->
    lists:join(", ", Texts).

tag(Atom) when is_atom(Atom) -> io_lib:format("~tp", [Atom]);
tag(Term) -> part(Term).

key(Atom) when is_atom(Atom) -> io_lib:format("~tp", [Atom]);
key(Term) -> kind(Term).

part([_ | _] = List) -> ["[", lists:join(" | ", kinds(List, ?ELEMENTS, [])), "]"];
part(Term) -> kind(Term).

%% Of a list that may be improper.
kinds([Element | Rest], Left, Kinds) when Left > 0 ->
    Kind = text(kind(Element)),
    case lists:member(Kind, Kinds) of
        true -> kinds(Rest, Left - 1, Kinds);
        false -> kinds(Rest, Left - 1, Kinds ++ [Kind])
    end;
kinds(_, _, Kinds) ->
    Kinds.

kind([]) -> "[]";
kind(Term) when is_list(Term) -> "list";
kind(Term) when is_boolean(Term) -> "boolean";
kind(Term) when is_atom(Term) -> "atom";
kind(Term) when is_integer(Term) -> "integer";
kind(Term) when is_float(Term) -> "float";
kind(Term) when is_binary(Term) -> "binary";
kind(Term) when is_bitstring(Term) -> "bitstring";
kind(#{'__struct__' := Name}) when is_atom(Name) -> ["%", plain(Name), "{}"];
kind(Term) when is_map(Term) -> ["map/", integer_to_list(map_size(Term))];
kind(Term) when is_tuple(Term) -> ["tuple/", integer_to_list(tuple_size(Term))];
kind(Term) when is_function(Term) -> "fun";
kind(Term) when is_pid(Term) -> "pid";
kind(Term) when is_port(Term) -> "port";
kind(_) -> "reference".

%% Why something has failed. A key that a map does not have is a name, and no value.
reason(Reason) ->
    text(in_words(Reason)).

in_words({badkey, Key}) -> ["badkey ", key(Key)];
in_words({badkey, Key, _}) -> ["badkey ", key(Key)];
in_words({badrecord, Tag}) when is_atom(Tag) -> ["badrecord ", tag(Tag)];
in_words({Tag, Term}) when is_atom(Tag) -> [tag(Tag), " ", whole(Term)];
in_words(#{'__exception__' := true, '__struct__' := Name}) -> plain(Name);
in_words(Atom) when is_atom(Atom) -> tag(Atom);
in_words(Term) -> whole(Term).

%% Where in the module it was: "till.erl:12", or "convert/1, till.erl:12" of another function than
%% the one that was called; empty where the code does not know its lines.
place({Module, Called}, Stack) ->
    case [Frame || {Each, _, _, _} = Frame <- Stack, Each =:= Module] of
        [{_, Function, Arguments, Location} | _] -> text(lists:join(", ", inside(Called, Function, Arguments) ++ line(Location)));
        [] -> <<>>
    end.

inside(Called, Called, _) -> [];
inside(_, Function, Arguments) -> [io_lib:format("~ts/~w", [Function, arity(Arguments)])].

arity(Arguments) when is_list(Arguments) -> length(Arguments);
arity(Arity) -> Arity.

line(Location) ->
    case {proplists:get_value(file, Location), proplists:get_value(line, Location)} of
        {File, Line} when is_list(File), is_integer(Line) -> [io_lib:format("~ts:~w", [short(File), Line])];
        _ -> []
    end.

%% Where it was built says nothing here.
short(File) ->
    case filename:pathtype(File) of
        relative -> File;
        _ -> filename:basename(File)
    end.

%% Why and where, as a term: {Name, Module, Function, Arity, File, Line}.
crash(Reason, [{Module, Function, Arguments, Location} | _]) ->
    File = proplists:get_value(file, Location, ""),
    {name(Reason), Module, Function, arity(Arguments), File, proplists:get_value(line, Location, 0)};
crash(Reason, _) ->
    {name(Reason), undefined, undefined, 0, "", 0}.

%% What a reason is called, without what it carries.
name(Reason) when is_atom(Reason) -> Reason;
name(Reason) when is_tuple(Reason), is_atom(element(1, Reason)) -> element(1, Reason);
name(_) -> error.

%% Of a module of Elixir, as its source has it.
plain(Name) ->
    case atom_to_list(Name) of
        "Elixir." ++ Rest -> Rest;
        Text -> Text
    end.

text(Text) ->
    unicode:characters_to_binary(Text).
