// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <md5.h>
#include <sha2.h>
#include <sodium.h>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace relup {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

struct Md5::State {
  MD5_CTX context;
};

Md5::Md5() : state_(std::make_unique<State>()) {
  MD5Init(&state_->context);
}
Md5::~Md5() = default;

void Md5::update(std::string_view bytes) {
  MD5Update(&state_->context, bytes_of(bytes), bytes.size());
}

Md5Digest Md5::finish() {
  Md5Digest digest{};
  MD5Final(digest.data(), &state_->context);
  return digest;
}

Md5Digest md5(std::string_view bytes) {
  Md5 digest;
  digest.update(bytes);
  return digest.finish();
}

std::string_view bytes_of(const Md5Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

struct Sha256::State {
  SHA2_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  SHA256Init(&state_->context);
}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  SHA256Update(&state_->context, bytes_of(bytes), bytes.size());
}

std::string Sha256::finish_hex() {
  std::string hex(SHA256_DIGEST_STRING_LENGTH, '\0');
  SHA256End(&state_->context, hex.data());
  hex.resize(SHA256_DIGEST_STRING_LENGTH - 1);
  return hex;
}

// Aligned as libsodium wants it.
struct Blake2b::State {
  crypto_generichash_state state;
};

Blake2b::Blake2b() : state_(std::make_unique<State>()) {
  if (sodium_init() < 0) throw Error(ErrorCode::bug, "libsodium does not start");
  crypto_generichash_init(&state_->state, nullptr, 0, crypto_generichash_BYTES_MAX);
}
Blake2b::Blake2b(const Blake2b& other) : state_(std::make_unique<State>(*other.state_)) {}
Blake2b::~Blake2b() = default;

void Blake2b::update(std::string_view bytes) {
  crypto_generichash_update(&state_->state, bytes_of(bytes), bytes.size());
}

std::string Blake2b::finish_hex() {
  std::string digest(crypto_generichash_BYTES_MAX, '\0');
  crypto_generichash_final(&state_->state, reinterpret_cast<std::uint8_t*>(digest.data()),
                           digest.size());
  return hex(digest);
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.finish_hex();
}

}  // namespace relup
