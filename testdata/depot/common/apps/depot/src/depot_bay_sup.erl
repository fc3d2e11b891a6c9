%% SPDX-License-Identifier: Apache-2.0
-module(depot_bay_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, {#{strategy => simple_one_for_one}, [
        #{id => depot_bay, start => {depot_bay, start_link, []}, restart => temporary}
    ]}}.
