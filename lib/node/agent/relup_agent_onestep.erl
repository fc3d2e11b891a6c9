%% SPDX-License-Identifier: Apache-2.0
%%
%% The relup that the release handler reads when relup's engine is at work: it has three steps, of
%% which the first calls the engine and the last tells that it has failed.
%%
%% For that moment it stands in the place of the release's own, which is kept beside it under another
%% name; an empty file stands for none. A node that goes down meanwhile leaves both, and the next
%% relup puts that right (host/kept_files.hpp).
-module(?ONESTEP).

-export([write/4, put_back/1]).

%% The relup of release To, up from From, with calls of run/0 and fail/0 of Engine.
write(File, To, From, Engine) ->
    Steps = [{apply, {Engine, run, []}}, point_of_no_return, {apply, {Engine, fail, []}}],
    Text = io_lib:format("~tp.~n", [{To, [{From, [], Steps}], []}]),
    ok = keep(File),
    ok = ?SETTINGS:write_private(File, unicode:characters_to_binary(Text)).

%% By a second name for the same file: so it is kept as a whole or not at all.
keep(File) ->
    _ = file:delete(kept(File)),
    case file:make_link(File, kept(File)) of
        ok -> ok;
        {error, enoent} -> file:write_file(kept(File), <<>>);
        {error, _} -> keep_copy(File)
    end.

%% Where a file cannot have two names.
keep_copy(File) ->
    Copy = kept(File) ++ "-new",
    {ok, _} = file:copy(File, Copy),
    file:rename(Copy, kept(File)).

kept(File) ->
    File ++ ".relup-original".

%% A disk that fails here is no failure of the install: relup looks for what stays.
put_back(File) ->
    _ =
        case file:read_file_info(kept(File)) of
            {ok, Info} when element(2, Info) =:= 0 ->
                _ = file:delete(File),
                file:delete(kept(File));
            {ok, _} ->
                % Two names of one file both stay: it has not been replaced.
                file:rename(kept(File), File) =:= ok andalso file:delete(kept(File));
            {error, _} ->
                ok
        end,
    ok.
