// SPDX-License-Identifier: Apache-2.0
#include "term/external.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/error.hpp"
#include "term/big_integer.hpp"

namespace relup {
namespace {

using testing::HasSubstr;

// "83 6a" as the two bytes that it names.
std::string bytes(std::string_view hexadecimal) {
  std::string result;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    while (hexadecimal[i] == ' ')
      ++i;
    result += static_cast<char>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
  }
  return result;
}

Term integer(std::int64_t value) {
  return Term(value);
}

std::string message_of(const std::string& external, const ExternalLimits& limits = {}) {
  try {
    decode_external(external, limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.message();
  }
  ADD_FAILURE() << "decodes";
  return "";
}

const std::string abc_node = "64 00 03 61 40 62";  // 'a@b'

// `fun(Y) -> X + Y end` with X = 5, of a module t.
const std::string otp_fun =
    "83 70 00 00 00 47 01 ad 01 3f 0f df 01 2f ba c5 9f ea 24 00 11 28 ba 00 00 00 00 00 00 00 01"
    "64 00 01 74 61 00 62 05 68 09 f8 58 64 00 0d 6e 6f 6e 6f 64 65 40 6e 6f 68 6f 73 74 00 00 00 "
    "09"
    "00 00 00 00 00 00 00 00 61 05";

std::string compressed(const std::string& plain, std::uint32_t claimed) {
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(plain.data()), plain.size());
  packed.resize(size);
  std::string head = bytes("83 50");
  for (int shift = 24; shift >= 0; shift -= 8)
    head += static_cast<char>((claimed >> static_cast<unsigned>(shift)) & 0xFFU);
  return head + packed;
}

struct Known {
  const char* what;
  std::string external;
  Term term;
};

// What `term_to_binary/1,2` of OTP 25 writes.
std::vector<Known> known_terms() {
  return {
      {.what = "small integer", .external = "83 61 07", .term = integer(7)},
      {.what = "negative", .external = "83 62 ff ff ff fb", .term = integer(-5)},
      {.what = "32 bits", .external = "83 62 7f ff ff ff", .term = integer(2147483647)},
      {.what = "33 bits", .external = "83 6e 04 00 00 00 00 80", .term = integer(2147483648)},
      {.what = "64 bits",
       .external = "83 6e 08 01 00 00 00 00 00 00 00 80",
       .term = integer(std::numeric_limits<std::int64_t>::min())},
      {.what = "65 bits",
       .external = "83 6e 09 00 00 00 00 00 00 00 00 00 01",
       .term = Term(BigInteger::from_digits("18446744073709551616", 10))},
      {.what = "float", .external = "83 46 3f f8 00 00 00 00 00 00", .term = Term(1.5)},
      {.what = "atom", .external = "83 77 03 61 62 63", .term = Term::atom("abc")},
      {.what = "nil", .external = "83 6a", .term = Term()},
      {.what = "string", .external = "83 6b 00 03 61 62 63", .term = Term::string("abc")},
      {.what = "wide string",
       .external = "83 6c 00 00 00 01 62 00 00 04 00 6a",
       .term = Term::string("\u0400")},
      {.what = "list",
       .external = "83 6c 00 00 00 02 62 00 00 01 2c 61 01 6a",
       .term = Term::list({integer(300), integer(1)})},
      {.what = "improper list",
       .external = "83 6c 00 00 00 01 61 01 61 02",
       .term = Term::list({integer(1)}, integer(2))},
      {.what = "binary", .external = "83 6d 00 00 00 02 01 02", .term = Term::binary("\x01\x02")},
      {.what = "bit string",
       .external = "83 4d 00 00 00 02 03 01 40",
       .term = Term::binary("\x01\x40", 3)},
      {.what = "empty binary", .external = "83 6d 00 00 00 00", .term = Term::binary("")},
      {.what = "map",
       .external = "83 74 00 00 00 02 77 01 61 61 01 77 01 62 6b 00 01 78",
       .term = Term::map({{Term::atom("b"), Term::string("x")}, {Term::atom("a"), integer(1)}})},
      {.what = "tuples",
       .external = "83 68 02 77 05 72 65 6c 75 70 6c 00 00 00 01 68 03 6b 00 01 32 6a 6a 6a",
       .term = tagged("relup", Term::list({Term::tuple({Term::string("2"), Term(), Term()})}))},
  };
}

TEST(External, KnownTermsBothWays) {
  for (const Known& known : known_terms()) {
    SCOPED_TRACE(known.what);
    EXPECT_EQ(decode_external(bytes(known.external)), known.term);
    EXPECT_EQ(encode_external(known.term), bytes(known.external));
  }
}

// Layouts that are read but not written.
TEST(External, OldLayouts) {
  const std::vector<Known> cases = {
      {.what = "Latin-1 atom", .external = "83 64 00 01 e9", .term = Term::atom("\u00e9")},
      {.what = "small Latin-1 atom", .external = "83 73 01 e9", .term = Term::atom("\u00e9")},
      {.what = "long UTF-8 atom", .external = "83 76 00 02 c3 a9", .term = Term::atom("\u00e9")},
      {.what = "float as text",
       .external = "83 63 31 2e 35 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 65 2b"
                   "30 30 00 00 00 00 00",
       .term = Term(1.5)},
      {.what = "large tuple", .external = "83 69 00 00 00 01 6a", .term = Term::tuple({Term()})},
      {.what = "large big", .external = "83 6f 00 00 00 01 01 05", .term = integer(-5)},
      {.what = "list in a tail",
       .external = "83 6c 00 00 00 01 61 01 6c 00 00 00 01 61 02 6a",
       .term = Term::list({integer(1), integer(2)})},
      {.what = "string in a tail",
       .external = "83 6c 00 00 00 01 61 01 6b 00 01 02",
       .term = Term::list({integer(1), integer(2)})},
      {.what = "compressed by OTP",
       .external = "83 50 00 00 00 67 78 9c cb 66 48 49 a4 03 00 00 cc cb 26 b4",
       .term = Term::string(std::string(100, 'a'))},
  };
  for (const Known& known : cases) {
    SCOPED_TRACE(known.what);
    EXPECT_EQ(decode_external(bytes(known.external)), known.term);
  }
}

struct OpaqueCase {
  const char* what;
  std::string external;
  Term::OpaqueKind kind;
};

std::vector<OpaqueCase> opaque_cases() {
  using Kind = Term::OpaqueKind;
  return {
      {"old pid", "83 67" + abc_node + "00 00 00 09 00 00 00 00 01", Kind::pid},
      {"pid", "83 58" + abc_node + "00 00 00 09 00 00 00 00 00 00 00 01", Kind::pid},
      {"old port", "83 66" + abc_node + "00 00 00 05 01", Kind::port},
      {"port", "83 59" + abc_node + "00 00 00 05 00 00 00 01", Kind::port},
      {"wide port", "83 78" + abc_node + "00 00 00 00 00 00 00 05 00 00 00 01", Kind::port},
      {"oldest reference", "83 65" + abc_node + "00 00 00 05 01", Kind::reference},
      {"old reference", "83 72 00 01" + abc_node + "01 00 00 00 05", Kind::reference},
      {"reference", "83 5a 00 02" + abc_node + "00 00 00 01 00 00 00 05 00 00 00 06",
       Kind::reference},
      {"external fun", "83 71 77 05 6c 69 73 74 73 77 03 6d 61 70 61 02", Kind::fun},
      {"fun", otp_fun, Kind::fun},
      {"old fun",
       "83 75 00 00 00 01 67" + abc_node +
           "00 00 00 09 00 00 00 00 01 64 00 01 74 61 00 61 07 61 05",
       Kind::fun},
  };
}

TEST(External, OpaqueTermsComeBackAsTheyWere) {
  for (const OpaqueCase& one : opaque_cases()) {
    SCOPED_TRACE(one.what);
    const std::string external = bytes(one.external);
    const Term term = decode_external(external);
    ASSERT_NE(term.as_opaque(), nullptr);
    EXPECT_EQ(term.as_opaque()->first, one.kind);
    EXPECT_EQ(term.as_opaque()->second, external.substr(1));
    EXPECT_EQ(encode_external(term), external);
  }
}

// `fun lists:map/2` is one value, however the atoms in it were encoded.
TEST(External, AnExternalFunHasOneForm) {
  const Term old_atoms =
      decode_external(bytes("83 71 64 00 05 6c 69 73 74 73 64 00 03 6d 61 70 61 02"));
  const Term new_atoms = decode_external(bytes("83 71 77 05 6c 69 73 74 73 77 03 6d 61 70 61 02"));
  EXPECT_EQ(old_atoms, new_atoms);
}

std::vector<std::string> all_inputs() {
  std::vector<std::string> inputs;
  for (const Known& known : known_terms())
    inputs.push_back(bytes(known.external));
  for (const OpaqueCase& one : opaque_cases())
    inputs.push_back(bytes(one.external));
  inputs.push_back(compressed(bytes("6b 00 03 61 62 63"), 6));
  return inputs;
}

TEST(External, EveryTruncationIsAnError) {
  for (const std::string& input : all_inputs()) {
    for (std::size_t length = 0; length < input.size(); ++length) {
      EXPECT_THROW(decode_external(input.substr(0, length)), Error) << length;
    }
  }
}

TEST(External, EveryChangedByteDecodesOrIsAnError) {
  std::size_t refused = 0;
  for (const std::string& input : all_inputs()) {
    for (std::size_t at = 0; at < input.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string changed = input;
        changed[at] = static_cast<char>(value);
        try {
          const Term term = decode_external(changed);
          EXPECT_EQ(decode_external(encode_external(term)), term);
        } catch (const Error&) {
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST(External, TakesOneTermOffTheFront) {
  const std::string two = bytes("83 61 07") + bytes("83 6a");
  std::string_view rest = two;
  EXPECT_EQ(take_external(rest), integer(7));
  EXPECT_EQ(take_external(rest), Term());
  EXPECT_TRUE(rest.empty());
  EXPECT_THAT(message_of(two), HasSubstr("offset 3: 2 bytes follow"));

  const std::string packed = compressed(bytes("61 07"), 2) + bytes("83 6a");
  rest = packed;
  EXPECT_EQ(take_external(rest), integer(7));
  EXPECT_EQ(rest, bytes("83 6a"));
}

TEST(External, LongTermsChooseTheirLayout) {
  EXPECT_EQ(encode_external(Term::string(std::string(65535, 'x')))[1], 107);
  EXPECT_EQ(encode_external(Term::string(std::string(65536, 'x')))[1], 108);
  EXPECT_EQ(encode_external(Term::tuple(Term::Elements(255)))[1], 104);
  EXPECT_EQ(encode_external(Term::tuple(Term::Elements(256)))[1], 105);
  std::string cyrillic;
  for (int i = 0; i < 255; ++i)
    cyrillic += "\u0416";
  for (const Term& term :
       {Term::string(std::string(70000, 'x')), Term::atom(cyrillic),
        Term::tuple(Term::Elements(300)),
        Term(BigInteger::from_digits("1" + std::string(999, '0'), 10)), Term(-0.0)}) {
    EXPECT_EQ(decode_external(encode_external(term)), term);
  }
}

struct Refused {
  const char* what;
  std::string external;
  const char* message;
};

TEST(External, RefusesWithAReason) {
  const std::vector<Refused> cases = {
      {"no version", "61 07", "offset 0: the version number 131"},
      {"unknown tag", "83 00", "offset 1: no term begins with the tag 0"},
      {"infinite float", "83 46 7f f0 00 00 00 00 00 00", "finite"},
      {"atom of bad UTF-8", "83 77 01 ff", "not valid UTF-8"},
      {"atom of 256 characters", "83 64 01 00" + std::string(512, '6'), "more than 255"},
      {"bits without bytes", "83 4d 00 00 00 00 03", "bit string"},
      {"nine bits", "83 4d 00 00 00 01 09 00", "bit string"},
      {"same key twice", "83 74 00 00 00 02 61 01 6a 61 01 6a", "same key twice"},
      {"wordless reference", "83 5a 00 00" + abc_node + "00 00 00 01", "1 to 5 words"},
      {"pid of no node", "83 58 61 01 00 00 00 09 00 00 00 00 00 00 00 01", "node must be an atom"},
  };
  for (const Refused& one : cases) {
    SCOPED_TRACE(one.what);
    EXPECT_THAT(message_of(bytes(one.external)), HasSubstr(one.message));
  }
}

TEST(External, DepthIsBounded) {
  const auto nested_tuples = [](std::size_t depth) {
    std::string external = bytes("83");
    for (std::size_t i = 0; i < depth; ++i)
      external += bytes("68 01");
    return external + bytes("6a");
  };
  EXPECT_NO_THROW(decode_external(nested_tuples(256)));
  EXPECT_THAT(message_of(nested_tuples(257)), HasSubstr("nest deeper than 256"));
  EXPECT_THAT(message_of(nested_tuples(1000000)), HasSubstr("nest deeper than 256"));
}

TEST(External, ATailOfATailIsNotDeep) {
  std::string external = bytes("83");
  for (int i = 0; i < 100000; ++i)
    external += bytes("6c 00 00 00 01 61 01");
  const Term list = decode_external(external + bytes("6a"));
  EXPECT_EQ(list.as_list()->size(), 100000U);
}

TEST(External, FalseLengthsReserveNothing) {
  for (const char* external :
       {"83 6c ff ff ff ff 61 01", "83 69 ff ff ff ff 61 01", "83 74 ff ff ff ff 61 01",
        "83 6d ff ff ff ff 61 01", "83 6f ff ff ff ff 00 01", "83 4d ff ff ff ff 08 01",
        "83 6b ff ff 61", "83 75 ff ff ff ff 61 01"}) {
    EXPECT_THROW(decode_external(bytes(external)), Error) << external;
  }
}

// Each level announces as many elements as bytes follow; only the first can be true.
TEST(External, NestedFalseLengthsShareOneBudget) {
  std::string external = bytes("83");
  for (int i = 0; i < 200; ++i)
    external += bytes("69 00 00 40 00");
  external += std::string(16384, '\x6a');
  EXPECT_THAT(message_of(external, {.terms = 100000}), HasSubstr("more than 100000 terms"));
}

TEST(External, CompressedBombs) {
  const std::string zeros(8U << 20U, '\0');
  EXPECT_THAT(message_of(compressed(zeros, 8U << 20U), {.unpacked_bytes = 1U << 20U}),
              HasSubstr("more than the limit"));
  EXPECT_THAT(message_of(compressed(zeros, 100)), HasSubstr("does not unpack to 100 bytes"));
  EXPECT_THAT(message_of(compressed(bytes("61 07"), 100)), HasSubstr("does not unpack to 100"));
  EXPECT_THAT(message_of(compressed(bytes("61 07 6a"), 3)), HasSubstr("unpacked offset 2"));
  EXPECT_THAT(message_of(compressed(bytes("83 6a"), 2)), HasSubstr("tag 131"));
  EXPECT_THAT(message_of(bytes("83 50 00 00 00 02 00 01 02")), HasSubstr("damaged"));
}

}  // namespace
}  // namespace relup
