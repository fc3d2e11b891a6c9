%% SPDX-License-Identifier: Apache-2.0
%%
%% The code in memory: what is loaded, and which processes still run what was replaced.
-module(?CODE).

-export([loaded/1, old_code/1, name/1, point_to_protocols/2]).

loaded(Modules) ->
    [{Module, erlang:get_module_info(Module, md5)} || Module <- Modules, erlang:module_loaded(Module)].

old_code(Modules) ->
    [{Module, holders(Module)} || Module <- Modules, erlang:check_old_code(Module)].

holders(Module) ->
    [name(Pid) || Pid <- processes(), Pid =/= self(), erlang:check_process_code(Pid, Module)].

name(Pid) ->
    case process_info(Pid, registered_name) of
        {registered_name, Name} -> atom_to_list(Name);
        _ -> pid_to_list(Pid)
    end.

%% Consolidated protocols are found before all other code.
point_to_protocols(Root, Vsn) ->
    Directory = filename:join([Root, "releases", Vsn, "consolidated"]),
    _ = [code:del_path(Path) || Path <- code:get_path(), is_consolidated(Path)],
    case filelib:is_dir(Directory) of
        true -> code:add_patha(Directory);
        false -> ok
    end.

is_consolidated(Path) ->
    case lists:reverse(filename:split(Path)) of
        ["consolidated", _, "releases" | _] -> true;
        _ -> false
    end.
