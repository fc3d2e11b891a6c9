// SPDX-License-Identifier: Apache-2.0
//
// relup pack: one release of a root as a tarball.

#include "release/pack.hpp"

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::string reference;
  std::string tarball;
};

ExitStatus run(const Options& options, Console& console) {
  FileSystem& files = real_file_system();
  const release::ReleaseTree tree = release::load_release(
      release::resolve_reference(files, options.reference, release::KeptContent::everything), {});
  const release::Packed packed = release::pack_release(files, tree, options.tarball);
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
                               {"relup", packed.has_relup}})
                      << "\n";
  } else {
    console.say("wrote " + options.tarball + ": " + tree.name() + " " + tree.version() + ", " +
                std::to_string(packed.members) + " files");
  }
  return ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("REF", options.reference,
                  "a release root, ROOT@VSN, or a tarball as Mix or rebar3 make it")
      ->required();
  verb.add_option("-o,--output", options.tarball, "the tarball to write")
      ->option_text("TARBALL")
      ->required();
}

}  // namespace

void add_pack(Program& program) {
  add_verb<Options>(program, "pack", "Pack a release into a tarball for relup upgrade", define,
                    run);
}

}  // namespace relup::cmd
