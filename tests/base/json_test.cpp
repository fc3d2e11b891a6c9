// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace relup {
namespace {

TEST(Json, ReadsAsTheDocumentLooks) {
  const std::vector<std::string> notes{"a", "b"};
  Json document{{"name", "shop"}, {"from", {{"version", "1.0"}, {"erts", Json()}}}};
  document["notes"] = notes;
  document["files"].push_back({{"path", "x"}, {"changed", true}});
  EXPECT_EQ(dump(document), R"({
  "name": "shop",
  "from": {
    "version": "1.0",
    "erts": null
  },
  "notes": [
    "a",
    "b"
  ],
  "files": [
    {
      "path": "x",
      "changed": true
    }
  ]
})");
}

TEST(Json, HasTheValuesThatDocumentsNeed) {
  const std::string owned = "owned";
  EXPECT_EQ(
      dump(Json{{"nothing", nullptr},
                {"default", {}},
                {"yes", true},
                {"no", false},
                {"least", std::numeric_limits<std::int64_t>::min()},
                {"count", std::size_t{7}},
                {"owned", owned},
                {"view", std::string_view(owned).substr(2)},
                {"none", Json::array()},
                {"mixed", Json::array(1, "two", Json::array(3))},
                {"empty", std::vector<std::string>()}},
           -1),
      R"({"nothing":null,"default":null,"yes":true,"no":false,"least":-9223372036854775808,)"
      R"("count":7,"owned":"owned","view":"ned","none":[],"mixed":[1,"two",[3]],"empty":[]})");
}

TEST(Json, KeepsTheOrderOfMembersAndEachOnce) {
  Json document{{"z", 1}, {"a", 2}};
  document["m"] = 3;
  document["z"] = "again";
  EXPECT_EQ(dump(document, -1), R"({"z":"again","a":2,"m":3})");
}

TEST(Json, ACopyIsAValueOfItsOwn) {
  Json document{{"list", Json::array(1)}};
  const Json before = document;
  document["list"].push_back(2);
  EXPECT_EQ(dump(before, -1), R"({"list":[1]})");
  EXPECT_EQ(dump(document, -1), R"({"list":[1,2]})");
  EXPECT_EQ(dump(document, -1), R"({"list":[1,2]})");
}

TEST(Json, PrintsWhatIsNoTextAsText) {
  EXPECT_EQ(dump(Json("a\"\\\n\x01\x7F/\xC3\xA4")), "\"a\\\"\\\\\\n\\u0001\x7F/\xC3\xA4\"");
  EXPECT_EQ(dump(Json("\xFFx\xC3")), "\"\xEF\xBF\xBDx\xEF\xBF\xBD\"");
  Json with_odd_key;
  with_odd_key["\x80"] = std::string("nul\0", 4);
  EXPECT_EQ(dump(with_odd_key, -1), "{\"\xEF\xBF\xBD\":\"nul\\u0000\"}");
}

// Every byte before some of each kind, against what the library says by itself.
TEST(Json, PrintsAnyBytesAsTheLibraryDoes) {
  const std::string seconds("\0a\"\\\x80\xBF\xC3\xFF", 8);
  for (int first = 0; first < 256; ++first) {
    for (const char second : seconds) {
      const std::string text{static_cast<char>(first), second};
      const nlohmann::ordered_json theirs(text);
      ASSERT_EQ(dump(Json(text)),
                theirs.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
  }
}

}  // namespace
}  // namespace relup
