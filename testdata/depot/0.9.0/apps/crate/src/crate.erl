%% SPDX-License-Identifier: Apache-2.0
%% What is written on a crate.
-module(crate).

-export([label/2]).

-spec label(binary(), non_neg_integer()) -> iodata().
label(Name, Count) ->
    [Name, " x ", integer_to_binary(Count)].
