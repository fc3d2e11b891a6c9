// SPDX-License-Identifier: Apache-2.0
//
// Random release pairs, our relup compiler held against systools:make_relup/4 of the installed OTP.
//   differential_test [--seed N] [--pairs N] [--first N] [--keep N] [--shrink N] [--table]
// Exit status: 0 no difference, 1 a difference or (in the default run) an error kind not met, 2 the
// call or the environment is wrong.

#include <chrono>
#include <deque>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>

#include <unistd.h>

#include "differential/comparison.hpp"
#include "differential/coverage.hpp"
#include "differential/shrink.hpp"
#include "term/printer.hpp"

namespace relup::differential {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::uint64_t seed = 20250701;
  std::uint64_t pairs = 3000;
  std::uint64_t first = 0;
  std::uint64_t keep = 10;     // directories of differences to keep
  std::uint64_t shrink = 400;  // candidates tried per kept difference; 0 to leave them as they are
  bool table = false;
  bool is_default = true;
};

Options read_options(int count, char** arguments) {
  Options options;
  const std::map<std::string, std::uint64_t Options::*> numbers{{"--seed", &Options::seed},
                                                                {"--pairs", &Options::pairs},
                                                                {"--first", &Options::first},
                                                                {"--keep", &Options::keep},
                                                                {"--shrink", &Options::shrink}};
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (name == "--table") {
      options.table = true;
      continue;
    }
    const auto found = numbers.find(name);
    if (found == numbers.end() || i + 1 == count)
      throw std::invalid_argument("usage: " + name + "?");
    options.*found->second = std::stoull(arguments[++i]);
    options.is_default = options.is_default && (name == "--keep" || name == "--shrink");
  }
  return options;
}

// Memory if there is a file system of it, else the disk.
std::string make_work_directory() {
  std::error_code ignored;
  const fs::path parent = fs::is_directory("/dev/shm", ignored) && access("/dev/shm", W_OK) == 0
                              ? fs::path("/dev/shm")
                              : fs::temp_directory_path();
  std::string path = (parent / "relup-differential-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  return path;
}

std::string describe(const Call& call) {
  std::string text = call.top;
  for (const Base& base : call.up)
    text += " up " + base.rel;
  for (const Base& base : call.down)
    text += " down " + base.rel;
  for (const std::string& directory : call.path)
    text += " path " + directory;
  if (call.restart_emulator) text += " restart_emulator";
  if (call.warnings_as_errors) text += " warnings_as_errors";
  return text;
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options), directory_(make_work_directory()), otp_(RELUP_ORACLE) {}

  int run() {
    const auto begin = std::chrono::steady_clock::now();
    constexpr std::size_t ahead = 4;  // pairs that OTP works on while we look at the one before
    for (std::uint64_t i = 0; i < options_.pairs; ++i) {
      if (waiting_.size() == ahead) check_oldest();
      send(options_.first + i);
    }
    while (!waiting_.empty())
      check_oldest();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return report(seconds.count());
  }

 private:
  struct Waiting {
    std::uint64_t number;
    ReleasePair pair;
    std::string directory;
  };

  void send(std::uint64_t number) {
    Waiting waiting{number, generate_pair(options_.seed, number),
                    directory_ + "/" + std::to_string(number)};
    write_pair(waiting.pair, waiting.directory);
    otp_.ask(waiting.directory, waiting.pair.call);
    waiting_.push_back(std::move(waiting));
  }

  void check_oldest() {
    const Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    const OtpAnswer answer = otp_.answer();
    coverage_.count(kinds_of(answer));
    const std::optional<Difference> found =
        compare_in(waiting.directory, waiting.pair.call, answer);
    fs::current_path(directory_);
    if (!found) {
      fs::remove_all(waiting.directory);
      return;
    }
    ++differences_;
    if (kept_ < options_.keep && ++alike_[found->what] <= 3) {
      ++kept_;
      keep(waiting, *found);
    } else {
      fs::remove_all(waiting.directory);
      std::cout << "pair " << waiting.number << " differs: " << found->what << "\n";
    }
  }

  std::optional<Difference> compare_in(const std::string& directory, const Call& call,
                                       const OtpAnswer& answer) const {
    fs::current_path(directory);
    return compare(call, answer, otp_.release());
  }

  void keep(const Waiting& waiting, const Difference& found) {
    std::cout << "pair " << waiting.number << " of seed " << options_.seed
              << " differs: " << found.what << "\n  files: " << waiting.directory
              << "\n  call:  " << describe(waiting.pair.call) << "\n  OTP:   " << found.otp
              << "\n  relup: " << found.relup << "\n";
    if (options_.shrink == 0) return;
    while (!waiting_.empty())
      check_oldest();
    const ReleasePair small = shrink(
        waiting.pair, [&](const ReleasePair& candidate) { return shows(candidate, found.what); },
        static_cast<int>(options_.shrink));
    std::cout << "  smaller:\n";
    for (const auto& [path, content] : small.files) {
      if (!content.empty()) std::cout << "  -- " << path << " --\n" << content << "\n";
    }
    std::cout << std::flush;
  }

  bool shows(const ReleasePair& candidate, const std::string& what) {
    const std::string directory = directory_ + "/smaller" + std::to_string(++candidates_);
    write_pair(candidate, directory);
    otp_.ask(directory, candidate.call);
    const OtpAnswer answer = otp_.answer();
    const std::optional<Difference> found = compare_in(directory, candidate.call, answer);
    fs::current_path(directory_);
    fs::remove_all(directory);
    return found && found->what == what;
  }

  int report(double seconds) {
    if (options_.table) std::cout << coverage_.table();
    std::cout << options_.pairs << " pairs of seed " << options_.seed << " against OTP "
              << otp_.release() << " in " << static_cast<int>(seconds) << " s: " << differences_
              << " differences\n";
    bool complete = true;
    if (options_.is_default) {
      for (const std::string& kind : coverage_.missing()) {
        std::cout << "not met: " << kind << "\n";
        complete = false;
      }
    }
    if (kept_ == 0) fs::remove_all(directory_);
    return differences_ == 0 && complete ? 0 : 1;
  }

  const Options options_;
  const std::string directory_;
  Otp otp_;
  std::deque<Waiting> waiting_;
  Coverage coverage_;
  std::uint64_t differences_ = 0;
  std::uint64_t kept_ = 0;
  std::uint64_t candidates_ = 0;
  std::map<std::string, int> alike_;
};

}  // namespace
}  // namespace relup::differential

int main(int count, char** arguments) {
  try {
    return relup::differential::Run(relup::differential::read_options(count, arguments)).run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
