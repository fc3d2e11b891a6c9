#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% make_release_pair.escript OUT SEED CHANGED REBUILT [APPLICATION...]
%%
%% Makes two releases of the installed Erlang and Elixir libraries that differ in known modules:
%%
%%     OUT/old, OUT/new     release roots; every application with a changed or rebuilt module has a
%%                          new version in the second
%%     OUT/expected.term    {expected,[{changed,[{Application,[Module]}]},{rebuilt,[...]}]}.
%%
%% CHANGED modules differ in their code, REBUILT ones only in paths, line numbers or debug
%% information. Without APPLICATIONs all are taken, else those and what they depend on.
%%
%% A module is edited in its abstract code, which stands in its debug information, and compiled
%% again. Only modules whose unedited abstract code compiles to the same MD5 take part, so that the
%% edit is the only difference. An edit of the old side is an edit backwards: the new release then
%% lacks a function that the old one has. The choice is made with SEED and depends on nothing else.
-mode(compile).

%% Upgrading these needs a restart of the runtime, so a release handler never loads them.
-define(CORE, [kernel, stdlib, sasl]).

-record(application, {name, vsn, ebin, keys}).
-record(module, {
    name,
    application,
    file,
    %% Forwards or backwards: the edits of each side. None on both sides: rebuilt.
    old = [],
    new = []
}).

main([Out, Seed, Changed, Rebuilt | Names]) ->
    not filelib:is_dir(Out) orelse fail("~ts is there already", [Out]),
    Number = list_to_integer(Seed),
    rand:seed(exsss, {Number, Number, Number}),
    Applications = wanted([list_to_atom(Name) || Name <- Names], installed_applications()),
    Modules = choose(list_to_integer(Changed), list_to_integer(Rebuilt), Applications),
    [write_release(Side, Applications, Modules, Out) || Side <- [old, new]],
    check_edits(Applications, Modules, Out),
    write_expected(Modules, Out);
main(_) ->
    fail("usage: make_release_pair.escript OUT SEED CHANGED REBUILT [APPLICATION...]", []).

%% --- Applications ---

installed_applications() ->
    Files = [File || Lib <- [code:lib_dir() | elixir_lib_dirs()],
                     File <- filelib:wildcard(filename:join(Lib, "*/ebin/*.app"))],
    Applications = [read_application(File) || File <- Files],
    %% The preloaded modules belong to no application of a release.
    lists:keysort(#application.name, [A || A <- Applications, A#application.name =/= erts]).

%% Elixir knows where it is; mix and ex_unit are no part of a release.
elixir_lib_dirs() ->
    case os:find_executable("elixir") of
        false -> [];
        Elixir -> [filename:dirname(os:cmd(Elixir ++ " -e 'IO.write(:code.lib_dir(:elixir))'"))]
    end.

read_application(File) ->
    {ok, [{application, Name, Keys}]} = file:consult(File),
    Vsn = proplists:get_value(vsn, Keys),
    #application{name = Name, vsn = Vsn, ebin = filename:dirname(File), keys = Keys}.

wanted([], All) ->
    [A || A <- All, not lists:member(A#application.name, [mix, ex_unit, iex, eex])];
wanted(Names, All) ->
    Closed = close(?CORE ++ Names, [], All),
    [A || A <- All, lists:member(A#application.name, Closed)].

close([], Done, _) ->
    Done;
close([Name | Names], Done, All) ->
    case {lists:member(Name, Done), lists:keyfind(Name, #application.name, All)} of
        {true, _} -> close(Names, Done, All);
        {false, false} -> fail("~ts is not installed", [Name]);
        {false, A} -> close(needs(A) ++ Names, [Name | Done], All)
    end.

needs(#application{keys = Keys}) ->
    proplists:get_value(applications, Keys, []) --
        proplists:get_value(optional_applications, Keys, []).

%% --- Which modules, and what is done to them ---

choose(Changed, Rebuilt, Applications) ->
    Wanted = Changed + Rebuilt,
    %% Some will not do; not all are looked at, for that takes a compilation each.
    Some = lists:sublist(shuffle(candidates(Applications)), 2 * Wanted),
    Good = [Found || {Kind, _} = Found <- parallel_map(fun examine/1, Some), Kind =/= unfit],
    length(Good) >= Wanted orelse fail("only ~b modules can be recompiled", [length(Good)]),
    Servers = lists:sublist([M || {server, M} <- Good], Changed div 8),
    Others = lists:sublist([M || {_, M} <- Good, not lists:member(M, Servers)],
                           Wanted - length(Servers)),
    {ToRebuild, ToChange} = lists:split(Rebuilt, Others),
    {ToExport, ToTouch} = lists:split(length(ToChange) * 2 div 5, ToChange),
    Edited = [M#module{new = [state]} || M <- Servers] ++
        [M#module{new = [literal]} || M <- ToTouch] ++
        [edit_exports(M, I) || {I, M} <- enumerate(ToExport)],
    lists:keysort(#module.name, ToRebuild ++ call_exports(Edited)).

%% A release handler loads only what the .app file lists; asn1 and others have more.
candidates(Applications) ->
    Listed = [#module{name = Module, application = Name, file = beam_file(Ebin, Module)}
              || #application{name = Name, ebin = Ebin, keys = Keys} <- Applications,
                 not lists:member(Name, ?CORE),
                 Module <- proplists:get_value(modules, Keys, [])],
    lists:sort([M || M <- Listed, filelib:is_regular(M#module.file)]).

beam_file(Ebin, Module) ->
    filename:join(Ebin, atom_to_list(Module) ++ ".beam").

%% Every third export goes instead of coming.
edit_exports(M, I) when I rem 3 =:= 0 -> M#module{old = [export]};
edit_exports(M, _) -> M#module{new = [export]}.

%% Half of the exports get a caller: another changed module of their application.
call_exports(Modules) ->
    Called = [M || {I, M} <- enumerate(lists:sort([M || M <- Modules, exports(M)])), I rem 2 =:= 0],
    lists:foldl(fun call_export/2, Modules, Called).

exports(#module{old = Old, new = New}) ->
    lists:member(export, Old ++ New).

call_export(#module{name = Name, application = Application, old = Old}, Modules) ->
    case [M || #module{name = Other, application = A} = M <- Modules,
               A =:= Application, Other =/= Name] of
        [] ->
            Modules;
        Others ->
            Caller = lists:nth(rand:uniform(length(Others)), lists:sort(Others)),
            Edited = case Old of
                [] -> Caller#module{new = Caller#module.new ++ [{call, Name}]};
                _ -> Caller#module{old = Caller#module.old ++ [{call, Name}]}
            end,
            lists:keyreplace(Caller#module.name, #module.name, Modules, Edited)
    end.

shuffle(List) ->
    [Element || {_, Element} <- lists:sort([{rand:uniform(), Element} || Element <- List])].

enumerate(List) ->
    lists:zip(lists:seq(1, length(List)), List).

%% Whether a module can take part, and whether it is a server with a state of its own.
examine(#module{file = File} = M) ->
    case read_code(File) of
        none ->
            {unfit, M};
        {Forms, Options} ->
            IsFit = can_be_edited(Forms) andalso
                md5(compile_forms(moved(Forms), Options)) =:= md5(File),
            Kind = case {IsFit, is_server(Forms)} of
                {false, _} -> unfit;
                {true, true} -> server;
                {true, false} -> other
            end,
            {Kind, M}
    end.

%% Some modules hold types only. The on_load of native code would run at each load.
can_be_edited(Forms) ->
    call_first({atom, 0, self}, [], Forms) =/= none andalso
        [on_load || {attribute, _, on_load, _} <- Forms] =:= [].

is_server(Forms) ->
    Behaviours = [Behaviour || {attribute, _, Name, Behaviour} <- Forms,
                               lists:member(Name, [behaviour, behavior])],
    lists:member(gen_server, Behaviours) andalso
        [state || {attribute, _, record, {state, _}} <- Forms] =/= [].

%% --- Edits of abstract code ---

edit(export, Forms) ->
    add_functions(["relup_bench() -> ok."], Forms);
edit({call, Module}, Forms) ->
    {found, Edited} =
        call_first({remote, 0, {atom, 0, Module}, {atom, 0, relup_bench}}, [], Forms),
    Edited;
edit(literal, Forms) ->
    case map_first(fun other_string/1, Forms) of
        {found, Edited} -> Edited;
        none -> Forms
    end;
edit(body, Forms) ->
    {found, Edited} =
        call_first({atom, 0, put}, [{atom, 0, relup_bench}, {atom, 0, ok}], Forms),
    Edited;
edit(state, Forms) ->
    %% One more field at the end of the record, and a code_change that adds it or takes it off.
    Wider = [add_field(Form) || Form <- Forms, not is_function(Form, code_change, 3)],
    add_functions([
        "code_change({down, _}, State, _) ->"
        "    {ok, erlang:delete_element(tuple_size(State), State)};"
        "code_change(_, State, _) ->"
        "    {ok, setelement(#state.relup_bench, erlang:append_element(State, 0), 1)}."
    ], Wider).

add_field({attribute, A, record, {state, Fields}}) ->
    Field = {record_field, 0, {atom, 0, relup_bench}, {integer, 0, 0}},
    {attribute, A, record, {state, Fields ++ [Field]}};
add_field(Form) ->
    Form.

%% Exports them too; an export that is there already may be said twice.
add_functions(Sources, [File, Module | Forms]) ->
    Functions = [parse_function(Source) || Source <- Sources],
    Export = {attribute, 0, export, [{Name, Arity} || {function, _, Name, Arity, _} <- Functions]},
    {Body, [Eof]} = lists:split(length(Forms) - 1, Forms),
    [File, Module, Export] ++ Body ++ Functions ++ [Eof].

parse_function(Source) ->
    {ok, Tokens, _} = erl_scan:string(Source),
    {ok, Function} = erl_parse:parse_form(Tokens),
    Function.

%% The first clause of the first function that is no code_change begins with a call. The state edit
%% writes its code_change itself, and one that keeps the state must go on doing so.
call_first(Function, Arguments, Forms) ->
    map_first(
        fun({function, A, Name, Arity, [{clause, B, Patterns, Guards, Body} | Clauses]})
              when Name =/= code_change ->
                Clause = {clause, B, Patterns, Guards, [{call, 0, Function, Arguments} | Body]},
                {found, {function, A, Name, Arity, [Clause | Clauses]}};
           (_) ->
                none
        end, Forms).

%% The function with another string in it.
other_string({function, A, Name, Arity, Clauses}) when Name =/= code_change ->
    case map_first(fun other_literal/1, Clauses) of
        {found, Edited} -> {found, {function, A, Name, Arity, Edited}};
        none -> none
    end;
other_string(_) ->
    none.

other_literal({string, A, [_ | _] = Text}) ->
    {found, {string, A, Text ++ "!"}};
other_literal(Tuple) when is_tuple(Tuple) ->
    case other_literal(tuple_to_list(Tuple)) of
        {found, List} -> {found, list_to_tuple(List)};
        none -> none
    end;
other_literal([_ | Tail] = List) when is_list(Tail) ->
    map_first(fun other_literal/1, List);
other_literal(_) ->
    none.

%% Replaces the first element that `Replace` has a replacement for.
map_first(_, []) ->
    none;
map_first(Replace, [Element | Elements]) ->
    case Replace(Element) of
        {found, New} ->
            {found, [New | Elements]};
        none ->
            case map_first(Replace, Elements) of
                {found, News} -> {found, [Element | News]};
                none -> none
            end
    end.

is_function({function, _, Name, Arity, _}, Name, Arity) -> true;
is_function(_, _, _) -> false.

%% The same code from another place: a line further down, in a file elsewhere.
moved(Forms) ->
    Down = fun(Anno) -> erl_anno:set_line(erl_anno:line(Anno) + 1, Anno) end,
    [case erl_parse:map_anno(Down, Form) of
         {attribute, A, file, {File, Line}} -> {attribute, A, file, {"/elsewhere/" ++ File, Line}};
         Other -> Other
     end || Form <- Forms].

%% --- Compilation ---

%% The abstract code and the options that matter for its MD5; none without debug information. That
%% of Elixir has another form.
read_code(File) ->
    case beam_lib:chunks(File, [debug_info]) of
        {ok, {_, [{debug_info, {debug_info_v1, erl_abstract_code, {Forms, Options}}}]}}
          when is_list(Forms) ->
            Inline = [inline || lists:member(inline, Options)],
            {Forms, [{extra_chunks, enabled_features(File)} | Inline]};
        _ ->
            none
    end.

%% The chunk that the compiler writes only when it starts from a source file.
enabled_features(File) ->
    {ok, {_, [{"Meta", Chunk}]}} = beam_lib:chunks(File, ["Meta"], [allow_missing_chunks]),
    [{<<"Meta">>, Chunk} || is_binary(Chunk)].

compile_forms(Forms, Options) ->
    compile_forms(Forms, Options, [debug_info]).

compile_forms(Forms, Options, More) ->
    case compile:forms(Forms, More ++ Options ++ [{source, "/elsewhere/bench.erl"}]) of
        {ok, _, Beam} -> Beam;
        error -> fail("~p does not compile", [[M || {attribute, _, module, M} <- Forms]])
    end.

%% The .beam file of one side.
beam_of(Side, #module{file = File, old = [], new = []} = M) ->
    case Side of
        old -> read(File);
        new -> rebuilt(M)
    end;
beam_of(old, #module{file = File, old = Edits}) ->
    edited(File, Edits);
beam_of(new, #module{file = File, new = Edits}) ->
    edited(File, Edits).

edited(File, []) ->
    read(File);
edited(File, Edits) ->
    {Forms, Options} = read_code(File),
    Beam = compile_forms(lists:foldl(fun edit/2, Forms, Edits), Options),
    %% The string may be missing, or stand in code that the compiler throws away.
    case md5(Beam) =:= md5(File) of
        true -> edited(File, [body | Edits]);
        false -> Beam
    end.

%% One in three loses its debug information.
rebuilt(#module{name = Name, file = File}) ->
    {Forms, Options} = read_code(File),
    case erlang:phash2(Name, 3) of
        0 -> compile_forms(moved(Forms), Options, []);
        _ -> compile_forms(moved(Forms), Options)
    end.

md5(FileOrBeam) ->
    {ok, {_, Md5}} = beam_lib:md5(FileOrBeam),
    Md5.

parallel_map(Function, List) ->
    Self = self(),
    Step = erlang:system_info(schedulers_online),
    Work = fun(First) -> [Function(E) || {I, E} <- enumerate(List), I rem Step =:= First] end,
    Pids = [spawn_link(fun() -> Self ! {self(), Work(I rem Step)} end) || I <- lists:seq(1, Step)],
    interleave([receive {Pid, Results} -> Results end || Pid <- Pids]).

interleave(Lists) ->
    case [List || List <- Lists, List =/= []] of
        [] -> [];
        Rest -> [hd(List) || List <- Rest] ++ interleave([tl(List) || List <- Rest])
    end.

%% --- The releases ---

write_release(Side, Applications, Modules, Out) ->
    Root = filename:join(Out, Side),
    Beams = maps:from_list(parallel_map(
        fun(M) -> {M#module.file, beam_of(Side, M)} end, Modules)),
    [write_application(A, version(Side, A, Modules), ebin(Side, A, Modules, Out), Beams)
     || A <- Applications],
    Vsn = case Side of old -> "1"; new -> "2" end,
    Runtime = erlang:system_info(version),
    Release = {release, {"bench", Vsn}, {erts, Runtime},
               [{A#application.name, version(Side, A, Modules)} || A <- in_order(Applications)]},
    write(filename:join([Root, "releases", Vsn, "bench.rel"]), text(Release)),
    write(filename:join([Root, "releases", "start_erl.data"]), [Runtime, " ", Vsn]).

in_order(Applications) ->
    {Core, Others} = lists:partition(
        fun(A) -> lists:member(A#application.name, ?CORE) end, Applications),
    [lists:keyfind(Name, #application.name, Core) || Name <- ?CORE] ++ Others.

version(new, #application{name = Name, vsn = Vsn}, Modules) ->
    case lists:keymember(Name, #module.application, Modules) of
        true -> Vsn ++ ".1";
        false -> Vsn
    end;
version(old, #application{vsn = Vsn}, _) ->
    Vsn.

%% Without the .appup files of OTP, which know nothing of our versions.
write_application(#application{name = Name, ebin = Ebin, keys = Keys}, Vsn, To, Beams) ->
    write(filename:join(To, lists:concat([Name, ".app"])),
          text({application, Name, lists:keystore(vsn, 1, Keys, {vsn, Vsn})})),
    [write(filename:join(To, filename:basename(File)), beam(File, Beams))
     || File <- lists:sort(filelib:wildcard(filename:join(Ebin, "*.beam")))].

beam(File, Beams) ->
    case Beams of
        #{File := Beam} -> Beam;
        #{} -> read(File)
    end.

%% The pair is only worth something when it is what expected.term says.
check_edits(Applications, Modules, Out) ->
    [check_edit(M, ebin(old, A, Modules, Out), ebin(new, A, Modules, Out))
     || M <- Modules, A <- Applications, A#application.name =:= M#module.application].

check_edit(#module{name = Name, old = Old, new = New}, Before, After) ->
    IsSame = md5(beam_file(Before, Name)) =:= md5(beam_file(After, Name)),
    IsSame =:= (Old ++ New =:= []) orelse fail("~p is not what it should be", [Name]).

ebin(Side, #application{name = Name} = Application, Modules, Out) ->
    Vsn = version(Side, Application, Modules),
    filename:join([Out, Side, "lib", lists:concat([Name, "-", Vsn]), "ebin"]).

write_expected(Modules, Out) ->
    IsRebuilt = fun(#module{old = Old, new = New}) -> Old ++ New =:= [] end,
    {Rebuilt, Changed} = lists:partition(IsRebuilt, Modules),
    write(filename:join(Out, "expected.term"),
          text({expected, [{changed, by_application(Changed)},
                           {rebuilt, by_application(Rebuilt)}]})).

by_application(Modules) ->
    [{Name, [M#module.name || M <- Modules, M#module.application =:= Name]}
     || Name <- lists:usort([M#module.application || M <- Modules])].

%% --- Files ---

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
