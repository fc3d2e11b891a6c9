%% SPDX-License-Identifier: Apache-2.0
%%
%% What application_controller holds of the applications: descriptions and environments.
%%
%% The release handler gives it those of the new release before it looks at anything else
%% (release_handler:change_appl_data/3), and leaves them there when the install is refused. So they
%% are remembered before, and put back.
-module(?APPLICATIONS).

-export([remember/0, put_back/1]).

remember() ->
    Applications = [{App, Keys, application:get_all_env(App)}
                    || {App, _, _} <- application:loaded_applications(), {ok, Keys} <- [application:get_all_key(App)]],
    {Applications, configuration()}.

%% What the files said when the node started: application_controller keeps it, for applications
%% that are loaded later, and has no function that tells it.
configuration() ->
    State = sys:get_state(application_controller),
    case element(tuple_size(State), State) of
        Config when is_list(Config) -> Config;
        _ -> []
    end.

put_back({Applications, Configuration}) ->
    Descriptions = [{application, App, Keys} || {App, Keys, _} <- Applications],
    _ = application_controller:change_application_data(Descriptions, Configuration),
    lists:foreach(fun({App, _, Env}) -> put_environment_back(App, Env) end, Applications).

put_environment_back(App, Env) ->
    Now = application:get_all_env(App),
    _ = [application:unset_env(App, Key) || {Key, _} <- Now, not lists:keymember(Key, 1, Env)],
    _ = [application:set_env(App, Key, Value) || {Key, Value} = Entry <- Env, not lists:member(Entry, Now)],
    ok.
