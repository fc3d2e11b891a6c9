%% SPDX-License-Identifier: Apache-2.0
%%
%% What decides, besides start_erl.data, which release a restart boots, and with what.
%%
%% The start script of Mix takes the version and its files from the environment of the operating
%% system where they are there already, and so they are: it has exported them itself. init:restart
%% keeps the environment and the -config that init remembers; heart starts the script with the
%% environment that heart was started with. All of them have to follow a commit. What an operator
%% has set to a place of his own stays.
-module(?START).

-export([given_config/1, other_configs/1, keep_bootable/1, follow/2]).

%% The sys.config that the operator gives instead of the release's; none when he does not.
given_config(Root) ->
    case os:getenv("RELEASE_SYS_CONFIG") of
        false ->
            none;
        Name ->
            case is_of_release(Root, Name) of
                true -> none;
                false -> Name ++ ".config"
            end
    end.

%% What the node was given by -config besides the file of a release: the files before that one, and
%% those after it. An operator who gives the only one gives it instead.
other_configs(Root) ->
    Given = [Name || Names <- proplists:get_all_values(config, init:get_arguments()), Name <- Names],
    IsOwn = fun(Name) ->
        is_of_release(Root, Name) orelse given_config(Root) =:= filename:rootname(Name, ".config") ++ ".config"
    end,
    case lists:splitwith(fun(Name) -> not IsOwn(Name) end, Given) of
        {_, []} -> {[], []};
        {Before, [_ | After]} -> {Before, [Name || Name <- After, not IsOwn(Name)]}
    end.

%% Elixir can delete the file that it has booted from (prune_runtime_sys_config_after_boot). A failed
%% install restarts the node, and for that it has to be there.
keep_bootable(Root) ->
    {ok, Configs} = init:get_argument(config),
    Config = filename:rootname(lists:last(lists:last(Configs)), ".config") ++ ".config",
    case is_runtime_copy(Root, filename:rootname(Config)) andalso not filelib:is_regular(Config) of
        true ->
            [{_, Vsn, _, _} | _] = release_handler:which_releases(permanent),
            write_copy(release_file(Root, Vsn, "sys.config"), Config);
        false ->
            ok
    end.

%% Notes for the operator: what could not be done.
follow(Root, Vsn) ->
    Stale = [Name || Name <- variables(), is_stale(Root, Name, os:getenv(Name))],
    Config = config_to_boot(Root, Vsn, lists:member("RELEASE_SYS_CONFIG", Stale)),
    _ = [os:putenv(Name, value(Name, Root, Vsn, Config)) || Name <- Stale],
    follow_init(Root, Vsn, Config),
    follow_heart(Stale, whereis(heart)).

%% The release handler has told init of the release's own.
follow_init(Root, Vsn, Config) ->
    case release_file(Root, Vsn, "sys") of
        Config -> ok;
        _ -> init:make_permanent(release_file(Root, Vsn, "start"), Config)
    end.

variables() ->
    ["RELEASE_VSN", "RELEASE_SYS_CONFIG", "RELEASE_VM_ARGS", "RELEASE_REMOTE_VM_ARGS"].

value("RELEASE_VSN", _, Vsn, _) -> Vsn;
value("RELEASE_SYS_CONFIG", _, _, Config) -> Config;
value("RELEASE_VM_ARGS", Root, Vsn, _) -> release_file(Root, Vsn, "vm.args");
value("RELEASE_REMOTE_VM_ARGS", Root, Vsn, _) -> release_file(Root, Vsn, "remote.vm.args").

is_stale(_, _, false) -> false;
is_stale(_, "RELEASE_VSN", _) -> true;
is_stale(Root, _, Value) -> is_of_release(Root, Value).

is_of_release(Root, Path) ->
    Roots = [Root, os:getenv("RELEASE_ROOT", Root)],
    IsBelow = fun(Each) -> lists:prefix(filename:join(Each, "releases") ++ "/", Path) end,
    lists:any(IsBelow, Roots) orelse is_runtime_copy(Root, Path).

%% With reboot_system_after_config the script copies sys.config to a place of its own, Elixir writes
%% what it resolves there, and reboots.
is_runtime_copy(Root, Path) ->
    lists:prefix(temporary(Root) ++ "/", Path) andalso lists:suffix(".runtime", Path).

temporary(Root) ->
    os:getenv("RELEASE_TMP", filename:join(Root, "tmp")).

release_file(Root, Vsn, Name) ->
    filename:join([Root, "releases", Vsn, Name]).

%% As init and RELEASE_SYS_CONFIG name it, without its extension. Both must name the same one.
config_to_boot(Root, Vsn, IsStale) ->
    Own = release_file(Root, Vsn, "sys"),
    case {IsStale, os:getenv("RELEASE_SYS_CONFIG")} of
        {false, false} ->
            Own;
        {false, Given} ->
            Given;
        {true, _} ->
            case is_resolved_by_reboot(Own ++ ".config") of
                true -> runtime_copy(Root, Vsn, Own ++ ".config");
                false -> Own
            end
    end.

%% As the start script sees it.
is_resolved_by_reboot(Config) ->
    case file:read_file(Config) of
        {ok, Text} -> binary:match(Text, <<"RUNTIME_CONFIG=true">>) =/= nomatch;
        {error, _} -> false
    end.

runtime_copy(Root, Vsn, Config) ->
    {{Year, Month, Day}, {Hour, Minute, Second}} = calendar:local_time(),
    Arguments = [
        os:getenv("RELEASE_NAME", "release"), Vsn, Year, Month, Day, Hour, Minute, Second,
        rand:uniform(65536) - 1
    ],
    Format = "~ts-~ts-~4..0b~2..0b~2..0b~2..0b~2..0b~2..0b-~4.16.0b.runtime",
    File = filename:join(temporary(Root), lists:flatten(io_lib:format(Format, Arguments))),
    ok = write_copy(Config, File ++ ".config"),
    File.

write_copy(From, To) ->
    {ok, Text} = file:read_file(From),
    ok = filelib:ensure_dir(To),
    ?SETTINGS:write_private(To, Text).

%% heart runs its command by a shell, so the old values are unset there, whatever the command is.
follow_heart([], _) ->
    [];
follow_heart(_, undefined) ->
    [];
follow_heart(Stale, _) ->
    case heart:get_cmd() of
        {ok, ""} -> [];
        {ok, Command} -> set_heart(Stale, without_unset(Command))
    end.

without_unset("unset RELEASE_" ++ Rest) ->
    [_, Command] = string:split(Rest, "; "),
    Command;
without_unset(Command) ->
    Command.

set_heart(Stale, Command) ->
    case heart:set_cmd("unset " ++ lists:append(lists:join(" ", Stale)) ++ "; " ++ Command) of
        ok -> [];
        _ -> [<<"heart keeps its command, and would start the release that it was started with">>]
    end.
