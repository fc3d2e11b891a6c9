// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signed tarballs. The signature (Ed25519) is the end of the file: an empty gzip member of fixed
// size that carries it in its header, which no reader of tarballs minds. It covers every byte
// before it: what is signed is the text
//
//     relup tarball DIGEST<newline>
//
// with the BLAKE2b digest of those bytes as b2sum(1) prints it. Keys are PEM files as
// `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them; what is none is an
// Error (bad_input) that names the file and never shows what is in it.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"

namespace relup::release {

struct PublicKey {
  std::string file;   // where it was read, for people
  std::string bytes;  // 32
};

PublicKey read_public_key(FileSystem& files, const std::string& path);

// Wipes the key from memory when it goes.
class SigningKey {
 public:
  SigningKey(FileSystem& files, const std::string& path);
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  // What is to be put behind bytes that have this digest.
  std::string trailer(const std::string& digest) const;

 private:
  std::array<unsigned char, 64> secret_{};
  std::array<unsigned char, 32> open_{};
};

// What was found to be signed.
struct TrustedTarball {
  std::string key_file;  // by which of the keys
  std::string digest;    // of the whole file, with the signature
};

// Reads the file, and nothing in it but the signature is interpreted. Error (bad_input) where it is
// not signed, not by one of `keys`, or was changed after it was signed.
TrustedTarball require_signature(const std::string& name, const ReadableFile& file,
                                 const std::vector<PublicKey>& keys);

}  // namespace relup::release
