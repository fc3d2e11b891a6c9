%% SPDX-License-Identifier: Apache-2.0
%%
%% Old code that leaves memory, and who runs it then.
%%
%% A brutal purge kills whoever runs old code of the module. OTP does one in two places: `load` of a
%% module that has old code already, whatever the script says before it, and make_permanent for
%% modules that the script purges brutally after the load. Where a soft purge has come first, neither
%% finds anybody: it either takes the old code away while nobody runs it, or leaves all as it is.
%% Between a look at the processes and the purge somebody may enter old code by a fun; the emulator
%% does not let that happen within a soft purge.
-module(?PURGE).

-export([softly/1, brutally/1, by_commit/0]).

%% Purges what nobody runs: [{Module, [Name]}] of those that stay, and who runs them.
softly(Modules) ->
    Held = ?CODE:old_code([Module || Module <- Modules, erlang:check_old_code(Module), not code:soft_purge(Module)]),
    case [Module || {Module, []} <- Held] of
        [] -> Held;
        JustLeft -> [Each || {_, [_ | _]} = Each <- Held] ++ softly(JustLeft)
    end.

%% Kills whoever runs old code of the modules: [{Module, [Name]}] of those where somebody did.
brutally(Modules) ->
    Running = [Each || {_, [_ | _]} = Each <- ?CODE:old_code(Modules)],
    _ = [code:purge(Module) || Module <- Modules, erlang:check_old_code(Module)],
    Running.

%% The modules that make_permanent would purge brutally, by the installs that the release handler
%% remembers, the ones before the last included.
by_commit() ->
    [Module || {Module, brutal_purge} <- element(2, sys:get_state(release_handler))].
