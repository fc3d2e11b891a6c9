%% SPDX-License-Identifier: Apache-2.0
%% How many of each crate there are: crate => count.
-module(depot_stock).
-behaviour(gen_server).

-export([start_link/0, add/1, count/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

add(Crate) ->
    gen_server:call(?MODULE, {add, Crate}).

count(Crate) ->
    gen_server:call(?MODULE, {count, Crate}).

init([]) ->
    {ok, #{}}.

handle_call({add, Crate}, _From, Counts) ->
    Count = maps:get(Crate, Counts, 0) + 1,
    {reply, Count, Counts#{Crate => Count}};
handle_call({count, Crate}, _From, Counts) ->
    {reply, maps:get(Crate, Counts, 0), Counts}.

handle_cast(_Request, Counts) ->
    {noreply, Counts}.
