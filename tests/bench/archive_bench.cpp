// SPDX-License-Identifier: Apache-2.0
//
// How long does `relup pack` take next to `systools:make_tar`, and what an upgrade does with a
// tarball before the node hears of it (check, unpack, sync, move) next to
// `release_handler:unpack_release`, on a release of all of OTP's libraries? Whole processes, in
// turn, so that other load on the machine meets both sides alike; of several runs the fastest
// counts.

#include <filesystem>
#include <iomanip>
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "host/staging.hpp"
#include "process.hpp"
#include "support/temporary_directory.hpp"

namespace relup::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds limit{900};  // for one process

// As the child of this program that `--unpack` makes, so that its memory is its own.
void unpack(const std::string& tarball, const std::string& root) {
  FileSystem& files = real_file_system();
  host::Host host;
  host.root = root;
  const host::IncomingRelease incoming = host::check_tarball(files, tarball, "1");
  host::Staging staging(files, host);
  staging.extract(incoming);
  staging.publish([](const auto&) {});
}

struct Side {
  const char* name;
  std::vector<std::string> command;
  Milliseconds wall{1e12};
  Milliseconds processor{1e12};
  std::uint64_t peak = 0;

  void run() {
    const Measurement measured = run_process(command, limit);
    wall = std::min(wall, measured.wall);
    processor = std::min(processor, measured.processor);
    peak = std::max(peak, measured.peak);
  }
};

void print(const Side& side) {
  std::cout << std::left << std::setw(28) << side.name << std::right << std::fixed
            << std::setprecision(0) << std::setw(9) << side.wall.count() << " ms" << std::setw(9)
            << side.processor.count() << " ms" << std::setw(8) << (side.peak >> 20U) << " MiB\n";
}

void print_pair(const Side& ours, const Side& others) {
  print(ours);
  print(others);
  std::cout << "  " << std::setprecision(1) << others.wall / ours.wall << " times as fast, "
            << others.processor / ours.processor << " by time of the processors\n";
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

// A node that starts from a root of its own and unpacks into it.
std::string unpack_release(const std::string& node, const std::string& tarball) {
  const std::string releases = quoted(node + "/releases");
  return "rm -rf " + quoted(node + "/lib/") + "[!kls]* " + releases + "; mkdir " + releases +
         " && cp " + quoted(tarball) + " " + releases +
         "/otp.tar.gz && export ROOTDIR=" + quoted(node) + " BINDIR=$(echo " + quoted(node) +
         "/erts-*/bin) EMU=beam PROGNAME=erl && " +
         "exec \"$BINDIR/erlexec\" -noshell -boot \"$BOOT\" -eval "
         "'{ok, _} = release_handler:unpack_release(\"otp\"), halt().'";
}

void run(int runs, const std::string& program) {
  const support::TemporaryDirectory place("relup-bench");
  const std::string script = BENCH_SCRIPTS "/otp_archive.escript";
  const std::string directory = place.path();
  run_process({"escript", script, "prepare", directory}, limit);
  const std::string boot = first_line_of(
      "erl -noshell -eval 'io:format(\"~s/bin/start_sasl~n\",[code:root_dir()]),halt().'");
  const std::string ours = directory + "/ours.tar.gz";
  const std::string empty = directory + "/empty";
  Side pack{"relup pack", {RELUP_PROGRAM, "pack", directory + "/root@1", "-o", ours}};
  Side make_tar{"systools:make_tar", {"escript", script, "make_tar", directory}};
  Side install{"relup: check, unpack, sync",
               {"sh", "-c",
                "rm -rf " + quoted(empty) + "; mkdir " + quoted(empty) + " && exec " +
                    quoted(program) + " --unpack " + quoted(ours) + " --root " + quoted(empty)}};
  Side handler{"unpack_release",
               {"sh", "-c",
                "BOOT=" + quoted(boot) + "; " +
                    unpack_release(directory + "/node", directory + "/otp.tar.gz")}};
  for (int count = 0; count < runs; ++count) {
    pack.run();
    make_tar.run();
    install.run();
    handler.run();
  }
  print_pair(pack, make_tar);
  std::cout << "  " << fs::file_size(ours) << " and " << fs::file_size(directory + "/otp.tar.gz")
            << " bytes\n";
  print_pair(install, handler);
}

}  // namespace
}  // namespace relup::bench

int main(int argc, char** argv) {
  CLI::App app("relup's archives next to OTP's");
  int runs = 3;
  std::string tarball;
  std::string root;
  app.add_option("--runs", runs, "of each side");
  app.add_option("--unpack", tarball, "only unpack this tarball of release 1");
  app.add_option("--root", root, "to here");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!tarball.empty()) {
      relup::bench::unpack(tarball, root);
    } else {
      relup::bench::run(runs, std::filesystem::canonical("/proc/self/exe"));
    }
  } catch (const relup::Error& error) {
    std::cerr << error.message() << "\n";
    return 1;
  }
}
