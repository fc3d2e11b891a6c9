// SPDX-License-Identifier: Apache-2.0
//
// relup pack: one release of a root as a tarball.

#include "release/pack.hpp"

#include <optional>

#include "base/json.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::string reference;
  std::string tarball;
  std::string key;
};

ExitStatus run(const Options& options, Console& console) {
  FileSystem& files = real_file_system();
  const release::ReleaseTree tree = release::load_release(
      release::resolve_reference(files, options.reference, release::KeptContent::everything), {});
  std::optional<release::SigningKey> key;
  if (!options.key.empty()) key.emplace(files, options.key);
  const release::Packed packed =
      release::pack_release(files, tree, options.tarball, key ? &*key : nullptr);
  if (!packed.has_relup) {
    console.say(
        "note: release " + tree.version() +
        " has no relup, so the tarball cannot upgrade anything; `relup generate` makes one");
  }
  if (console.wants_json()) {
    console.results() << dump({{"schema_version", 1},
                               {"tarball", options.tarball},
                               {"name", tree.name()},
                               {"version", tree.version()},
                               {"members", packed.members},
                               {"relup", packed.has_relup},
                               {"signed", key.has_value()}})
                      << "\n";
  } else {
    console.say("wrote " + options.tarball + ": " + tree.name() + " " + tree.version() + ", " +
                std::to_string(packed.members) + " files" + (key ? ", signed" : ""));
  }
  return ExitStatus::done;
}

Arguments describe(Options& options) {
  return {{.name = "REF",
           .description = "a release root, ROOT@VSN, or a tarball as Mix or rebar3 make it",
           .target = &options.reference,
           .presence = Presence::required},
          {.name = "-o,--output",
           .value = "TARBALL",
           .description = "the tarball to write",
           .target = &options.tarball,
           .presence = Presence::required},
          {.name = "--sign",
           .value = "KEY",
           .description = "sign it: a key that openssl genpkey -algorithm ed25519 has made",
           .target = &options.key}};
}

}  // namespace

Verb pack_verb() {
  return make_verb("pack", "Pack a release into a tarball for relup upgrade", describe, run);
}

}  // namespace relup::cmd
