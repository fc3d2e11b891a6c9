// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tags of the external term format, which begin every term (ERTS User's Guide, "External Term
// Format"). For the encoder and the decoder only; nothing here can fail.

namespace relup {

constexpr unsigned char external_version = 131;

enum ExternalTag : unsigned char {
  tag_new_float = 70,
  tag_bit_binary = 77,
  tag_compressed = 80,
  tag_new_pid = 88,
  tag_new_port = 89,
  tag_newer_reference = 90,
  tag_small_integer = 97,
  tag_integer = 98,
  tag_float = 99,
  tag_atom = 100,
  tag_reference = 101,
  tag_port = 102,
  tag_pid = 103,
  tag_small_tuple = 104,
  tag_large_tuple = 105,
  tag_nil = 106,
  tag_string = 107,
  tag_list = 108,
  tag_binary = 109,
  tag_small_big = 110,
  tag_large_big = 111,
  tag_new_fun = 112,
  tag_export = 113,
  tag_new_reference = 114,
  tag_small_atom = 115,
  tag_map = 116,
  tag_fun = 117,
  tag_atom_utf8 = 118,
  tag_small_atom_utf8 = 119,
  tag_v4_port = 120,
};

}  // namespace relup
