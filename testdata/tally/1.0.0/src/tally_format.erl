%% SPDX-License-Identifier: Apache-2.0
%%
%% How answers look: one line each, without its end.
-module(tally_format).

-export([version/0, hit/2, state/1, failure/1]).

version() ->
    "tally 1.0.0".

hit(Name, Count) ->
    [Name, $\s, integer_to_binary(Count)].

%% The pairs of tally_counter:describe/0.
state(Fields) ->
    ["state" | [[$\s, atom_to_binary(Key), $=, value(Value)] || {Key, Value} <- Fields]].

failure(Reason) ->
    ["error ", Reason].

value(Number) when is_integer(Number) -> integer_to_binary(Number);
value(Other) -> io_lib:format("~0tp", [Other]).
