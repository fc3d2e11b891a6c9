%% SPDX-License-Identifier: Apache-2.0
%%
%% The one process that counts. All that tally knows is in its state.
-module(tally_counter).
-behaviour(gen_server).

-export([start_link/0, hit/1, describe/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-record(state, {
    total = 0 :: non_neg_integer(),
    counts = #{} :: #{binary() => pos_integer()}
}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% Counts one hit and returns how many Name has now. Callers wait for as long as it takes: an
%% upgrade that suspends the counter must delay a hit, never lose it.
hit(Name) ->
    gen_server:call(?MODULE, {hit, Name}, infinity).

%% The state as {Key, Value} pairs, in the order in which a reader wants them.
describe() ->
    gen_server:call(?MODULE, describe, infinity).

init([]) ->
    {ok, #state{}}.

handle_call({hit, Name}, _From, #state{total = Total, counts = Counts} = State) ->
    Count = maps:get(Name, Counts, 0) + 1,
    {reply, Count, State#state{total = Total + 1, counts = Counts#{Name => Count}}};
handle_call(describe, _From, #state{total = Total, counts = Counts} = State) ->
    {reply, [{total, Total}, {names, tally_legacy:names(Counts)}], State}.

handle_cast(_Request, State) ->
    {noreply, State}.

%% The first version: there is nothing older to come from.
code_change(_Vsn, State, _Extra) ->
    {ok, State}.
