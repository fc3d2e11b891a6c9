// SPDX-License-Identifier: Apache-2.0
//
// Files that are there and cannot be opened: each kind of file that the compiler reads, refused by
// the system for each reason that holds for root too. Our first error is held against the answer of
// the OTP that is installed.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <gmock/gmock.h>

#include "relup/compile.hpp"
#include "support/sample_release.hpp"
#include "support/temporary_directory.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Subject {
  const char* name;
  const char* path;
};

constexpr Subject subjects[] = {
    {"appup", "new/lib/shop-2/ebin/shop.appup"},         {"app", "new/lib/shop-2/ebin/shop.app"},
    {"app of the base", "old/lib/shop-1/ebin/shop.app"}, {"rel", "new/releases/2/shop.rel"},
    {"rel of the base", "old/releases/1/shop.rel"},
};

struct Refusal {
  const char* posix;
  void (*make)(const fs::path& path);
};

const Refusal refusals[] = {
    {"eisdir", [](const fs::path& path) { fs::create_directory(path); }},
    {"enoent", [](const fs::path& path) { fs::create_symlink("nowhere", path); }},
    {"eloop", [](const fs::path& path) { fs::create_symlink(path.filename(), path); }},
    {"enotdir",
     [](const fs::path& path) {
       std::ofstream(path.string() + ".file") << "x";
       fs::create_symlink(path.filename().string() + ".file/x", path);
     }},
    {"enametoolong", [](const fs::path& path) { fs::create_symlink(std::string(300, 'a'), path); }},
};

void write_pair(const fs::path& root) {
  FileSystem& files = real_file_system();
  support::write_release(files, root / "old", {"1", {{"shop", "1"}}});
  support::write_release(files, root / "new", {"2", {{"shop", "2"}}});
  support::write_file(files, root / "new/lib/shop-2/ebin/shop.appup",
                      "{\"2\",[{\"1\",[]}],[{\"1\",[]}]}.");
}

// OTP's answers for all the roots, a line each.
std::vector<std::string> answers_of_otp(const std::vector<fs::path>& roots) {
  std::string command = "escript '" RELUP_MAKE_RELUPS "'";
  for (const fs::path& root : roots)
    command += " '" + root.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  if (!pipe) throw std::runtime_error("cannot run escript");
  std::string text;
  std::array<char, 4096> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe.get()))
    text.append(piece.data(), count);
  const auto terms = parse_terms(SourceText("OTP", text));
  std::vector<std::string> answers;
  for (const ParsedTerm& answer : std::get<std::vector<ParsedTerm>>(terms))
    answers.push_back(print(answer.term));
  return answers;
}

std::string our_answer(const fs::path& root) {
  CompileRequest request;
  const BaseRelease base{root / "old/releases/1/shop", Term()};
  request.top = root / "new/releases/2/shop";
  request.up_from = {base};
  request.down_to = {base};
  request.path = {root / "new/lib/*/ebin", root / "old/lib/*/ebin"};
  const CompileResult result = compile(real_file_system(), request);
  return result.relup ? "ok" : result.diagnostics.front().otp;
}

TEST(UnreadableFiles, AreAnsweredAsTheInstalledOtpAnswers) {
  const support::TemporaryDirectory directory;
  std::vector<fs::path> roots;
  for (const Subject& subject : subjects) {
    for (const Refusal& refusal : refusals) {
      roots.push_back(directory / (std::to_string(roots.size()) + "-" + refusal.posix));
      write_pair(roots.back());
      fs::remove(roots.back() / subject.path);
      refusal.make(roots.back() / subject.path);
    }
  }
  const std::vector<std::string> expected = answers_of_otp(roots);
  ASSERT_EQ(expected.size(), roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i)
    EXPECT_EQ(our_answer(roots[i]), expected[i]) << roots[i];
  // That of an appup says why.
  for (std::size_t i = 0; i < std::size(refusals); ++i) {
    EXPECT_THAT(expected[i],
                HasSubstr("/shop.appup\"," + std::string(refusals[i].posix) + "}}}}}"));
  }
}

}  // namespace
}  // namespace relup
