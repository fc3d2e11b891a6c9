#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% multiply_release_pair.escript PAIR OUT MODULES
%%
%% Makes a large pair of releases of one that make_release_pair.escript made: PAIR as it is, and
%% copies of its old side under other names, the same on both sides, until there are MODULES. So few
%% modules differ among many, and they are as large as real ones.
%%
%% A copy renames every application and module of the pair, by a suffix, wherever its name stands in
%% a table of atoms: copies call each other as the originals do. Debug information keeps the
%% old names; nobody reads it of a module that does not change.
-mode(compile).

main([Pair, Out, Modules]) ->
    not filelib:is_dir(Out) orelse fail("~ts is there already", [Out]),
    copy_pair(Pair, Out),
    Ebins = filelib:wildcard(filename:join(Pair, "old/lib/*/ebin")),
    Names = maps:from_keys([name(File) || Ebin <- Ebins, File <- files(Ebin)], renamed),
    Numbered = [{Ebin, Number} || Number <- lists:seq(2, 100), Ebin <- Ebins],
    Count = length(beams(Ebins)),
    Applications = copy_applications(Numbered, list_to_integer(Modules) - Count, Names, Out),
    [extend_release(filename:join(Out, Side), Applications) || Side <- [old, new]];
main(_) ->
    fail("usage: multiply_release_pair.escript PAIR OUT MODULES", []).

copy_pair(Pair, Out) ->
    Files = [File || File <- filelib:wildcard(filename:join(Pair, "**")), filelib:is_regular(File)],
    [write(filename:join(Out, string:prefix(File, Pair ++ "/")), read(File)) || File <- Files].

%% Whole applications, until no module is missing any more. Returns their entries of the .rel file.
copy_applications([{Ebin, Number} | Rest], Missing, Names, Out) when Missing > 0 ->
    [AppFile] = filelib:wildcard(filename:join(Ebin, "*.app")),
    Suffix = "_" ++ integer_to_list(Number),
    {ok, [{application, Name, Keys}]} = file:consult(AppFile),
    NewName = list_to_atom(atom_to_list(Name) ++ Suffix),
    Vsn = proplists:get_value(vsn, Keys),
    Beams = [{name(File) ++ Suffix ++ ".beam", renamed(File, Suffix, Names)}
             || File <- beams([Ebin])],
    App = {lists:concat([NewName, ".app"]), app_text(NewName, Keys, Suffix, Names)},
    NewEbin = filename:join(["lib", lists:concat([NewName, "-", Vsn]), "ebin"]),
    [write(filename:join([Out, Side, NewEbin, File]), Content)
     || Side <- [old, new], {File, Content} <- [App | Beams]],
    [{NewName, Vsn} | copy_applications(Rest, Missing - length(Beams), Names, Out)];
copy_applications(_, _, _, _) ->
    [].

%% The copy depends on the original core, on no other copy: an application of a copy may be missing.
app_text(Name, Keys, Suffix, Names) ->
    Modules = [other_atom(Module, Suffix, Names) || Module <- proplists:get_value(modules, Keys)],
    text({application, Name,
          [{description, "A copy"}, {vsn, proplists:get_value(vsn, Keys)}, {modules, Modules},
           {registered, []}, {applications, [kernel, stdlib]}]}).

other_atom(Atom, Suffix, Names) ->
    binary_to_atom(other_name(atom_to_binary(Atom), Suffix, Names)).

other_name(Name, Suffix, Names) ->
    case is_map_key(binary_to_list(Name), Names) of
        true -> <<Name/binary, (list_to_binary(Suffix))/binary>>;
        false -> Name
    end.

%% The first atom of the table is the name of the module; the code only has places in the table.
renamed(File, Suffix, Names) ->
    {ok, _, Chunks} = beam_lib:all_chunks(File),
    {"AtU8", <<Count:32/signed, Table/binary>>} = lists:keyfind("AtU8", 1, Chunks),
    Count > 0 orelse fail("~ts: a table of atoms as of OTP 28, which is not known here", [File]),
    Atoms = [other_name(Atom, Suffix, Names) || <<Size, Atom:Size/binary>> <= Table],
    NewTable = [[byte_size(Atom), Atom] || Atom <- Atoms],
    Chunk = iolist_to_binary([<<Count:32>>, NewTable]),
    {ok, Beam} = beam_lib:build_module(lists:keyreplace("AtU8", 1, Chunks, {"AtU8", Chunk})),
    Beam.

extend_release(Root, More) ->
    [RelFile] = filelib:wildcard(filename:join(Root, "releases/*/*.rel")),
    {ok, [{release, Name, Runtime, Applications}]} = file:consult(RelFile),
    write(RelFile, text({release, Name, Runtime, Applications ++ More})).

beams(Ebins) ->
    [File || Ebin <- Ebins, File <- files(Ebin), filename:extension(File) =:= ".beam"].

files(Ebin) ->
    filelib:wildcard(filename:join(Ebin, "*")).

name(File) ->
    filename:rootname(filename:basename(File)).

text(Term) ->
    unicode:characters_to_binary(io_lib:format("~tp.~n", [Term])).

read(File) ->
    {ok, Bytes} = file:read_file(File),
    Bytes.

write(File, Content) ->
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, Content).

-spec fail(string(), [term()]) -> no_return().
fail(Format, Arguments) ->
    io:format(standard_error, Format ++ "~n", Arguments),
    halt(1).
