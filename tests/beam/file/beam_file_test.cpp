// SPDX-License-Identifier: Apache-2.0
#include "beam/file/beam_file.hpp"

#include <gmock/gmock.h>

#include "base/gzip.hpp"
#include "beam/compiled_modules.hpp"
#include "beam/file/code_identity.hpp"
#include "beam/hand_made_beam.hpp"
#include "support/error_of.hpp"
#include "term/external.hpp"

namespace relup::beam {
namespace {

using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Reads all that can be read.
void read_everything(const std::string& bytes) {
  const BeamFile file("small.beam", bytes);
  file.atoms();
  file.exports();
  file.imports();
  file.functions();
  file.compile_info();
  behaviours(file.attributes());
  compare_code(file, file);
}

// Bytes that may be damaged: an Error is fine, anything else that is thrown is not.
void read_damaged(const std::string& bytes) {
  try {
    read_everything(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_THAT(error.message(), StartsWith("small.beam: "));
  }
}

TEST(BeamFile, KnowsItsModuleAndChunks) {
  for (const char* variant : {"plain", "compressed", "stripped", "stripped_compressed"}) {
    const BeamFile file("small.beam", compiled(variant));
    EXPECT_EQ(file.module(), Atom("small")) << variant;
    EXPECT_NE(file.find("Code"), nullptr) << variant;
    EXPECT_EQ(file.find("Nope"), nullptr) << variant;
  }
}

TEST(BeamFile, TestsCompressedFilesToo) {
  EXPECT_TRUE(is_gzip(compiled("compressed")));
  EXPECT_TRUE(is_gzip(compiled("stripped_compressed")));
  EXPECT_FALSE(is_gzip(compiled("plain")));
}

TEST(BeamFile, ChunkDataIsWhatTheFileHolds) {
  const std::string bytes = form({atom_chunk({"m"}), {"Docs", "abcde"}, {"More", ""}});
  const BeamFile file("m.beam", bytes);
  ASSERT_EQ(file.chunks().size(), 3U);
  const Chunk& docs = *file.find("Docs");
  EXPECT_EQ(file.data(docs), "abcde");
  EXPECT_EQ(bytes.substr(docs.offset, docs.size), "abcde");
  EXPECT_EQ(file.data(*file.find("More")), "");
}

TEST(BeamFile, ReadsAttributes) {
  const BeamFile file("small.beam", compiled("vsn_changed"));
  const Attributes attributes = file.attributes();
  EXPECT_THAT(behaviours(attributes), ElementsAre(Atom("gen_server"), Atom("gen_event")));
  EXPECT_EQ(vsn(attributes), Term::string("2"));
  EXPECT_TRUE(file.compile_info());
}

TEST(BeamFile, AStrippedFileHasNoAttributes) {
  const BeamFile file("small.beam", compiled("stripped"));
  EXPECT_THAT(file.attributes(), IsEmpty());
  EXPECT_FALSE(vsn(file.attributes()));
  EXPECT_FALSE(file.compile_info());
}

TEST(BeamFile, BytesBehindTheFormAreIgnored) {
  EXPECT_NO_THROW(read_everything(compiled("plain") + "more"));
}

TEST(BeamFile, TheLastChunkNeedsNoPadding) {
  std::string bytes = "BEAM" + atom_chunk({"m"}).id + u32(6) + atom_chunk({"m"}).data;
  bytes = "FOR1" + u32(static_cast<std::uint32_t>(bytes.size())) + bytes;
  EXPECT_EQ(BeamFile("m.beam", bytes).module(), Atom("m"));
}

TEST(BeamFile, EveryPrefixIsAnError) {
  for (const char* variant : {"plain", "compressed"}) {
    const std::string& whole = compiled(variant);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THROW(BeamFile("small.beam", whole.substr(0, size)), Error) << variant << " " << size;
    }
  }
}

// The form's own size agrees with what is left, so that the cut is found in a chunk or not at all.
TEST(BeamFile, EveryPrefixWithAMatchingSizeIsReadOrAnError) {
  const std::string& whole = compiled("plain");
  for (std::size_t size = 12; size < whole.size(); ++size) {
    read_damaged("FOR1" + u32(static_cast<std::uint32_t>(size - 8)) + whole.substr(8, size - 8));
  }
}

TEST(BeamFile, EveryFlippedByteIsReadOrAnError) {
  for (const char* variant : {"plain", "compressed"}) {
    for (const unsigned flipped : {0x01U, 0x80U, 0xFFU}) {
      std::string bytes = compiled(variant);
      for (char& byte : bytes) {
        const char before = byte;
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ flipped);
        read_damaged(bytes);
        byte = before;
      }
    }
  }
}

struct DamageCase {
  const char* name;
  std::string bytes;
  const char* message;
};

class BeamFileDamage : public ::testing::TestWithParam<DamageCase> {};

TEST_P(BeamFileDamage, IsAnErrorThatSaysWhere) {
  const std::string message = error_of([] { read_everything(GetParam().bytes); });
  EXPECT_THAT(message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, BeamFileDamage,
    ::testing::Values(
        DamageCase{"empty", "", "byte 0: does not begin with FOR1"},
        DamageCase{"text", "-module(m).", "byte 0: does not begin with FOR1"},
        DamageCase{"other_form", "FOR1" + u32(4) + "AIFF", "the form is not of type BEAM"},
        DamageCase{"cut_off", "FOR1" + u32(99) + "BEAM", "has 99 bytes, but only 4 are left"},
        DamageCase{"chunk_too_long", "FOR1" + u32(14) + "BEAMCode" + u32(9) + "ab",
                   "chunk Code, byte 20: has 9 bytes, but only 2 are left"},
        DamageCase{"unprintable_chunk", "FOR1" + u32(12) + "BEAM\x01\x1b[m" + u32(9),
                   "chunk ??[m, byte 20"},
        DamageCase{"no_atoms", form({{"Code", ""}}), "has neither an AtU8 nor an Atom chunk"},
        DamageCase{"attributes_not_a_term", form({atom_chunk({"m"}), {"Attr", "x"}}),
                   "chunk Attr at byte 36"},
        DamageCase{"attributes_not_a_list",
                   form({atom_chunk({"m"}), {"Attr", encode_external(Term::atom("x"))}}),
                   "chunk Attr, byte 36: is not a list of {Name, Values} tuples"},
        DamageCase{
            "attribute_not_a_pair",
            form({atom_chunk({"m"}), {"Attr", encode_external(Term::list({Term::atom("x")}))}}),
            "is not a list of {Name, Values} tuples"}),
    [](const auto& test) { return test.param.name; });

TEST(BeamFile, CompressedFilesUnpackToABoundedSize) {
  const std::string message =
      error_of([] { BeamFile("small.beam", compiled("compressed"), {.unpacked_bytes = 100}); });
  EXPECT_EQ(message, "small.beam: unpacks to more than 100 bytes");
}

}  // namespace
}  // namespace relup::beam
