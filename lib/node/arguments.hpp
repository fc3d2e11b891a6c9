// SPDX-License-Identifier: Apache-2.0
#pragma once

// The command line of an Erlang node: how `erl` splits an arguments file (`-args_file`, vm.args)
// into words, and which of the words say how the node is reached. The rules of splitting were
// measured on erlexec of OTP 25. Nothing here fails: an unclosed quote ends with the text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relup::node {

// The words of an arguments file. '#' begins a comment wherever it stands unquoted; quotes of both
// kinds keep everything up to their end as it is; outside of quotes '\' keeps the next character.
std::vector<std::string> split_arguments(std::string_view text);

enum class NameKind { short_name, long_name };

// What a command line says about the distribution; the flags as `init` and `net_kernel` read them.
struct NodeFlags {
  std::optional<std::string> name;  // of the first -sname, else of the first -name
  NameKind name_kind = NameKind::short_name;
  std::optional<std::string> cookie;               // only from a single -setcookie with one value
  std::optional<std::uint16_t> epmd_port;          // -epmd_port, which erlexec adds
  std::optional<std::uint16_t> distribution_port;  // -erl_epmd_port: fixed, epmd is not asked
  std::string root;                                // -root: where the emulator's release lies
  std::string home;                                // -home
  std::vector<std::string> paths;                  // of -boot, -config and -boot_var
  bool is_visitor = false;  // a remote shell, or a helper that boots no release
};

NodeFlags read_flags(const std::vector<std::string>& arguments);

// A port number from 1 to 65535 in decimal.
std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace relup::node
