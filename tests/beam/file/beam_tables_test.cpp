// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "beam/compiled_modules.hpp"
#include "beam/file/beam_file.hpp"
#include "beam/hand_made_beam.hpp"
#include "support/error_of.hpp"

namespace relup::beam {
namespace {

using support::error_of;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

auto function(const char* name, unsigned arity) {
  return AllOf(Field(&Function::name, Atom(name)), Field(&Function::arity, arity));
}

TEST(BeamTables, ListExports) {
  EXPECT_THAT(BeamFile("small.beam", compiled("plain")).exports(),
              UnorderedElementsAre(function("init", 1), function("handle_call", 3),
                                   function("handle_cast", 2), function("handle_event", 2),
                                   function("later", 1), function("module_info", 0),
                                   function("module_info", 1)));
}

TEST(BeamTables, ListImports) {
  const std::vector<Import> imports = BeamFile("small.beam", compiled("plain")).imports();
  EXPECT_THAT(imports, Contains(Import{Atom("lists"), Atom("map"), 2}));
  EXPECT_THAT(imports, Contains(Import{Atom("erlang"), Atom("phash2"), 1}));
}

TEST(BeamTables, ListLocalFunctions) {
  EXPECT_THAT(BeamFile("small.beam", compiled("plain")).functions(), Contains(function("step", 1)));
  EXPECT_THAT(BeamFile("small.beam", compiled("stripped")).functions(), IsEmpty());
}

TEST(BeamTables, ListAtomsModuleFirst) {
  const std::vector<Atom> atoms = BeamFile("small.beam", compiled("plain")).atoms();
  ASSERT_FALSE(atoms.empty());
  EXPECT_EQ(atoms.front(), Atom("small"));
  EXPECT_THAT(atoms, Contains(Atom("phash2")));
}

TEST(BeamTables, ReadLatin1Atoms) {
  const BeamFile file("m.beam", form({atom_chunk({"\xe9lan"}, "Atom")}));
  EXPECT_EQ(file.module(), Atom("élan"));
}

// OTP 28: a negative count, and lengths as loader operands.
TEST(BeamTables, ReadLongAtomLengths) {
  const std::string name(300, 'x');
  const std::string data = u32(0U - 2U) + "\x10m" + std::string("\x28\x2c", 2) + name;
  const BeamFile file("m.beam", form({{"AtU8", data}}));
  EXPECT_THAT(file.atoms(), ElementsAre(Atom("m"), Atom(name)));
}

struct DamageCase {
  const char* name;
  std::vector<NamedChunk> chunks;
  const char* message;
};

class BeamTableDamage : public ::testing::TestWithParam<DamageCase> {};

TEST_P(BeamTableDamage, IsAnErrorThatSaysWhere) {
  const std::string message = error_of([] {
    const BeamFile file("m.beam", form(GetParam().chunks));
    file.atoms();
    file.exports();
    file.imports();
    file.functions();
  });
  EXPECT_THAT(message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, BeamTableDamage,
    ::testing::Values(
        DamageCase{"empty_atom_table", {atom_chunk({})}, "holds no atom"},
        DamageCase{"too_many_atoms", {{"AtU8", u32(3) + "\1m"}}, "claims 3 entries"},
        DamageCase{"atom_cut_off", {{"AtU8", u32(1) + "\5m"}}, "chunk AtU8, byte 25: needs 5 more"},
        DamageCase{"atom_not_utf8", {atom_chunk({"m", "\xff"})}, "is not UTF-8"},
        DamageCase{"long_length_with_a_tag", {{"AtU8", u32(0U - 1U) + "\x11m"}}, "is malformed"},
        DamageCase{"long_length_too_long", {{"AtU8", u32(0U - 1U) + "\x18m"}}, "is malformed"},
        DamageCase{"export_of_no_atom",
                   {atom_chunk({"m"}), {"ExpT", table({{2, 0, 1}})}},
                   "chunk ExpT, byte 44: names atom 2 of 1"},
        DamageCase{"local_of_atom_zero",
                   {atom_chunk({"m"}), {"LocT", table({{0, 0, 1}})}},
                   "chunk LocT, byte 44: names atom 0 of 1"},
        DamageCase{"export_of_huge_arity",
                   {atom_chunk({"m"}), {"ExpT", table({{1, 256, 1}})}},
                   "has arity 256"},
        DamageCase{"imports_cut_off",
                   {atom_chunk({"m"}), {"ImpT", u32(0xFFFFFFFF) + u32s({1, 1, 1})}},
                   "chunk ImpT, byte 40: claims 4294967295 entries"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::beam
