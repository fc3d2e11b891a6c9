// SPDX-License-Identifier: Apache-2.0
#pragma once

// Message digests, fed piece by piece. MD5 is the identity that the BEAM itself uses for modules
// (`beam_lib:md5/1`); SHA-256 is what checksum manifests use; BLAKE2b, several times as fast, tells
// whether a whole tarball is the one that was looked at, and is what a signature signs.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace relup {

using Md5Digest = std::array<unsigned char, 16>;

Md5Digest md5(std::string_view bytes);
std::string_view bytes_of(const Md5Digest& digest);

class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;
  void update(std::string_view bytes);
  Md5Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  std::string finish_hex();  // 64 lower-case hexadecimal digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Blake2b {
 public:
  Blake2b();
  Blake2b(const Blake2b& other);
  Blake2b& operator=(const Blake2b&) = delete;
  ~Blake2b();
  void update(std::string_view bytes);
  std::string finish_hex();  // 128 lower-case hexadecimal digits, as b2sum(1) prints them

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace relup
