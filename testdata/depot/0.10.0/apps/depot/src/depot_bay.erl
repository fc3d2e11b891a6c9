%% SPDX-License-Identifier: Apache-2.0
%% A bay is open or sealed, and knows how many seals it has had; one that is asked for is there.
-module(depot_bay).
-behaviour(gen_statem).

-export([seal/1, unseal/1, show/1, start_link/1]).
-export([init/1, callback_mode/0, open/3, sealed/3, code_change/4]).

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
    {ok, open, {Bay, 0}}.

callback_mode() ->
    state_functions.

open({call, From}, seal, {Bay, Seals}) ->
    {next_state, sealed, {Bay, Seals + 1}, {reply, From, <<"sealed">>}};
open({call, From}, unseal, _) ->
    {keep_state_and_data, {reply, From, <<"open">>}};
open({call, From}, show, {_, Seals}) ->
    {keep_state_and_data, {reply, From, ["open, seals: ", integer_to_binary(Seals)]}}.

sealed({call, From}, unseal, Data) ->
    {next_state, open, Data, {reply, From, <<"open">>}};
sealed({call, From}, seal, _) ->
    {keep_state_and_data, {reply, From, <<"sealed">>}};
sealed({call, From}, show, {_, Seals}) ->
    {keep_state_and_data, {reply, From, ["sealed, seals: ", integer_to_binary(Seals)]}}.

%% A bay that is sealed now has had a seal at least.
code_change({down, _}, State, {Bay, _Seals}, _Extra) ->
    {ok, State, Bay};
code_change(_, sealed, Bay, _Extra) ->
    {ok, sealed, {Bay, 1}};
code_change(_, open, Bay, _Extra) ->
    {ok, open, {Bay, 0}}.
