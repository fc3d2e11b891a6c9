%% SPDX-License-Identifier: Apache-2.0
%%
%% Figures about the counts. Version 1.1.0 has tally_stats in its place.
-module(tally_legacy).

-export([names/1]).

%% How many different names were hit.
names(Counts) ->
    length(lists:usort([Name || {Name, _Count} <- maps:to_list(Counts)])).
