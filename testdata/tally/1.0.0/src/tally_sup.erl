%% SPDX-License-Identifier: Apache-2.0
%%
%% The top supervisor. Each child needs the ones before it: connections count with the counter, and
%% the listener starts connections.
-module(tally_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Flags = #{strategy => rest_for_one, intensity => 3, period => 10},
    {ok, {Flags, [
        child(tally_counter, worker),
        child(tally_connection_sup, supervisor),
        child(tally_listener, worker)
    ]}}.

child(Module, Type) ->
    #{id => Module, start => {Module, start_link, []}, type => Type, modules => [Module]}.
