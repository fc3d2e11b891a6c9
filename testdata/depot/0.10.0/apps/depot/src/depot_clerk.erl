%% SPDX-License-Identifier: Apache-2.0
%% Says who serves; the host tells it when it starts.
-module(depot_clerk).
-behaviour(gen_server).

-export([start_link/0, name/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

name() ->
    gen_server:call(?MODULE, name).

init([]) ->
    application:get_env(depot, clerk).

handle_call(name, _From, Name) ->
    {reply, Name, Name}.

handle_cast(_Request, Name) ->
    {noreply, Name}.
