%% SPDX-License-Identifier: Apache-2.0
%% What a customer can ask for, one line at a time.
-module(depot_request).

-export([answer/1]).

-spec answer(binary()) -> iodata().
answer(<<"version">>) ->
    "0.9.0";
answer(Line) ->
    case string:split(Line, " ") of
        [<<"hit">>, Crate] -> [Crate, " ", integer_to_binary(depot_stock:add(Crate))];
        [<<"label">>, Crate] -> crate:label(Crate, depot_stock:count(Crate));
        [<<"seal">>, Bay] -> depot_bay:seal(Bay);
        [<<"unseal">>, Bay] -> depot_bay:unseal(Bay);
        [<<"bay">>, Bay] -> depot_bay:show(Bay);
        _ -> "what?"
    end.
