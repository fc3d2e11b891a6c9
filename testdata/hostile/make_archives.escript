#!/usr/bin/env escript
%% SPDX-License-Identifier: Apache-2.0
%%
%% Makes hostile tarballs: make_archives.escript DIR
%%
%% DIR/good.tar.gz is a small release that may be installed, DIR/good.tar the same before it was
%% packed. Every other file is the good one with one thing in it that hurts a reader who believes it.
%% DIR/cases has a line for each: its name, a tab, and part of the message that refuses it.
%%
%% Archives are put together byte by byte, for no honest program writes them.

-define(VSN, "1.1.0").
-define(BLOCK, 512).

main([Dir]) ->
    ok = filelib:ensure_dir(filename:join(Dir, "x")),
    Write = fun(Name, Bytes) -> ok = file:write_file(filename:join(Dir, Name), Bytes) end,
    Write("good.tar", tar(good())),
    Write("good.tar.gz", zlib:gzip(tar(good()))),
    Cases = cases(),
    [Write(Name ++ ".tar.gz", Bytes) || {Name, Bytes, _} <- Cases],
    Write("cases", [[Name, $\t, unicode:characters_to_binary(Message), $\n]
                    || {Name, _, Message} <- Cases]).

cases() ->
    [{atom_to_list(Name), zlib:gzip(tar(good() ++ Members)), Message}
     || {Name, Members, Message} <- names() ++ kinds() ++ links() ++ pairs() ++ extensions()]
        ++ [{atom_to_list(Name), zlib:gzip(Tar), Message} || {Name, Tar, Message} <- tars()]
        ++ [{atom_to_list(Name), Bytes, Message} || {Name, Bytes, Message} <- streams()]
        ++ [{atom_to_list(Name), zlib:gzip(tar(Members)), Message}
            || {Name, Members, Message} <- manifests()].

%% --- The good one ---

files() ->
    {ok, hostile, Beam} = compile:forms([{attribute, 1, module, hostile}], [deterministic]),
    Releases = "releases/" ++ ?VSN ++ "/",
    [app(kernel, "1", []), app(stdlib, "1", []), app(hostile, ?VSN, [hostile]),
     {"lib/hostile-" ++ ?VSN ++ "/ebin/hostile.beam", Beam},
     {Releases ++ "hostile.rel",
      term({release, {"hostile", ?VSN}, {erts, "13"},
            [{kernel, "1"}, {stdlib, "1"}, {hostile, ?VSN}]})},
     {Releases ++ "start.boot", term_to_binary({script, {"hostile", ?VSN}, []})},
     {Releases ++ "sys.config", term([])},
     {"erts-13/bin/beam.smp", <<"no machine code">>}].

app(Name, Vsn, Modules) ->
    {lists:concat(["lib/", Name, "-", Vsn, "/ebin/", Name, ".app"]),
     term({application, Name, [{description, ""}, {vsn, Vsn}, {modules, Modules}, {registered, []},
                               {applications, [A || A <- [kernel, stdlib], Name =:= hostile]}]})}.

term(Term) -> iolist_to_binary(io_lib:format("~tp.~n", [Term])).

good() ->
    Files = files(),
    [file(Name, Bytes) || {Name, Bytes} <- Files] ++ [file(manifest_name(), manifest(Files))].

manifest_name() -> "releases/" ++ ?VSN ++ "/SHA256SUMS".

manifest(Files) -> iolist_to_binary([line(Name, Bytes) || {Name, Bytes} <- lists:sort(Files)]).

line(Name, Bytes) ->
    Digest = crypto:hash(sha256, Bytes),
    [[io_lib:format("~2.16.0b", [B]) || <<B>> <= Digest], "  ", Name, "\n"].

%% --- What members are called ---

names() ->
    Long = lists:duplicate(5000, $x),
    [{up, [file("../x")], "has a component `..`"},
     {up_twice, [file("lib/../../x")], "has a component `..`"},
     {up_inside, [file("lib/a/../x")], "has a component `..`"},
     {up_at_the_end, [directory("lib/..")], "has a component `..`"},
     {up_far, [file("releases/" ++ lists:append(lists:duplicate(20, "../")) ++ "etc/cron.d/x")],
      "has a component `..`"},
     {absolute, [file("/lib/x")], "is absolute"},
     {absolute_passwd, [file("/etc/passwd")], "is absolute"},
     {absolute_twice, [file("//lib/x")], "is absolute"},
     {dot_first, [file("./lib/x")], "has a component `.`"},
     {dot_inside, [file("lib/./x")], "has a component `.`"},
     {two_slashes, [file("lib//x")], "has an empty component"},
     {newline, [file("lib/a\nb")], "has control characters"},
     {escape, [file("lib/\e[2J")], "has control characters"},
     {title_of_terminal, [file("lib/\e]0;root\a")], "has control characters"},
     {carriage_return, [file("lib/good\rbad")], "has control characters"},
     {delete, [file("lib/\x7f")], "has control characters"},
     {c1_control, [file(<<"lib/", 16#c2, 16#9b, "2J">>)], "has control characters"},
     {latin1, [file(<<"lib/", 16#e9, "lan">>)], "is not valid UTF-8"},
     {overlong_slash, [file(<<"lib/..", 16#c0, 16#af, "x">>)], "is not valid UTF-8"},
     {surrogate, [file(<<"lib/", 16#ed, 16#a0, 16#80>>)], "is not valid UTF-8"},
     {elsewhere, [file("etc/passwd")], "is outside of lib/"},
     {at_the_top, [file("README")], "is outside of lib/"},
     {backslashes, [file("lib\\..\\..\\x")], "is outside of lib/"},
     {staging, [file(".relup-staging/x")], "is outside of lib/"},
     {journal, [file(".relup/journal")], "is outside of lib/"},
     {erts_of_no_version, [file("erts-/x")], "is outside of lib/"},
     {lib_as_file, [file("lib")], "must be a directory"},
     {long_name, [gnu($L, Long), file("lib/x")], "has more than 4096 bytes"},
     {long_name_of_pax, [pax([{"path", "lib/" ++ Long}]), file("lib/x")],
      "has more than 4096 bytes"},
     {empty, [file("")], "the name is empty"}].

%% --- What members are ---

kinds() ->
    [{hard_link, [member("lib/x", $1, [{link, "lib/kernel-1/ebin/kernel.app"}])], "is a hard link"},
     {hard_link_out, [member("lib/x", $1, [{link, "../../etc/passwd"}])], "is a hard link"},
     {hard_link_absolute, [member("lib/x", $1, [{link, "/etc/passwd"}])], "is a hard link"},
     {hard_link_with_data, [member("lib/x", $1, [{link, "/etc/passwd"}, {data, <<"root::0">>}])],
      "is a hard link"},
     {character_device, [member("lib/x", $3, [])], "is a character device"},
     {block_device, [member("lib/x", $4, [])], "is a block device"},
     {fifo, [member("lib/x", $6, [])], "is a FIFO"},
     {sparse, [member("lib/x", $S, [{gnu, sparse_fields()}, {data, binary:copy(<<"x">>, 512)}])],
      "is a sparse file"},
     {sparse_of_pax, [pax([{"GNU.sparse.major", "0"}, {"GNU.sparse.minor", "1"},
                           {"GNU.sparse.size", "1099511627776"}, {"GNU.sparse.numblocks", "1"},
                           {"GNU.sparse.map", "0,5"}]), file("lib/x", <<"12345">>)],
      "Unrecognized GNU sparse file format"},
     {setuid, [member("lib/x", $0, [{mode, 8#4755}])], "has the setuid, setgid or sticky bit"},
     {setgid, [member("lib/x", $0, [{mode, 8#2755}])], "has the setuid, setgid or sticky bit"},
     {setgid_directory, [member("lib/x/", $5, [{mode, 8#2755}])],
      "has the setuid, setgid or sticky bit"},
     {sticky, [member("lib/x", $0, [{mode, 8#1755}])], "has the setuid, setgid or sticky bit"}].

%% At offset 386 of a header of GNU: (offset, size) four times, more to come, the real size.
sparse_fields() ->
    [octal(1 bsl 19, 11), 0, octal(512, 11), 0, binary:copy(<<0>>, 72), 0, octal(1 bsl 20, 11)].

links() ->
    [{link_to_nothing, [link("lib/x", "")], "the link is empty"},
     {link_absolute, [link("lib/x", "/etc/passwd")], "the link is absolute"},
     {link_out, [link("lib/x", "../../etc")], "leads out"},
     {link_to_the_root, [link("lib/x", "..")], "leads out"},
     {link_beside_the_release, [link("lib/x", "../etc")], "leads out"},
     {link_in_and_out, [link("lib/x", "a/../../..")], "is not a plain path"},
     {link_with_dot, [link("lib/x", "./a")], "is not a plain path"},
     {link_with_escape, [link("lib/x", "a\e[2J")], "the link has control characters"},
     {link_of_pax_out, [pax([{"linkpath", "../../../etc"}]), link("lib/x", "a")], "leads out"},
     {link_of_gnu_out, [gnu($K, "../../../etc"), link("lib/x", "a")], "leads out"},
     {link_of_many_bytes, [pax([{"linkpath", lists:duplicate(5000, $x)}]), link("lib/x", "a")],
      "the link has more than 4096 bytes"},
     {link_called_releases, [link("releases", "lib")], "must be a directory"},
     {written_through_a_link, [link("lib/a", "hostile-1.1.0"), file("lib/a/ebin/x.beam")],
      "which is not a directory"},
     {link_where_files_lie, [link("lib/kernel-1", "hostile-1.1.0")],
      "stands where earlier members need a directory"},
     {link_for_a_file, [link("lib/kernel-1/ebin/kernel.app", "../../x")], "occurs twice"}].

pairs() ->
    App = "lib/hostile-1.1.0/ebin/hostile.app",
    [{twice, [file("lib/a"), file("lib/a")], "occurs twice"},
     {code_twice, [file("lib/hostile-1.1.0/ebin/hostile.beam", <<"other code">>)], "occurs twice"},
     {rel_twice, [file("releases/1.1.0/hostile.rel", <<"{release}.">>)], "occurs twice"},
     {manifest_twice, [file(manifest_name(), <<>>)], "occurs twice"},
     {twice_by_pax, [pax([{"path", App}]), file("lib/x")], "occurs twice"},
     {twice_by_long_name, [gnu($L, App), file("lib/x")], "occurs twice"},
     {twice_by_prefix, [member("hostile.app", $0, [{prefix, "lib/hostile-1.1.0/ebin"}])],
      "occurs twice"},
     {directory_twice, [directory("lib/a/"), directory("lib/a/")], "occurs twice"},
     {file_for_directory, [directory("lib/a/"), file("lib/a")], "occurs twice"},
     {directory_for_file, [directory(App ++ "/")], "occurs twice"},
     {file_where_files_lie, [file("lib/hostile-1.1.0")], "earlier members need a directory"},
     {below_a_file, [file(App ++ "/x")], "which is not a directory"},
     {other_case, [file("lib/hostile-1.1.0/ebin/Hostile.app")], "in case only"},
     {other_case_above, [file("lib/HOSTILE-1.1.0/ebin/x")], "in case only"}].

%% --- Headers that say more than one thing ---

extensions() ->
    [{pax_up, [pax([{"path", "../x"}]), file("lib/x")], "has a component `..`"},
     {pax_absolute, [pax([{"path", "/etc/passwd"}]), file("lib/x")], "is absolute"},
     {pax_newline, [pax([{"path", "lib/a\nb"}]), file("lib/x")], "has control characters"},
     {pax_bad_utf8, [pax([{"path", <<"lib/", 255>>}]), file("lib/x")], "is not valid UTF-8"},
     {pax_binary_name, [pax([{"hdrcharset", "BINARY"}, {"path", <<"lib/", 255>>}]), file("lib/x")],
      "is not valid UTF-8"},
     {pax_of_no_length, [extension($x, <<"path=lib/y\n">>), file("lib/x")],
      "malformed pax extended attributes"},
     {pax_of_great_length, [extension($x, <<"99999999 path=lib/y\n">>), file("lib/x")],
      "pax extended attribute > 1MB"},
     {pax_of_negative_length, [extension($x, <<"-5 path=lib/y\n">>), file("lib/x")],
      "malformed pax extended attributes"},
     {pax_without_member, [pax([{"path", "lib/y"}])], "Damaged tar archive"},
     {pax_size_too_large, [pax([{"size", "3000000000"}]), file("lib/x")],
      "more than the 2147483648 allowed"},
     {pax_size_of_a_bomb, [pax([{"size", "9223372036854775807"}]), file("lib/x")],
      "Tar size attribute overflow"},
     {pax_size_too_small, [pax([{"size", "1"}]), file("lib/x", binary:copy(<<"x">>, 2000))],
      "Damaged tar archive"},
     {gnu_up, [gnu($L, "../../x"), file("lib/x")], "has a component `..`"},
     {gnu_absolute, [gnu($L, "/etc/passwd"), file("lib/x")], "is absolute"},
     {gnu_without_member, [gnu($L, "lib/y")], "Damaged tar archive"}].

%% --- Archives that lie about themselves ---

tars() ->
    Good = tar(good()),
    Open = iolist_to_binary(good()),
    Sized = fun(Size) -> [Open, member("lib/x", $0, [{size, Size}]), finish()] end,
    [{no_end, Open, "the two empty blocks that end a tar archive are missing"},
     {half_an_end, [Open, binary:copy(<<0>>, ?BLOCK)],
      "the two empty blocks that end a tar archive are missing"},
     {cut_in_a_header, binary:part(Good, 0, 700), "Truncated input file"},
     {cut_in_a_file, binary:part(Good, 0, 2000), "Truncated input file"},
     {more_after_the_end, [Good, "and more"], "other data follows the end"},
     {archive_after_the_end, [Good, tar([file("../x")])], "other data follows the end"},
     {wrong_sum, [Open, damaged(file("lib/x")), finish()], "Damaged tar archive"},
     {noise_for_a_header, [Open, binary:copy(<<16#a5>>, ?BLOCK), finish()], "Damaged tar archive"},
     {a_size_of_2_gib, Sized(octal((1 bsl 31) + 1, 11)), "more than the 2147483648 allowed"},
     {a_size_of_4_gib, Sized(octal((1 bsl 32) + 1, 11)), "more than the 2147483648 allowed"},
     {a_size_of_8_gib, Sized(octal((1 bsl 33) - 1, 11)), "more than the 2147483648 allowed"},
     {a_size_of_1_tib, Sized(<<16#80, 0:48, 1:8, 0:40>>), "more than the 2147483648 allowed"},
     {a_negative_size, Sized(<<16#ff, -1:88/signed>>), "Tar entry has negative size"},
     {a_size_beyond_the_end, Sized(octal(1 bsl 20, 11)), "Truncated tar archive"},
     {a_size_that_is_no_number, Sized(<<"99999999999">>), "is not listed in the manifest"},
     {no_member_at_all, finish(), "does not hold release 1.1.0"},
     {no_release, tar([file("lib/x")]), "does not hold release 1.1.0"}].

damaged(<<Byte, Rest/binary>>) -> <<(Byte + 1), Rest/binary>>.

streams() ->
    Packed = zlib:gzip(tar(good())),
    Size = byte_size(Packed),
    <<Deflated:(Size - 8)/binary, Crc:32/little, Length:32/little>> = Packed,
    Zeros = binary:copy(<<0>>, 20 bsl 20),
    [{bomb_in_a_file, zlib:gzip([iolist_to_binary(good()), file("lib/x", Zeros), finish()]),
      "times its own size"},
     {bomb_after_the_end, zlib:gzip([tar(good()), Zeros]), "times its own size"},
     {bomb_in_a_second_member, [Packed, zlib:gzip(Zeros)], "times its own size"},
     {wrong_checksum, [Deflated, <<(Crc bxor 1):32/little, Length:32/little>>], "is damaged"},
     {wrong_length, [Deflated, <<Crc:32/little, (Length + 1):32/little>>], "is damaged"},
     {length_of_4_gib, [Deflated, <<Crc:32/little, 16#ffffffff:32/little>>], "is damaged"},
     {no_checksum, Deflated, "is cut off"},
     {half, binary:part(Packed, 0, Size div 2), "is cut off"},
     {only_a_header, binary:part(Packed, 0, 10), "is cut off"},
     {text_after_it, [Packed, "and more"], "bytes that are not gzip follow"},
     {zeros_after_it, [Packed, binary:copy(<<0>>, 1024)], "bytes that are not gzip follow"},
     {archive_behind_it, [Packed, zlib:gzip(tar([file("../x")]))], "other data follows the end"},
     {unknown_method, [<<16#1f, 16#8b, 7>>, binary:part(Packed, 3, Size - 3)], "is damaged"},
     {reserved_flags, [<<16#1f, 16#8b, 8, 16#e0>>, binary:part(Packed, 4, Size - 4)], "is damaged"},
     {zip, <<"PK", 3, 4, 0:400>>, "Unrecognized archive format"},
     {xz, <<16#fd, "7zXZ", 0, 0:400>>, "Unrecognized archive format"},
     {bzip2, <<"BZh91AY&SY", 0:400>>, "Unrecognized archive format"},
     {program, <<16#7f, "ELF", 0:4000>>, "Unrecognized archive format"},
     {nothing, <<>>, "Unrecognized archive format"},
     {packed_twice, zlib:gzip(Packed), "Unrecognized archive format"}].

manifests() ->
    Files = files(),
    Members = fun(Manifest) ->
                      [file(N, B) || {N, B} <- Files] ++ [file(manifest_name(), Manifest)]
              end,
    [{First, _} | Rest] = Files,
    [{a_file_that_was_changed, Members(manifest([{First, <<"other">>} | Rest])),
      "does not have the checksum of the manifest"},
     {a_file_that_is_not_listed, Members(manifest(Rest)), "is not listed in the manifest"},
     {a_file_that_is_missing, Members(manifest([{"lib/more", <<>>} | Files])),
      "is listed in the manifest but missing"},
     {an_empty_manifest, Members(<<>>), "is not listed in the manifest"},
     {a_manifest_of_noise, Members(<<"hello\n">>), "is not `DIGEST  PATH`"},
     {a_manifest_in_binary, Members(<<0:800>>), "is not `DIGEST  PATH`"}].

%% --- Members ---

tar(Members) -> iolist_to_binary([Members, finish()]).

finish() -> binary:copy(<<0>>, 2 * ?BLOCK).

file(Name) -> file(Name, <<>>).
file(Name, Data) -> member(Name, $0, [{data, Data}]).

directory(Name) -> member(Name, $5, [{mode, 8#755}]).

link(Name, Target) -> member(Name, $2, [{mode, 8#777}, {link, Target}]).

%% The name or the link of the member that comes next, as GNU has it.
gnu(Type, Text) -> member("././@LongLink", Type, [{gnu, []}, {data, iolist_to_binary([Text, 0])}]).

%% What holds of the member that comes next, as POSIX has it.
pax(Records) -> extension($x, iolist_to_binary([record(K, V) || {K, V} <- Records])).

record(Key, Value) ->
    Rest = iolist_to_binary([" ", Key, "=", Value, "\n"]),
    record_of(Rest, byte_size(Rest) + 1).

record_of(Rest, Size) ->
    Text = integer_to_binary(Size),
    case byte_size(Text) + byte_size(Rest) of
        Size -> [Text, Rest];
        _ -> record_of(Rest, Size + 1)
    end.

extension(Type, Data) -> member("PaxHeaders/x", Type, [{data, Data}]).

member(Name, Type, Options) ->
    Get = fun(Key, Default) -> proplists:get_value(Key, Options, Default) end,
    Data = Get(data, <<>>),
    Size = case Get(size, none) of
               none -> octal(byte_size(Data), 11);
               Bytes -> Bytes
           end,
    {Magic, Tail} = case Get(gnu, none) of
                        none -> {<<"ustar", 0, "00">>, field(Get(prefix, ""), 155)};
                        Fields -> {<<"ustar  ", 0>>, [binary:copy(<<0>>, 41), Fields]}
                    end,
    Header = fun(Sum) ->
                     field([field(Name, 100), field(octal(Get(mode, 8#644), 7), 8),
                            field("0000000", 8), field("0000000", 8), field(Size, 12),
                            field("00000000000", 12), Sum, Type, field(Get(link, ""), 100), Magic,
                            binary:copy(<<0>>, 80), Tail], ?BLOCK)
             end,
    Sum = lists:sum(binary_to_list(Header("        "))),
    Padding = binary:copy(<<0>>, -byte_size(Data) band (?BLOCK - 1)),
    iolist_to_binary([Header([octal(Sum, 6), 0, $\s]), Data, Padding]).

octal(Value, Digits) -> io_lib:format("~*.8.0b", [Digits, Value]).

field(Text, Size) ->
    Bytes = iolist_to_binary(Text),
    Used = min(byte_size(Bytes), Size),
    <<(binary:part(Bytes, 0, Used))/binary, 0:((Size - Used) * 8)>>.
