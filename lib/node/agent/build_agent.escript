#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% build_agent.escript relup_agent.erl OUTPUT.cpp
%%
%% Compiles the agent under a name that carries a digest of its text, and writes the compiled module
%% as C++: two constants, its name and its bytes.

main([Source, Output]) ->
    {ok, Text} = file:read_file(Source),
    <<Digest:32, _/binary>> = erlang:md5(Text),
    Name = list_to_atom(lists:flatten(io_lib:format("relup_agent_~8.16.0b", [Digest]))),
    Options = [binary, deterministic, no_debug_info, warnings_as_errors, report, {d, 'AGENT', Name}],
    case compile:file(Source, Options) of
        {ok, Name, Beam} ->
            {ok, {Name, Stripped}} = beam_lib:strip(Beam),
            ok = file:write_file(Output, cpp(Name, Stripped));
        _ ->
            halt(1)
    end.

cpp(Name, Beam) ->
    Numbers = [[integer_to_list(Byte), $,] || <<Byte>> <= Beam],
    [
        "#include \"node/agent_module.hpp\"\n\n",
        "namespace relup::node {\n",
        "namespace {\n",
        "constexpr unsigned char bytes[] = {", Numbers, "};\n",
        "}  // namespace\n\n",
        "const AgentModule& agent_module() {\n",
        "  static const AgentModule module{\"", atom_to_list(Name), "\",\n",
        "      {reinterpret_cast<const char*>(bytes), sizeof bytes}};\n",
        "  return module;\n",
        "}\n\n",
        "}  // namespace relup::node\n"
    ].
