// SPDX-License-Identifier: Apache-2.0
#include "beam/file/code_identity.hpp"

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/hex.hpp"
#include "beam/compiled_modules.hpp"
#include "beam/hand_made_beam.hpp"
#include "support/error_of.hpp"

namespace relup::beam {
namespace {

using support::error_of;

BeamFile file_of(const std::string& variant) {
  return {variant + ".beam", compiled(variant)};
}

TEST(ModuleMd5, IsThatOfBeamLib) {
  EXPECT_EQ(md5_by_variant().size(), 11U);
  for (const auto& [variant, md5] : md5_by_variant()) {
    EXPECT_EQ(hex(bytes_of(module_md5(BeamFile(variant, compiled(variant))))), md5) << variant;
  }
}

TEST(ModuleMd5, NeedsTheChunksThatMakeTheCode) {
  const std::vector<NamedChunk> all = {
      atom_chunk({"m"}), {"Code", "c"}, {"ExpT", ""}, {"ImpT", ""}, {"StrT", ""}};
  EXPECT_NO_THROW(module_md5(BeamFile("m.beam", form(all))));
  for (std::size_t missing = 1; missing < all.size(); ++missing) {
    std::vector<NamedChunk> others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(missing));
    const BeamFile file("m.beam", form(others));
    EXPECT_EQ(error_of([&] { module_md5(file); }),
              "m.beam: not a sound BEAM file: byte 0: has no " + all[missing].id + " chunk");
  }
}

TEST(ModuleMd5, LeavesOutTheLastFieldOfEveryFun) {
  const auto md5_with = [](const std::string& first_uniq, const std::string& rest) {
    const std::string entry = std::string(20, 'e');
    const std::string funs = u32(2) + entry + first_uniq + entry + "abcd" + rest;
    return module_md5(BeamFile("m.beam", form({atom_chunk({"m"}),
                                               {"Code", ""},
                                               {"ExpT", ""},
                                               {"ImpT", ""},
                                               {"StrT", ""},
                                               {"FunT", funs}})));
  };
  EXPECT_EQ(md5_with("1234", ""), md5_with("5678", ""));
  EXPECT_NE(md5_with("1234", "r"), md5_with("1234", "s"));
}

struct PairCase {
  const char* variant;
  bool same_md5;
  bool same_code;
};

class CodeIdentityPair : public ::testing::TestWithParam<PairCase> {};

TEST_P(CodeIdentityPair, ComparesWithPlain) {
  const BeamFile plain = file_of("plain");
  const BeamFile other = file_of(GetParam().variant);
  const CodeDifference difference = compare_code(plain, other);
  EXPECT_EQ(module_md5(plain) == module_md5(other), GetParam().same_md5);
  EXPECT_EQ(!difference.instructions && !difference.literals, GetParam().same_md5);
  EXPECT_EQ(!difference.any(), GetParam().same_code);
  EXPECT_EQ(!compare_code(other, plain).any(), GetParam().same_code);
}

INSTANTIATE_TEST_SUITE_P(
    All, CodeIdentityPair,
    ::testing::Values(PairCase{"plain", true, true}, PairCase{"debug", true, true},
                      PairCase{"deterministic", true, true}, PairCase{"compressed", true, true},
                      PairCase{"stripped", true, true}, PairCase{"stripped_compressed", true, true},
                      PairCase{"lines_shifted", true, true}, PairCase{"vsn_changed", true, true},
                      PairCase{"note_changed", true, false}, PairCase{"code_changed", false, false},
                      PairCase{"no_funs", false, false}),
    [](const auto& test) { return test.param.variant; });

}  // namespace
}  // namespace relup::beam
