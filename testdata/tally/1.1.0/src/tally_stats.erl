%% SPDX-License-Identifier: Apache-2.0
%%
%% Figures about the counts. New in 1.1.0, in place of tally_legacy.
-module(tally_stats).

-export([names/1, peak/1, higher/2]).
-export_type([counts/0, peak/0]).

-type counts() :: #{binary() => pos_integer()}.
-type peak() :: {binary(), pos_integer()} | none.

%% How many different names were hit.
names(Counts) ->
    map_size(Counts).

%% The name that was hit most, and how often.
peak(Counts) ->
    maps:fold(fun(Name, Count, Peak) -> higher({Name, Count}, Peak) end, none, Counts).

%% The higher of two; of two alike the one that was there before.
higher(First, none) -> First;
higher({_, Count} = First, {_, Peak}) when Count > Peak -> First;
higher(_, Peak) -> Peak.
