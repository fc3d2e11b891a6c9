// SPDX-License-Identifier: Apache-2.0
//
// Debug information that no compiler writes.
#include "beam/source/source_code.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "beam/hand_made_beam.hpp"
#include "term/external.hpp"
#include "term/term_file.hpp"

namespace relup::beam {
namespace {

BeamFile with_debug_information(const std::string& bytes) {
  return {"m.beam", form({atom_chunk({"m"}), {"Dbgi", bytes}})};
}

// As Elixir keeps them: init/1 with one clause of that body.
SourceCode elixir_init(const std::string& body) {
  const Term term = parse_single_term("x",
                                      "{debug_info_v1, elixir_erl, {elixir_v1, #{definitions => "
                                      "[{{init, 1}, def, [], [{[], [], [], " +
                                          body + "}]}]}, []}}.");
  return read_source_code(with_debug_information(encode_external(term))).value();
}

const Expression& body_of(const SourceCode& code) {
  return code.find("init", 1)->clauses.at(0).body;
}

TEST(SourceCode, IsNotReadWhereItUnpacksToTooMuch) {
  const std::string bytes(20U << 20U, '\0');
  uLongf size = ::compressBound(bytes.size());
  std::string packed(size, '\0');
  ::compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  packed.resize(size);
  const auto code = read_source_code(
      with_debug_information("\x83P" + u32(static_cast<std::uint32_t>(bytes.size())) + packed));
  ASSERT_TRUE(code);
  EXPECT_EQ(code->extent(), Extent::nothing);
  EXPECT_EQ(code->find("init", 1), nullptr);
}

TEST(SourceCode, AMatchHasTwoSides) {
  EXPECT_EQ(body_of(elixir_init("{'=', [], [a, b]}")).kind, Expression::Kind::match);
  EXPECT_NE(body_of(elixir_init("{'=', [], [a]}")).kind, Expression::Kind::match);
  EXPECT_NE(body_of(elixir_init("{'=', [], []}")).kind, Expression::Kind::match);
}

TEST(SourceCode, KnowsTheVersionOfAVariable) {
  EXPECT_EQ(body_of(elixir_init("{x, [{line, 1}, {version, 7}], nil}")).version, 7);
  EXPECT_EQ(body_of(elixir_init("{x, [{line, 1}], nil}")).version, std::nullopt);
}

// Several functions that each are small enough.
TEST(SourceCode, HasABoundForAllFunctionsTogether) {
  std::string definitions;
  std::string numbers = "0";
  for (int i = 0; i < 50'000; ++i)
    numbers += ",1000";
  for (int i = 0; i < 10; ++i) {
    definitions += (i == 0 ? "" : ", ") + std::string("{{f, ") + std::to_string(i) +
                   "}, def, [], [{[], [], [], [" + numbers + "]}]}";
  }
  const Term term =
      parse_single_term("x", "{debug_info_v1, elixir_erl, {elixir_v1, #{definitions => [" +
                                 definitions + "]}, []}}.");
  const auto code = read_source_code(with_debug_information(encode_external(term))).value();
  std::size_t read = 0;
  for (unsigned i = 0; i < 10; ++i)
    read += code.find("f", i)->clauses.size();
  EXPECT_EQ(read, 4U);
  EXPECT_EQ(code.extent(), Extent::part);
}

}  // namespace
}  // namespace relup::beam
