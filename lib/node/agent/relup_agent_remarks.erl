%% SPDX-License-Identifier: Apache-2.0
%%
%% What an install does that the release handler says nothing of.
%%
%% It lets the application controller call config_change/3 of each application whose environment
%% changes, and drops what comes back: {error, [Reason]}, in no order and without names, of those that
%% have crashed or not answered ok. A trace of that one function tells it.
%%
%% The logger drops a handler that fails, and a formatter that fails leaves no message. So what of
%% the logger was there before must be there after, and have its code.
-module(?REMARKS).

-export([logging/0, watched/1]).

%% The modules that each handler of the logger uses, and the filters of all:
%% [{Handler | primary, [{handler | formatter | filter, Module}]}].
logging() ->
    #{filters := Filters} = logger:get_primary_config(),
    [{primary, filters(Filters)} | [{Id, parts(Config)} || #{id := Id} = Config <- logger:get_handler_config()]].

parts(#{module := Module} = Config) ->
    {Formatter, _} = maps:get(formatter, Config, {logger_formatter, #{}}),
    [{handler, Module}, {formatter, Formatter} | filters(maps:get(filters, Config, []))].

filters(Filters) ->
    [{filter, element(2, erlang:fun_info(Fun, module))} || {_, {Fun, _}} <- Filters].

%% {What Work answers, [Remark]}. A remark is
%%   {config_change, [App], crashed, Reason, Place}, {config_change, [App], answered, Shape}: of one
%%     of the applications; texts without values (relup_agent_shape.erl)
%%   {handler_gone, Handler}, {other_part, Handler, Part, Module, NewModule},
%%   {no_code, Handler, Part, Module}
watched(Work) ->
    Before = logging(),
    {Result, Answers} = with_answers(Work),
    {Result, lists:append([remarks(Answer) || Answer <- Answers]) ++ lost(Before, logging())}.

-define(FUNCTION, {application_controller, config_change, 1}).

%% Who else traces the function is left alone; then there is nothing to tell.
with_answers(Work) ->
    case erlang:trace_info(?FUNCTION, meta) of
        {meta, Taken} when is_pid(Taken); is_port(Taken) -> {Work(), []};
        _ -> traced(Work)
    end.

traced(Work) ->
    Watcher = spawn_link(fun() -> watch(none, []) end),
    erlang:trace_pattern(?FUNCTION, [{'_', [], [{return_trace}]}], [{meta, Watcher}]),
    try Work() of
        Result -> {Result, told(Watcher)}
    after
        erlang:trace_pattern(?FUNCTION, false, [meta]),
        unlink(Watcher),
        exit(Watcher, kill)
    end.

told(Watcher) ->
    Reference = erlang:trace_delivered(all),
    receive {trace_delivered, all, Reference} -> ok end,
    Watcher ! {tell, self()},
    receive {Watcher, Answers} -> Answers end.

watch(Before, Answers) ->
    receive
        {trace_ts, _, call, {_, _, [Environment]}, _} -> watch(Environment, Answers);
        {trace_ts, _, return_from, _, Answer, _} -> watch(none, [{Before, Answer} | Answers]);
        {tell, Asker} -> Asker ! {self(), Answers}
    end.

remarks({Before, {error, Reasons}}) when is_list(Reasons), is_list(Before) ->
    Changed = [{App, Module} || {App, Environment} <- Before, Module <- callback(App), has_changed(App, Environment)],
    [remark(Reason, without_kernel(Changed)) || Reason <- lists:reverse(Reasons)];
remarks(_) ->
    [].

%% Kernel's own function has nothing against settings.
without_kernel([{kernel, kernel}] = Only) -> Only;
without_kernel(Changed) -> lists:keydelete(kernel, 1, Changed).

has_changed(App, Environment) ->
    lists:sort(application:get_all_env(App)) =/= lists:sort(Environment).

callback(App) ->
    case application:get_key(App, mod) of
        {ok, {Module, _}} -> [Module || erlang:function_exported(Module, config_change, 3)];
        _ -> []
    end.

remark({'EXIT', {Reason, [{_, _, _, _} | _] = Stack}}, Changed) ->
    Ours = [{App, Module} || {App, Module} <- Changed, {Each, config_change, _, _} <- Stack, Each =:= Module],
    crashed(Reason, Stack, case Ours of [] -> Changed; _ -> Ours end);
remark({'EXIT', Reason}, Changed) ->
    crashed(Reason, [], Changed);
remark(Answer, Changed) ->
    {config_change, [App || {App, _} <- Changed], answered, ?SHAPE:reason(Answer)}.

crashed(Reason, Stack, Changed) ->
    Place = case Changed of
        [{_, Module} | _] -> ?SHAPE:place({Module, config_change}, Stack);
        [] -> <<>>
    end,
    {config_change, [App || {App, _} <- Changed], crashed, ?SHAPE:reason(Reason), Place}.

lost(Before, After) ->
    lists:append([lost_of(Handler, Parts, lists:keyfind(Handler, 1, After)) || {Handler, Parts} <- Before]).

lost_of(Handler, _, false) ->
    [{handler_gone, Handler}];
lost_of(Handler, Parts, {_, Now}) ->
    Others = [{other_part, Handler, Part, Module, proplists:get_value(Part, Now)}
              || {Part, Module} <- Parts, Part =/= filter, proplists:get_value(Part, Now) =/= Module],
    Others ++ [{no_code, Handler, Part, Module} || {Part, Module} <- lists:usort(Now), not has_code(Module)].

has_code(Module) ->
    erlang:module_loaded(Module) orelse {module, Module} =:= code:ensure_loaded(Module).
