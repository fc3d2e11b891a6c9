%% SPDX-License-Identifier: Apache-2.0
%%
%% Tally counts hits by name. Clients speak one line over TCP and get one line back:
%%
%%     hit apples      apples 1
%%     version         tally 1.0.0
%%     state           state total=1 names=1
%%     anything else   error unknown request
%%
%% Environment: `port` to listen on (0 lets the system choose), and `port_file`, where the port that
%% was chosen is written for those who must find it.
-module(tally_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    tally_sup:start_link().

stop(_State) ->
    ok.
