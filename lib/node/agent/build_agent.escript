#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% build_agent.escript OUTPUT.cpp relup_agent.erl relup_agent_code.erl ...
%%
%% Compiles the modules of the agent under names that carry a digest of all their text, and writes
%% them as C++: their names and their bytes, the one that takes requests first. They call each other
%% by macros: relup_agent_code is ?CODE. ?MODULES lists them all.

main([Output | Sources]) ->
    Digest = digest(Sources),
    Named = [{macro(Source), name(Source, Digest)} || Source <- Sources],
    Beams = [{Name, compile(Source, Name, Named)} || {Source, {_, Name}} <- lists:zip(Sources, Named)],
    ok = file:write_file(Output, cpp(Beams)).

digest(Sources) ->
    Texts = [begin {ok, Text} = file:read_file(Source), Text end || Source <- Sources],
    <<Digest:32, _/binary>> = erlang:md5(Texts),
    io_lib:format("~8.16.0b", [Digest]).

%% relup_agent.erl is ?AGENT
macro(Source) ->
    Words = string:split(filename:basename(Source, ".erl"), "_", all),
    list_to_atom(string:uppercase(lists:last(Words))).

name(Source, Digest) ->
    list_to_atom(lists:flatten([filename:basename(Source, ".erl"), "_", Digest])).

compile(Source, Name, Named) ->
    Macros = [{d, 'MODULES', [Each || {_, Each} <- Named]} | [{d, Macro, Each} || {Macro, Each} <- Named]],
    Options = [binary, deterministic, no_debug_info, warnings_as_errors, report | Macros],
    case compile:file(Source, Options) of
        {ok, Name, Beam} ->
            {ok, {Name, Stripped}} = beam_lib:strip(Beam),
            Stripped;
        _ ->
            halt(1)
    end.

cpp(Beams) ->
    Indexed = lists:zip(lists:seq(1, length(Beams)), Beams),
    [
        "#include \"node/agent_module.hpp\"\n\n",
        "namespace relup::node {\n",
        "namespace {\n",
        [["constexpr unsigned char module_", integer_to_list(N), "[] = {", numbers(Beam), "};\n"]
         || {N, {_, Beam}} <- Indexed],
        "}  // namespace\n\n",
        "const std::vector<AgentModule>& agent_modules() {\n",
        "  static const std::vector<AgentModule> modules{\n",
        [["      {\"", atom_to_list(Name), "\",\n       {reinterpret_cast<const char*>(module_",
          integer_to_list(N), "), sizeof module_", integer_to_list(N), "}},\n"]
         || {N, {Name, _}} <- Indexed],
        "  };\n",
        "  return modules;\n",
        "}\n\n",
        "}  // namespace relup::node\n"
    ].

numbers(Beam) ->
    [[integer_to_list(Byte), $,] || <<Byte>> <= Beam].
