%% SPDX-License-Identifier: Apache-2.0
-module(depot_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, {#{strategy => one_for_one}, [
        #{id => depot_stock, start => {depot_stock, start_link, []}},
        #{id => depot_bay_sup, start => {depot_bay_sup, start_link, []}, type => supervisor},
        #{id => depot_connection_sup, start => {depot_connection_sup, start_link, []},
          type => supervisor},
        #{id => depot_listener, start => {depot_listener, start_link, []}}
    ]}}.
