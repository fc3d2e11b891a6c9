%% SPDX-License-Identifier: Apache-2.0
%% What is written on a crate, and which crates are heavy.
-module(crate).

-export([label/2, heavy/1]).

-spec label(binary(), non_neg_integer()) -> iodata().
label(Name, Count) ->
    [integer_to_binary(Count), " of ", Name].

-spec heavy(non_neg_integer()) -> boolean().
heavy(Count) ->
    Count > 2.
