%% SPDX-License-Identifier: Apache-2.0
%%
%% The one process that counts. All that tally knows is in its state.
%%
%% Version 1.0.0 knew `total` and `counts`; `since` and `peak` are new.
-module(tally_counter).
-behaviour(gen_server).

-export([start_link/0, hit/1, describe/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-record(state, {
    total = 0 :: non_neg_integer(),
    counts = #{} :: tally_stats:counts(),
    since :: integer(),
    peak = none :: tally_stats:peak()
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
    {ok, #state{since = now_in_seconds()}}.

handle_call({hit, Name}, _From, #state{total = Total, counts = Counts, peak = Peak} = State) ->
    Count = maps:get(Name, Counts, 0) + 1,
    {reply, Count, State#state{
        total = Total + 1,
        counts = Counts#{Name => Count},
        peak = tally_stats:higher({Name, Count}, Peak)
    }};
handle_call(describe, _From, State) ->
    #state{total = Total, counts = Counts, since = Since, peak = Peak} = State,
    Names = tally_stats:names(Counts),
    {reply, [{total, Total}, {names, Names}, {peak, Peak}, {since, Since}], State}.

handle_cast(_Request, State) ->
    {noreply, State}.

%% Down to 1.0.0, what it does not know is left behind. Up from it, the counts tell their peak; when
%% they began nobody wrote down, so they begin now.
code_change({down, _Vsn}, #state{total = Total, counts = Counts}, _Extra) ->
    {ok, {state, Total, Counts}};
code_change(_Vsn, {state, Total, Counts}, _Extra) ->
    Peak = tally_stats:peak(Counts),
    {ok, #state{total = Total, counts = Counts, since = now_in_seconds(), peak = Peak}}.

now_in_seconds() ->
    erlang:system_time(second).
