%% SPDX-License-Identifier: Apache-2.0
%%
%% The settings of applications, as a start of a release would make them. They are a file as it is,
%% or one that the start script fills in from the environment of the operating system (relx), and
%% what providers make of it when the node starts (Mix).
%%
%% The release handler takes them from releases/VSN/sys.config alone. So for an install that file is
%% written with what they resolve to, and is itself again right after.
-module(?SETTINGS).

-export([of_command_line/0, environment/3, with_resolved/3, write_private/2, write_with_mode/3, private_directory/0]).

of_command_line() ->
    [{App, command_line_settings(App)} || {App, _, _} <- application:loaded_applications()].

command_line_settings(App) ->
    case init:get_argument(App) of
        {ok, Lists} -> lists:append([key_values(List) || List <- Lists]);
        error -> []
    end.

key_values([Key, Value | Rest]) ->
    [{list_to_atom(Key), term_of(Value)} | key_values(Rest)];
key_values(_) ->
    [].

term_of(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Term} = erl_parse:parse_term(Tokens),
    Term.

environment(Root, Vsn, []) ->
    described(resolve(Root, Root, Vsn));
environment(Root, Vsn, Files) ->
    Copy = private_directory(),
    try
        _ = [put_file(filename:join(Copy, Path), Bytes) || {Path, Bytes} <- Files],
        described(resolve(Root, Copy, Vsn))
    after
        file:del_dir_r(Copy)
    end.

%% Calls Work while sys.config is what the settings of the release resolve to.
with_resolved(Root, Vsn, Work) ->
    File = config_file(Root, Vsn),
    restore(File),
    case resolve(Root, Root, Vsn) of
        {error, _} = Error -> Error;
        {as_it_is, _} -> Work();
        {filled_in, Config} -> with_filled_in(File, Config, Work);
        {provided, Config} -> with_provided(File, Config, Work)
    end.

%% The start script, too, leaves the file that it has filled in beside its source.
with_filled_in(File, Config, Work) ->
    case write_private(File, config_text(Config)) of
        ok -> Work();
        {error, Reason} -> {error, {sys_config, File, Reason}}
    end.

with_provided(File, Config, Work) ->
    case write_config(File, Config) of
        ok ->
            try
                Work()
            after
                % A disk that fails here is no failure of the install: relup looks for what stays.
                catch restore(File)
            end;
        {error, Reason} ->
            {error, {sys_config, File, Reason}}
    end.

described({error, _} = Error) -> Error;
described({_, Config}) -> {ok, Config}.

private_directory() ->
    Name = lists:concat([?MODULE, "-", os:getpid(), "-", erlang:unique_integer([positive])]),
    Path = filename:join(os:getenv("TMPDIR", "/tmp"), Name),
    ok = file:make_dir(Path),
    ok = file:change_mode(Path, 8#700),
    Path.

put_file(File, Bytes) ->
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, Bytes).

config_file(Root, Vsn) ->
    filename:join([Root, "releases", Vsn, "sys.config"]).

kept_file(File) ->
    File ++ ".relup-original".

%% Place is where the release's files are, the root or a copy of some of them. An operator who gives
%% the node a file of another place wants that one.
resolve(Root, Place, Vsn) ->
    as_release(Vsn, fun() ->
        case ?CONFIGURATION:read(Root, config_file(Place, Vsn)) of
            {error, _} = Error -> Error;
            {Kind, Config} -> checked(provide(Root, Place, Vsn, Kind, Config))
        end
    end).

provide(Root, Place, Vsn, Kind, Config) ->
    Elixir = proplists:get_value(elixir, Config, []),
    case proplists:get_value(config_provider_init, Elixir) of
        #{providers := Providers, extra_config := Extra} = Init ->
            Merged = 'Elixir.Config':'__merge__'(Config, Extra),
            Found = [{Provider, found_in(Place, State)} || {Provider, State} <- Providers],
            _ = [make_loaded(Root, Vsn, Provider) || {Provider, _} <- Found],
            as_compiled(maps:get(validate_compile_env, Init, false), run_providers(Found, Merged));
        _ ->
            {Kind, Config}
    end.

%% Elixir aborts a start that gives a setting another value than the one that was compiled in.
as_compiled(Compiled, {provided, Config}) ->
    case ?CONFIGURATION:compiled_otherwise(Config, Compiled) of
        [] -> {provided, Config};
        Places -> {error, {compile_env, Places}}
    end;
as_compiled(_, Error) ->
    Error.

run_providers([], Config) ->
    {provided, Config};
run_providers([{Provider, State} | Rest], Config) ->
    try Provider:load(Config, State) of
        Loaded -> run_providers(Rest, Loaded)
    catch
        Class:Reason:Stack -> {error, {provider, Provider, exception_in_words(Class, Reason, Stack)}}
    end.

exception_in_words(error, Reason, Stack) ->
    Exception = 'Elixir.Exception':normalize(error, Reason, Stack),
    'Elixir.Exception':message(Exception);
exception_in_words(Class, Reason, _) ->
    {Class, Reason}.

%% Paths below the root of the release stand in providers as Elixir's Config.Provider writes them.
found_in(Place, {system, <<"RELEASE_ROOT">>, Path} = Named) ->
    File = iolist_to_binary([Place, Path]),
    case filelib:is_regular(File) of
        true -> File;
        false -> Named
    end;
found_in(Place, Tuple) when is_tuple(Tuple) ->
    list_to_tuple([found_in(Place, Part) || Part <- tuple_to_list(Tuple)]);
found_in(_, Other) ->
    Other.

%% A provider that is new in a release is loaded before the install, which would load it anyway.
make_loaded(Root, Vsn, Provider) ->
    case code:ensure_loaded(Provider) of
        {module, Provider} -> ok;
        _ -> lists:foreach(fun(Ebin) -> load_from(Ebin, Provider) end, ebins(Root, Vsn))
    end.

load_from(Ebin, Module) ->
    File = filename:join(Ebin, Module),
    case filelib:is_regular(File ++ ".beam") of
        true -> code:load_abs(File);
        false -> ok
    end.

ebins(Root, Vsn) ->
    Libraries = [Names || {_, Each, Names, _} <- release_handler:which_releases(), Each =:= Vsn],
    [filename:join([Root, "lib", Name, "ebin"]) || Name <- lists:append(Libraries)].

%% Providers read which release they are in from the environment of the operating system.
as_release(Vsn, Work) ->
    Before = os:getenv("RELEASE_VSN"),
    os:putenv("RELEASE_VSN", Vsn),
    try
        Work()
    after
        case Before of
            false -> os:unsetenv("RELEASE_VSN");
            _ -> os:putenv("RELEASE_VSN", Before)
        end
    end.

%% What cannot be written to a file and read back cannot be installed.
checked({provided, Config}) ->
    Places = [
        Place
     || {App, Entries} <- Config, {Key, Value} <- Entries, Place <- unwritable([App, Key], Value)
    ],
    case Places of
        [] -> {provided, Config};
        [Place | _] -> {error, {unwritable, Place}}
    end;
checked(Other) ->
    Other.

%% The innermost place that does not survive, as a list of keys.
unwritable(Path, Value) ->
    case survives(Value) of
        true -> [];
        false -> within(Path, Value)
    end.

within(Path, Value) when is_map(Value) ->
    or_here(Path, [Inner || {Key, Part} <- maps:to_list(Value), Inner <- unwritable(Path ++ [Key], Part)]);
within(Path, [{Key, _} | _] = List) when is_atom(Key) ->
    or_here(Path, [Inner || {Name, Part} <- List, Inner <- unwritable(Path ++ [Name], Part)]);
within(Path, _) ->
    [Path].

or_here(Path, []) -> [Path];
or_here(_, Inner) -> Inner.

survives(Value) ->
    try
        {ok, Tokens, _} = erl_scan:string(lists:flatten(io_lib:format("~tw.", [Value]))),
        {ok, Read} = erl_parse:parse_term(Tokens),
        Read =:= Value
    catch
        _:_ -> false
    end.

%% The original is kept under another name until it is back; both steps are a rename.
write_config(File, Config) ->
    maybe_all([
        fun() -> copy(File, kept_file(File)) end,
        fun() -> write_private(File, config_text(Config)) end
    ]).

maybe_all([]) ->
    ok;
maybe_all([Step | Rest]) ->
    case Step() of
        ok -> maybe_all(Rest);
        {error, _} = Error -> Error
    end.

config_text(Config) ->
    unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tw.~n", [Config])).

%% It may hold secrets: nobody else may read it, or write it, not even for a moment, whatever the
%% umask of the node is. So it is made in a folder that is closed to others, and takes its place by a
%% rename. What stands there belongs to us afterwards, whoever has made it. The folder has a name by
%% which the next relup knows it, should we die here (host/kept_files.hpp).
write_private(File, Text) ->
    write_with_mode(File, Text, 8#600).

write_with_mode(File, Text, Mode) ->
    Name = lists:concat([".relup-new-", os:getpid(), "-", erlang:unique_integer([positive])]),
    Folder = filename:join(filename:dirname(File), Name),
    New = filename:join(Folder, "file"),
    try
        maybe_all([
            fun() -> file:make_dir(Folder) end,
            fun() -> file:change_mode(Folder, 8#700) end,
            fun() -> write_synced(New, Text) end,
            fun() -> file:change_mode(New, Mode) end,
            fun() -> file:rename(New, File) end
        ])
    after
        file:del_dir_r(Folder)
    end.

write_synced(File, Text) ->
    case file:open(File, [write, raw, binary, exclusive]) of
        {ok, Device} ->
            Written = maybe_all([fun() -> file:write(Device, Text) end, fun() -> file:sync(Device) end]),
            _ = file:close(Device),
            Written;
        Error ->
            Error
    end.

copy(From, To) ->
    {ok, Info} = file:read_file_info(From),
    {ok, Bytes} = file:read_file(From),
    write_with_mode(To, Bytes, element(8, Info) band 8#755).

restore(File) ->
    case filelib:is_regular(kept_file(File)) of
        true -> ok = file:rename(kept_file(File), File);
        false -> ok
    end.
