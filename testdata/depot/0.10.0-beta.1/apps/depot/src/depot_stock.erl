%% SPDX-License-Identifier: Apache-2.0
%% How many of each crate there are, and of all of them.
-module(depot_stock).
-behaviour(gen_server).

-export([start_link/0, add/1, count/1, total/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-record(stock, {counts = #{}, total = 0}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

add(Crate) ->
    gen_server:call(?MODULE, {add, Crate}).

count(Crate) ->
    gen_server:call(?MODULE, {count, Crate}).

total() ->
    gen_server:call(?MODULE, total).

init([]) ->
    {ok, #stock{}}.

handle_call({add, Crate}, _From, #stock{counts = Counts, total = Total}) ->
    Count = maps:get(Crate, Counts, 0) + 1,
    {reply, Count, #stock{counts = Counts#{Crate => Count}, total = Total + 1}};
handle_call({count, Crate}, _From, #stock{counts = Counts} = Stock) ->
    {reply, maps:get(Crate, Counts, 0), Stock};
handle_call(total, _From, #stock{total = Total} = Stock) ->
    {reply, Total, Stock}.

handle_cast(_Request, Stock) ->
    {noreply, Stock}.

code_change({down, _}, #stock{counts = Counts}, _Extra) ->
    {ok, Counts};
code_change(_, Counts, _Extra) when is_map(Counts) ->
    {ok, #stock{counts = Counts, total = lists:sum(maps:values(Counts))}}.
