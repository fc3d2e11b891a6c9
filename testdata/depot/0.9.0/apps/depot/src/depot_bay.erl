%% SPDX-License-Identifier: Apache-2.0
%% A bay is open or sealed; one that is asked for is there.
-module(depot_bay).
-behaviour(gen_statem).

-export([seal/1, unseal/1, show/1, start_link/1]).
-export([init/1, callback_mode/0, open/3, sealed/3]).

seal(Bay) -> call(Bay, seal).
unseal(Bay) -> call(Bay, unseal).
show(Bay) -> call(Bay, show).

call(Bay, Request) ->
    case supervisor:start_child(depot_bay_sup, [Bay]) of
        {ok, _} -> ok;
        {error, {already_started, _}} -> ok
    end,
    gen_statem:call({global, {?MODULE, Bay}}, Request).

start_link(Bay) ->
    gen_statem:start_link({global, {?MODULE, Bay}}, ?MODULE, Bay, []).

init(Bay) ->
    {ok, open, Bay}.

callback_mode() ->
    state_functions.

open({call, From}, seal, Bay) ->
    {next_state, sealed, Bay, {reply, From, <<"sealed">>}};
open({call, From}, _Request, _Bay) ->
    {keep_state_and_data, {reply, From, <<"open">>}}.

sealed({call, From}, unseal, Bay) ->
    {next_state, open, Bay, {reply, From, <<"open">>}};
sealed({call, From}, _Request, _Bay) ->
    {keep_state_and_data, {reply, From, <<"sealed">>}}.
