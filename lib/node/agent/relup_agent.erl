%% SPDX-License-Identifier: Apache-2.0
%%
%% What has to happen on the node itself. relup pushes this module at first contact and takes it away
%% when it is done; nothing of it stays on the host. The build compiles it under a name that carries
%% a digest of this text, so that two versions of relup at one node do not meet. It uses kernel,
%% stdlib and sasl alone, and Elixir's modules only where the release has them.
%%
%% One function takes all requests. A new verb is a clause of ask/1. What takes long is a job: a
%% process of its own, which goes on when the line breaks, and keeps its outcome until it is asked
%% for and told to leave.
-module(?AGENT).

-export([ask/1]).

%% Begins to install a release that the release handler knows, with its configuration resolved.
ask({install, Root, Vsn}) ->
    begin_job(fun() -> install(Root, Vsn) end);
%% {done, Result} of the job, or `running` when it is not done within so many milliseconds, or
%% `none` where there is no job.
ask({outcome, Patience}) ->
    outcome(Patience);
%% The environment of all applications as the release would set it: {ok, [{App, [{Key, Value}]}]}.
ask({environment, Root, Vsn}) ->
    resolve(config_file(Root, Vsn), Vsn);
%% Makes the running release permanent, in all that a restart looks at.
ask({commit, Root, Vsn}) ->
    commit(Root, Vsn);
%% Ends a job that is done; the caller then unloads the module.
ask(leave) ->
    leave().

%% Jobs. There is one at a time, registered under the name of the module.

begin_job(Work) ->
    Parent = self(),
    Job = spawn(fun() ->
        try register(?MODULE, self()) of
            true ->
                Parent ! {self(), begun},
                keep(outcome_of(Work))
        catch
            error:badarg -> Parent ! {self(), busy}
        end
    end),
    receive
        {Job, begun} -> ok;
        {Job, busy} -> {error, busy}
    end.

outcome_of(Work) ->
    try
        Work()
    catch
        Class:Reason:Stack -> {error, {'EXIT', {Class, Reason, Stack}}}
    end.

keep(Outcome) ->
    receive
        {From, outcome} ->
            From ! {self(), Outcome},
            keep(Outcome);
        leave ->
            ok
    end.

outcome(Patience) ->
    case whereis(?MODULE) of
        undefined ->
            none;
        Job ->
            Job ! {self(), outcome},
            receive
                {Job, Outcome} -> {done, Outcome}
            after Patience -> running
            end
    end.

leave() ->
    case whereis(?MODULE) of
        undefined ->
            ok;
        Job ->
            Reference = monitor(process, Job),
            Job ! leave,
            receive
                {'DOWN', Reference, process, Job, _} -> ok
            after 1000 -> {error, busy}
            end
    end.

%% Installing. The release handler reads the environment from sys.config alone. So the file is
%% written with what the configuration providers add to it, and is itself again right after.

install(Root, Vsn) ->
    File = config_file(Root, Vsn),
    restore(File),
    case resolve(File, Vsn) of
        {error, _} = Error -> Error;
        unchanged -> install_and_point(Root, Vsn);
        {ok, Config} -> install_with(File, Config, Root, Vsn)
    end.

install_with(File, Config, Root, Vsn) ->
    case write_config(File, Config) of
        ok ->
            try
                install_and_point(Root, Vsn)
            after
                restore(File)
            end;
        {error, _} = Error ->
            Error
    end.

install_and_point(Root, Vsn) ->
    Installed = release_handler:install_release(Vsn),
    case Installed of
        {ok, _, _} -> point_to_protocols(Root, Vsn);
        _ -> ok
    end,
    Installed.

%% Consolidated protocols are found in front of all other code.
point_to_protocols(Root, Vsn) ->
    Directory = filename:join([Root, "releases", Vsn, "consolidated"]),
    _ = [code:del_path(Path) || Path <- code:get_path(), is_consolidated(Path)],
    case filelib:is_dir(Directory) of
        true -> code:add_patha(Directory);
        false -> ok
    end.

is_consolidated(Path) ->
    case lists:reverse(filename:split(Path)) of
        ["consolidated", _, "releases" | _] -> true;
        _ -> false
    end.

%% Configuration.

config_file(Root, Vsn) ->
    filename:join([Root, "releases", Vsn, "sys.config"]).

kept_file(File) ->
    File ++ ".relup-original".

%% `unchanged` for a release without configuration providers.
resolve(File, Vsn) ->
    {ok, [Config]} = file:consult(File),
    Elixir = proplists:get_value(elixir, Config, []),
    case proplists:get_value(config_provider_init, Elixir) of
        #{providers := Providers, extra_config := Extra} ->
            Merged = 'Elixir.Config':'__merge__'(Config, Extra),
            as_release(Vsn, fun() -> check_config(run_providers(Providers, Merged)) end);
        _ ->
            unchanged
    end.

run_providers(Providers, Config) ->
    lists:foldl(fun({Provider, State}, Sum) -> Provider:load(Sum, State) end, Config, Providers).

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
check_config(Config) ->
    case [Path || {App, Entries} <- Config, {Key, Value} <- Entries, Path <- unwritable([App, Key], Value)] of
        [] -> {ok, Config};
        [Path | _] -> {error, {unwritable, Path}}
    end.

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
    New = File ++ ".relup-new",
    Text = unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tw.~n", [Config])),
    Steps = [
        fun() -> write_private(New, Text) end,
        fun() -> copy(File, kept_file(File)) end,
        fun() -> file:rename(New, File) end
    ],
    run_steps(Steps).

run_steps([]) ->
    ok;
run_steps([Step | Rest]) ->
    case Step() of
        ok -> run_steps(Rest);
        {error, Reason} -> {error, {sys_config, Reason}}
    end.

%% It may hold secrets: nobody else may read it, not even for a moment.
write_private(File, Text) ->
    _ = file:delete(File),
    case file:open(File, [write, raw, binary, exclusive]) of
        {ok, Device} ->
            ok = file:change_mode(File, 8#600),
            ok = file:write(Device, Text),
            ok = file:sync(Device),
            file:close(Device);
        Error ->
            Error
    end.

copy(From, To) ->
    {ok, Info} = file:read_file_info(From),
    Mode = element(8, Info) band 8#777,
    {ok, Bytes} = file:read_file(From),
    case write_private(To, Bytes) of
        ok -> file:change_mode(To, Mode);
        Error -> Error
    end.

restore(File) ->
    case filelib:is_regular(kept_file(File)) of
        true -> ok = file:rename(kept_file(File), File);
        false -> ok
    end.

%% Committing. Scripts of Mix read RELEASE_VSN, Elixir reads RELEASE_SYS_CONFIG when the node starts
%% again; heart starts the operating system process anew with the environment that it was given.

commit(Root, Vsn) ->
    case release_handler:make_permanent(Vsn) of
        ok ->
            renew("RELEASE_VSN", Vsn),
            renew("RELEASE_SYS_CONFIG", filename:rootname(config_file(Root, Vsn))),
            renew_heart(whereis(heart), os:getenv("HEART_COMMAND")),
            ok;
        Error ->
            Error
    end.

renew(Name, Value) ->
    case os:getenv(Name) of
        false -> ok;
        _ -> os:putenv(Name, Value)
    end.

renew_heart(undefined, _) ->
    ok;
renew_heart(_, false) ->
    ok;
renew_heart(_, Command) ->
    heart:set_cmd("env -u RELEASE_VSN -u RELEASE_SYS_CONFIG " ++ Command).
