%% SPDX-License-Identifier: Apache-2.0
%%
%% A start of a release, as far as it hurts nobody: an emulator of the release with its flags, its
%% boot script and its settings, which loads all code and ends before any application is started. So
%% flags that the emulator refuses, code that does not load, and a boot script that leads nowhere
%% are known before a restart depends on them. It has no name and no distribution, asks no epmd, and
%% is killed when its time is over.
%%
%% A boot script is a list of instructions. This one is the release's without those that start or
%% call something, and with two more: to say that the end is reached, and to halt.
%%
%% A start that holds comes with a mark of all that it looks at: the emulator, the code that its boot
%% script can reach, the flags and the settings. It is taken before the start, so whoever finds it to
%% fit later knows how a start would end. There is none where flags may name other files. A file is
%% known by size, inode and times, which tell whole seconds: one that was just written may be written
%% again in the same second. So of such a file the mark has a digest, too.
-module(?REHEARSAL).

-include_lib("kernel/include/file.hrl").

-export([start/1, fits/2]).

%% In milliseconds: how long it may take, and after which silence of relup it ends.
-define(PATIENCE, 60000).
-define(SILENCE, 5000).
%% In seconds: how long a file counts as just written. More than one, as clocks of disks may differ.
-define(FRESH, 2).
%% How much of what it prints is kept, in bytes.
-define(KEPT, 16384).

%% [{root, Root}, {erts, Vsn}, {boot, File}, {flags, [Word]}, {fill_in, Bool}, {config, Settings | none}]:
%% whoever has the answer (?PROBE). {holds, Mark}, {fails, Text}, {untried, Text}.
start(Order) ->
    ?PROBE:run(fun() -> rehearse(maps:from_list(Order)) end, ?PATIENCE, ?SILENCE).

rehearse(#{root := Root, erts := Vsn, boot := Boot} = Order) ->
    case {?EMULATOR:place(filename:join([Root, "erts-" ++ Vsn, "bin"]), Root, Vsn), file:read_file(Boot)} of
        {{_, _} = Emulator, {ok, Script}} -> with_place(fun(Place) -> run(Emulator, Script, Place, Order) end);
        {none, _} -> {untried, "its emulator is not there"};
        {_, {error, _}} -> {fails, "its boot file is not there"}
    end.

%% Whether a start by this order would look at the same now as the one that the mark is of.
fits({Time, _} = Mark, Order) ->
    #{root := Root, erts := Vsn, boot := Boot} = Map = maps:from_list(Order),
    case {?EMULATOR:place(filename:join([Root, "erts-" ++ Vsn, "bin"]), Root, Vsn), file:read_file(Boot)} of
        {{_, _} = Emulator, {ok, Script}} -> mark(Time, Emulator, binary_to_term(Script), Map) =:= Mark;
        _ -> false
    end.

%% {Time, Digest}, or none. Time is the second in which it was taken first.
mark(Time, {Binaries, EmulatorRoot}, {script, _, Commands} = Script, #{root := Root, config := Config} = Order) ->
    Flags = flags(Order),
    Places = [{"$ROOT", EmulatorRoot} | [{"$" ++ Name, Value} || [_, Name, Value] <- boot_variables(Root)]],
    Folders = [expanded(Path, Places) || {path, Paths} <- Commands, Path <- Paths],
    Files = [filename:join(Binaries, Name) || Name <- ["beam.smp", "erlexec"]] ++ lists:append([code_in(Folder) || Folder <- lists:usort(Folders)]),
    case lists:any(fun names_files/1, Flags) of
        true -> none;
        false -> {Time, erlang:md5(term_to_binary({Script, Flags, Places, Config, [identity(File, Time) || File <- Files]}))}
    end.

names_files(Word) ->
    lists:member($/, Word) orelse lists:member(Word, ["-pa", "-pz", "-path", "-loader"]).

expanded(Path, Places) ->
    [First | Rest] = filename:split(Path),
    filename:join([proplists:get_value(First, Places, First) | Rest]).

code_in(Folder) ->
    case file:list_dir(Folder) of
        {ok, Names} -> [filename:join(Folder, Name) || Name <- lists:sort(Names), filename:extension(Name) =:= ".beam"];
        {error, _} -> [Folder]
    end.

identity(File, Time) ->
    case file:read_file_info(File, [raw, {time, posix}]) of
        {ok, #file_info{size = Size, mtime = Written, ctime = Changed, inode = Inode}} ->
            {File, Size, Written, Changed, Inode, [erlang:md5(bytes(File)) || Changed > Time - ?FRESH]};
        {error, Reason} ->
            {File, Reason}
    end.

bytes(File) ->
    case file:read_file(File) of
        {ok, Bytes} -> Bytes;
        {error, _} -> <<>>
    end.

with_place(Work) ->
    Place = ?SETTINGS:private_directory(),
    try
        Work(Place)
    after
        file:del_dir_r(Place)
    end.

run({Binaries, EmulatorRoot} = Emulator, Script, Place, #{root := Root, config := Config} = Order) ->
    Mark = mark(os:system_time(second), Emulator, binary_to_term(Script), Order),
    ok = file:write_file(filename:join(Place, "trial.boot"), term_to_binary(without_starts(binary_to_term(Script)))),
    Arguments = ["-boot", filename:join(Place, "trial"), "-mode", "embedded", "-noinput" | lists:append(boot_variables(Root))],
    Port = open(Binaries, EmulatorRoot, Arguments ++ config(Config, Place) ++ flags(Order)),
    {os_pid, OsPid} = erlang:port_info(Port, os_pid),
    Guard = ?EMULATOR:guard(self(), OsPid, Place),
    Answer = hear(Port, <<>>),
    ?EMULATOR:has_ended(Guard),
    case Answer of
        holds -> {holds, Mark};
        _ -> Answer
    end.

without_starts({script, Name, Commands}) ->
    {script, Name,
        [Command || Command <- Commands, is_kept(Command)] ++
            [{apply, {erlang, display, [relup_has_loaded_all]}}, {apply, {erlang, halt, [0]}}]}.

is_kept({apply, {application, load, _}}) -> true;
is_kept({apply, _}) -> false;
is_kept({kernelProcess, heart, _}) -> false;
is_kept(_) -> true.

%% As the node has them, and Mix's, which is that of every release of it.
boot_variables(Root) ->
    Given = [["-boot_var" | Words] || {ok, Lists} <- [init:get_argument(boot_var)], Words <- Lists],
    [["-boot_var", "RELEASE_LIB", filename:join(Root, "lib")] | Given].

config(none, _) ->
    [];
config(Settings, Place) ->
    File = filename:join(Place, "trial"),
    ok = ?SETTINGS:write_private(File ++ ".config", unicode:characters_to_binary(io_lib:format("~tw.~n", [Settings]))),
    ["-config", File].

flags(#{flags := Words, fill_in := true}) ->
    [unicode:characters_to_list(?CONFIGURATION:fill_in(unicode:characters_to_binary(Word))) || Word <- Words];
flags(#{flags := Words}) ->
    Words.

open(Binaries, Root, Arguments) ->
    Shell = "echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$@\" </dev/null 2>&1",
    Options = [
        exit_status, binary, {args, ["-c", Shell, "sh", filename:join(Binaries, "erlexec") | Arguments]},
        {env, ?EMULATOR:environment(Binaries, Root)}
    ],
    open_port({spawn_executable, "/bin/sh"}, Options).

hear(Port, Said) ->
    receive
        {Port, {data, More}} when byte_size(Said) < ?KEPT -> hear(Port, <<Said/binary, More/binary>>);
        {Port, {data, _}} -> hear(Port, Said);
        {Port, {exit_status, Status}} -> judge(Status, Said)
    end.

judge(Status, Said) ->
    case {Status, binary:match(Said, <<"relup_has_loaded_all">>)} of
        {0, {_, _}} -> holds;
        {_, _} -> {fails, first_line(re:split(Said, "[\r\n]+", [trim]), Status)}
    end.

%% A term may follow that holds settings: that is for the log of the emulator alone.
first_line([], Status) ->
    lists:concat(["it ended with ", Status]);
first_line([<<>> | Rest], Status) ->
    first_line(Rest, Status);
first_line([<<"{", _/binary>> | Rest], Status) ->
    first_line(Rest, Status);
first_line([Line | _], _) ->
    [Words | _] = binary:split(Line, [<<" ({">>, <<" ([">>, <<" (invalid config">>]),
    unicode:characters_to_list(binary:part(Words, 0, min(300, byte_size(Words)))).
