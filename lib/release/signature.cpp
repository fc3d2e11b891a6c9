// SPDX-License-Identifier: Apache-2.0
//
// A PEM file holds the key in a frame (RFC 8410) that for Ed25519 is the same for all keys, so it
// is compared and not parsed. Of the public key the trailer has the first bytes, only to be able to
// say that another key has signed; whether a signature is right is asked of the trusted keys alone.

#include "release/signature.hpp"

#include <algorithm>

#include <sodium.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/hex.hpp"

namespace relup::release {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view public_frame = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;
constexpr std::string_view secret_frame =
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"sv;
constexpr std::size_t seed_size = crypto_sign_SEEDBYTES;
constexpr std::size_t hint_size = 8;

// A gzip header with one extra field of our own, and then nothing packed.
constexpr std::string_view trailer_begin =
    "\x1f\x8b\x08\x04\0\0\0\0\0\xff"
    "\x4c\0"    // the size of all extra fields
    "RS\x48\0"  // the name of ours, and its size: hint and signature
    ""sv;
constexpr std::string_view trailer_end = "\x03\0\0\0\0\0\0\0\0\0"sv;
constexpr std::size_t trailer_size =
    trailer_begin.size() + hint_size + crypto_sign_BYTES + trailer_end.size();
static_assert(hint_size + crypto_sign_BYTES == 0x48 && 4 + 0x48 == 0x4c);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void start_libsodium() {
  if (sodium_init() < 0) throw Error(ErrorCode::bug, "libsodium does not start");
}

// A text that is wiped when it goes.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { sodium_memzero(text_.data(), text_.size()); }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

// The key in a PEM file of the kind; none where it is another file.
std::optional<std::string> key_in(std::string_view pem, const std::string& kind,
                                  std::string_view frame) {
  const std::string begin = "-----BEGIN " + kind + "-----";
  const std::size_t first = pem.find(begin);
  const std::size_t last = pem.find("-----END " + kind + "-----");
  if (first == std::string_view::npos || last == std::string_view::npos || last < first) return {};
  const std::string_view text = pem.substr(first + begin.size(), last - first - begin.size());
  Secret decoded(std::string(frame.size() + seed_size, '\0'));
  std::size_t size = 0;
  const int result = sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.text().data()),
                                       decoded.text().size(), text.data(), text.size(), " \r\n",
                                       &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (result != 0 || size != decoded.text().size() || !decoded.text().starts_with(frame)) return {};
  return decoded.text().substr(frame.size());
}

std::string message_for(const std::string& digest) {
  return "relup tarball " + digest + "\n";
}

std::string hint_of(std::string_view public_key) {
  return std::string(public_key.substr(0, hint_size));
}

std::string read_exactly(const ReadableFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(file.read_at(offset, bytes));
  return bytes;
}

struct Trailer {
  std::string hint;
  std::string signature;
};

std::optional<Trailer> parse_trailer(std::string_view bytes) {
  if (!bytes.starts_with(trailer_begin) || !bytes.ends_with(trailer_end)) return std::nullopt;
  bytes.remove_prefix(trailer_begin.size());
  return Trailer{std::string(bytes.substr(0, hint_size)),
                 std::string(bytes.substr(hint_size, crypto_sign_BYTES))};
}

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::bad_input, name + ": " + what)
      .with_hint(
          "only tarballs that `relup pack --sign` has signed with a trusted key are taken here");
}

}  // namespace

PublicKey read_public_key(FileSystem& files, const std::string& path) {
  start_libsodium();
  const std::optional<std::string> key = key_in(files.read(path), "PUBLIC KEY", public_frame);
  if (key) return {path, *key};
  throw Error(ErrorCode::bad_input, path + ": is no public key for Ed25519 in PEM format")
      .with_hint("openssl pkey -in KEY -pubout writes the one that belongs to a signing key");
}

SigningKey::SigningKey(FileSystem& files, const std::string& path) {
  start_libsodium();
  Secret pem(files.read(path));
  const std::optional<std::string> seed = key_in(pem.text(), "PRIVATE KEY", secret_frame);
  if (!seed) {
    throw Error(ErrorCode::bad_input, path + ": is no signing key for Ed25519 in PEM format")
        .with_hint("openssl genpkey -algorithm ed25519 -out KEY makes one");
  }
  Secret wiped(*seed);
  crypto_sign_seed_keypair(open_.data(), secret_.data(), bytes_of(wiped.text()));
}

SigningKey::~SigningKey() {
  sodium_memzero(secret_.data(), secret_.size());
}

std::string SigningKey::trailer(const std::string& digest) const {
  const std::string message = message_for(digest);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       bytes_of(message), message.size(), secret_.data());
  const std::string_view open(reinterpret_cast<const char*>(open_.data()), open_.size());
  return std::string(trailer_begin) + hint_of(open) + signature + std::string(trailer_end);
}

TrustedTarball require_signature(const std::string& name, const ReadableFile& file,
                                 const std::vector<PublicKey>& keys) {
  start_libsodium();
  if (file.size() < trailer_size) refuse(name, "is not signed");
  const std::uint64_t signed_size = file.size() - trailer_size;
  const std::string end = read_exactly(file, signed_size, trailer_size);
  const std::optional<Trailer> trailer = parse_trailer(end);
  if (!trailer) refuse(name, "is not signed");
  Blake2b digest;
  std::vector<char> piece(256U << 10U);
  for (std::uint64_t at = 0; at < signed_size;) {
    const std::size_t room = std::min<std::uint64_t>(piece.size(), signed_size - at);
    const std::size_t count = file.read_at(at, {piece.data(), room});
    if (count == 0) refuse(name, "has become shorter while it was read");
    digest.update({piece.data(), count});
    at += count;
  }
  Blake2b of_all(digest);
  of_all.update(end);
  const std::string message = message_for(digest.finish_hex());
  for (const PublicKey& key : keys) {
    if (hint_of(key.bytes) != trailer->hint) continue;
    if (crypto_sign_verify_detached(bytes_of(trailer->signature), bytes_of(message), message.size(),
                                    bytes_of(key.bytes)) == 0) {
      return {key.file, of_all.finish_hex()};
    }
  }
  const auto claimed = std::find_if(keys.begin(), keys.end(), [&](const PublicKey& key) {
    return hint_of(key.bytes) == trailer->hint;
  });
  if (claimed == keys.end()) refuse(name, "is signed, but not with a key that is trusted here");
  refuse(name, "was changed after it was signed with the key of " + claimed->file);
}

}  // namespace relup::release
