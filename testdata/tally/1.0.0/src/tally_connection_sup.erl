%% SPDX-License-Identifier: Apache-2.0
%%
%% Supervises one process per client. A client that is gone is never restarted: it will call again.
-module(tally_connection_sup).
-behaviour(supervisor).

-export([start_link/0, start_connection/0]).
-export([init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

start_connection() ->
    supervisor:start_child(?MODULE, []).

init([]) ->
    Connection = #{
        id => tally_connection,
        start => {tally_connection, start_link, []},
        restart => temporary,
        shutdown => 1000,
        modules => [tally_connection]
    },
    {ok, {#{strategy => simple_one_for_one}, [Connection]}}.
