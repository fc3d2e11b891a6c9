// SPDX-License-Identifier: Apache-2.0
//
// Tarballs that somebody has made to hurt (testdata/hostile), and such as a bad disk or a bad line
// makes: what is not refused is what was packed, to the byte, and nothing is ever half there.

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "host/staging.hpp"
#include "support/memory_file_system.hpp"
#include "support/reliability_page.hpp"
#include "support/temporary_directory.hpp"

namespace relup::host {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string tarball = "/tarball";
using Files = std::map<std::string, std::string>;  // paths and contents

struct Case {
  std::string name;
  std::string message;
};

class HostileArchives : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    archives_ = std::make_unique<support::TemporaryDirectory>();
    const std::string command = "escript " + std::string(RELUP_TESTDATA) +
                                "/hostile/make_archives.escript " + archives_->path().string();
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  static void TearDownTestSuite() { archives_.reset(); }

  static std::string archive(const std::string& name) {
    return real_file_system().read(*archives_ / name);
  }

  static std::vector<Case> cases() {
    std::vector<Case> found;
    std::istringstream lines(archive("cases"));
    for (std::string line; std::getline(lines, line);) {
      const std::size_t tab = line.find('\t');
      found.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    return found;
  }

  // What an upgrade does with a tarball before the node hears of it. What stands in the root then,
  // or the error.
  struct Result {
    std::optional<Error> refusal;
    Files files;
  };
  static Result install(const std::string& bytes) {
    support::MemoryFileSystem files;
    files.add_file(tarball, bytes);
    files.add_directory("/root");
    Host host;
    host.root = "/root";
    Result result;
    try {
      const IncomingRelease incoming = check_tarball(files, tarball, "1.1.0");
      Staging staging(files, host);
      staging.extract(incoming);
      staging.publish([](const auto&) {});
    } catch (const Error& error) {
      result.refusal = error;
    }
    for (const std::string& path : files.files_below("/")) {
      if (path != tarball) result.files[path] = files.read(path);
    }
    return result;
  }

  static Files good_files() {
    Files files = install(archive("good.tar.gz")).files;
    EXPECT_EQ(files.size(), 9U);
    return files;
  }

  static void expect_refused_or_good(const std::string& bytes, const Files& good,
                                     std::size_t& refused) {
    const Result result = install(bytes);
    if (result.refusal) ++refused;
    ASSERT_EQ(result.files, result.refusal ? Files() : good);
  }

  static std::unique_ptr<support::TemporaryDirectory> archives_;
};

std::unique_ptr<support::TemporaryDirectory> HostileArchives::archives_;

TEST_F(HostileArchives, TheGoodOneIsInstalled) {
  const Result result = install(archive("good.tar.gz"));
  EXPECT_FALSE(result.refusal) << result.refusal->message();
  EXPECT_EQ(result.files.size(), 9U);
  EXPECT_EQ(install(archive("good.tar")).files, result.files);
}

TEST_F(HostileArchives, EachIsRefusedForWhatItIs) {
  const std::vector<Case> all = cases();
  EXPECT_GE(all.size(), 120U);
  for (const Case& each : all) {
    SCOPED_TRACE(each.name);
    const Result result = install(archive(each.name + ".tar.gz"));
    EXPECT_THAT(result.files, IsEmpty());
    if (!result.refusal) {
      ADD_FAILURE() << "is not refused";
      continue;
    }
    EXPECT_EQ(result.refusal->code(), ErrorCode::bad_input);
    EXPECT_THAT(result.refusal->message(), HasSubstr(each.message));
    for (const char byte : result.refusal->message())
      ASSERT_TRUE(static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f);
  }
  support::tell_reliability("damage", "hostile archives",
                            {std::to_string(all.size()), "each is refused for what it is"});
}

TEST_F(HostileArchives, EveryTruncationIsRefusedOrWhole) {
  const Files good = good_files();
  std::size_t count = 0;
  for (const std::string& bytes : {archive("good.tar.gz"), archive("good.tar")}) {
    std::size_t refused = 0;
    count += bytes.size();
    for (std::size_t size = 0; size < bytes.size(); ++size)
      expect_refused_or_good(bytes.substr(0, size), good, refused);
    EXPECT_EQ(refused, bytes.size());
  }
  support::tell_reliability("damage", "every truncation of a good archive",
                            {std::to_string(count), "refused"});
}

// One to four changes: a bit, a byte, a piece cut out or put in twice.
std::string mutant(std::string bytes, std::mt19937& random) {
  for (unsigned left = 1 + random() % 4; left > 0 && !bytes.empty(); --left) {
    const std::size_t at = random() % bytes.size();
    const std::size_t size = 1 + random() % 600;
    switch (random() % 4) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        break;
      case 1:
        bytes[at] = static_cast<char>(random());
        break;
      case 2:
        bytes.erase(at, size);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % bytes.size(), size));
    }
  }
  return bytes;
}

// Half of them below the compression, since a mutant above it hardly ever gets as far as tar.
TEST_F(HostileArchives, TenThousandMutantsAreRefusedOrWhole) {
  const Files good = good_files();
  const std::string packed = archive("good.tar.gz");
  const std::string plain = archive("good.tar");
  std::mt19937 random(15);
  std::size_t refused = 0;
  for (int count = 0; count < 5000; ++count) {
    expect_refused_or_good(mutant(packed, random), good, refused);
    expect_refused_or_good(mutant(plain, random), good, refused);
    if (HasFatalFailure()) return;
  }
  RecordProperty("refused", static_cast<int>(refused));
  EXPECT_GT(refused, 8000U);
  EXPECT_LT(refused, 10000U);  // times and owners do not matter
  support::tell_reliability(
      "damage", "mutants of a good archive",
      {"10000", std::to_string(refused) + " refused, the others hold what the good one does"});
}

// Somebody writes another tarball into the file after it was checked.
TEST_F(HostileArchives, WhatWasCheckedIsWhatIsUnpacked) {
  const support::TemporaryDirectory place;
  FileSystem& files = real_file_system();
  for (const char* other : {"setuid.tar.gz", "up.tar.gz", "a_file_that_was_changed.tar.gz",
                            "nothing.tar.gz", "no_release.tar.gz"}) {
    SCOPED_TRACE(other);
    place.write("tarball", archive("good.tar.gz"));
    Host host;
    host.root = place / "root";
    files.make_directories(host.root);
    const IncomingRelease incoming = check_tarball(files, place / "tarball", "1.1.0");
    std::ofstream(place / "tarball", std::ios::trunc | std::ios::binary) << archive(other);
    {
      Staging staging(files, host);
      EXPECT_THROW(staging.extract(incoming), Error);
    }
    EXPECT_THAT(files.list(host.root), IsEmpty());
  }
  // Another file under the name of the one that is open changes nothing.
  files.remove_file(place / "tarball");
  place.write("tarball", archive("good.tar.gz"));
  Host host;
  host.root = place / "root";
  const IncomingRelease incoming = check_tarball(files, place / "tarball", "1.1.0");
  files.remove_file(place / "tarball");
  place.write("tarball", archive("up.tar.gz"));
  Staging staging(files, host);
  staging.extract(incoming);
  staging.publish([](const auto&) {});
  EXPECT_TRUE(files.is_file(host.root + "/releases/1.1.0/hostile.rel"));
}

// The power goes right after the release was put into place.
TEST_F(HostileArchives, WhatWasPublishedOutlivesAPowerCut) {
  support::MemoryFileSystem files;
  files.add_file(tarball, archive("good.tar.gz"));
  files.add_directory("/root");
  Host host;
  host.root = "/root";
  const IncomingRelease incoming = check_tarball(files, tarball, "1.1.0");
  Staging staging(files, host);
  staging.extract(incoming);
  staging.publish([](const auto&) {});
  files.crash();
  for (const auto& [path, bytes] : good_files())
    EXPECT_EQ(files.read_if_exists(path), bytes) << path;
}

}  // namespace
}  // namespace relup::host
