%% SPDX-License-Identifier: Apache-2.0
%%
%% The configuration files of a release, as a start of it reads them: its sys.config, or the one that
%% an operator gives instead; the files that this one names, which are looked for beside it and then
%% where the node works (config(4)); and what further -config flags of the node name. Of a setting
%% that stands in several of them the last one counts.
%%
%% read/2 answers {Kind, Settings}: as_it_is where the release handler finds the same in sys.config;
%% filled_in where the start script of relx fills in the file; provided where only we know it.
-module(?CONFIGURATION).

-export([read/2, fill_in/1, compiled_otherwise/2]).

%% File is the release's own, which may be a copy of it. The last -config of the node is the one that
%% it has booted with, where none is of this root.
read(Root, File) ->
    {Before, After} = ?START:other_configs(Root),
    Own =
        case ?START:given_config(Root) of
            none -> read_own(File);
            Given -> given(consult(Given))
        end,
    try
        together(Own, [others(Name) || Name <- Before], [others(Name) || Name <- After])
    catch
        throw:{error, _} = Error -> Error
    end.

together({error, _} = Error, _, _) -> Error;
together(Own, [], []) -> Own;
together({_, Config}, Before, After) -> {provided, merged(lists:append(Before ++ [Config | After]))}.

others(Name) ->
    case consult(filename:rootname(Name, ".config") ++ ".config") of
        {_, Config} when is_list(Config) -> Config;
        Error -> throw(Error)
    end.

given({error, _} = Error) -> Error;
given({_, Config}) -> {provided, Config}.

%% The start script of relx fills in the source where there is one, or the file itself where
%% RELX_REPLACE_OS_VARS is set; its original then has another name.
read_own(File) ->
    case {is_file(File ++ ".src"), os:getenv("RELX_REPLACE_OS_VARS"), is_file(File ++ ".orig")} of
        {true, _, _} -> read_source(File ++ ".src");
        {false, Set, true} when Set =/= false -> read_source(File ++ ".orig");
        {false, Set, false} when Set =/= false -> read_source(File);
        _ -> read_plain(File, is_file(File))
    end.

is_file(File) ->
    filelib:is_regular(File).

read_plain(_, false) -> {as_it_is, []};
read_plain(File, true) -> consult(File).

consult(File) ->
    case file:consult(File) of
        {ok, [Config]} when is_list(Config) -> with_named_files(as_it_is, File, Config);
        {ok, _} -> {error, {sys_config, File, <<"is not one list">>}};
        {error, Reason} -> {error, {sys_config, File, in_words(Reason)}}
    end.

read_source(File) ->
    case file:read_file(File) of
        {ok, Text} -> scan_source(File, erl_scan:string(unicode:characters_to_list(fill_in(Text))));
        {error, Reason} -> {error, {sys_config, File, in_words(Reason)}}
    end.

scan_source(File, {error, Reason, _}) ->
    {error, {sys_config, File, in_words(Reason)}};
scan_source(File, {ok, Tokens, _}) ->
    case erl_parse:parse_term(Tokens) of
        {ok, Config} when is_list(Config) -> with_named_files(filled_in, File, Config);
        {ok, _} -> {error, {sys_config, File, <<"is not a list">>}};
        {error, Reason} -> {error, {sys_config, File, in_words(Reason)}}
    end.

in_words(Reason) ->
    unicode:characters_to_binary(file:format_error(Reason)).

%% The release handler looks for named files only where the node works, and a start beside the file,
%% too. So where there are any, it gets what they hold.
with_named_files(Kind, File, Config) ->
    case lists:all(fun is_tuple/1, Config) of
        true ->
            {Kind, Config};
        false ->
            try
                {provided, merged(lists:append([named(Entry, File) || Entry <- Config]))}
            catch
                throw:{error, _} = Error -> Error
            end
    end.

named(Entry, _) when is_tuple(Entry) ->
    [Entry];
named(Name, File) ->
    Named = filename:rootname(Name, ".config") ++ ".config",
    Beside = filename:join(filename:dirname(File), Named),
    Found =
        case is_file(Beside) of
            true -> Beside;
            false -> Named
        end,
    case file:consult(Found) of
        {ok, [Config]} when is_list(Config) -> Config;
        {ok, _} -> throw({error, {sys_config, Found, <<"is not one list">>}});
        {error, Reason} -> throw({error, {sys_config, Beside, in_words(Reason)}})
    end.

merged(Entries) ->
    Merge = fun({App, Settings}, All) ->
        Earlier = proplists:get_value(App, All, []),
        Kept = [Each || {Key, _} = Each <- Earlier, not lists:keymember(Key, 1, Settings)],
        lists:keystore(App, 1, All, {App, Kept ++ Settings})
    end,
    lists:foldl(Merge, [], Entries).

%% ${NAME} and ${NAME:-default}; what is not set is empty.
fill_in(Text) ->
    case re:run(Text, <<"\\$\\{([^}]*)\\}">>, [{capture, all, index}]) of
        nomatch ->
            Text;
        {match, [{Start, Length}, {From, Size}]} ->
            <<Before:Start/binary, _:Length/binary, After/binary>> = Text,
            Value = variable(binary:part(Text, From, Size)),
            iolist_to_binary([Before, Value, fill_in(After)])
    end.

variable(Expression) ->
    {Name, Default} =
        case binary:split(Expression, <<":-">>) of
            [Only] -> {Only, <<>>};
            [First, Rest] -> {First, Rest}
        end,
    case os:getenv(binary_to_list(Name)) of
        false -> Default;
        "" -> Default;
        Value -> unicode:characters_to_binary(Value)
    end.

%% The settings, as paths of keys, that have another value in Config than when the code of the
%% release was compiled; Compiled is what Elixir keeps of that, {App, [Key], {ok, Value} | error}. A
%% setting that Config leaves to the .app file is not looked at.
compiled_otherwise(_, false) ->
    [];
compiled_otherwise(Config, Compiled) ->
    [[App | Path] || {App, Path, Answer} <- Compiled, differs(within([App | Path], {ok, Config}), Answer)].

differs(error, _) -> false;
differs(Found, Answer) -> Found =/= Answer.

within([], Found) -> Found;
within([Key | Path], {ok, Map}) when is_map(Map) -> within(Path, maps:find(Key, Map));
within([Key | Path], {ok, [_ | _] = List}) ->
    case lists:keyfind(Key, 1, List) of
        {Key, Value} -> within(Path, {ok, Value});
        false -> error
    end;
within(_, _) -> error.
