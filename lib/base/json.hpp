// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JSON document that is built to be printed: null, boolean, integer, string, array, or object,
// whose members stay in the order in which they were added. Any string may go in; what is not UTF-8
// is mended when it is printed. It reads as the document looks:
//
//   Json document{{"name", "shop"}, {"from", {{"version", "1.0"}}}, {"notes", notes}};
//   document["files"].push_back({{"path", path}, {"changed", true}});
//   print(dump(document));
//
// Braces around members make an object, and nothing else: a list is a std::vector or `array`.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace relup {

class Json {
 public:
  struct Member;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;
  using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Array, Object>;

  // NOLINTBEGIN(google-explicit-constructor): a value stands for itself in a document.
  Json(std::nullptr_t = nullptr);
  Json(std::string text);
  Json(std::string_view text);
  Json(const char* text);
  Json(std::initializer_list<Member> members);
  template <typename Item>
  Json(const std::vector<Item>& items);
  // A template, so that no pointer takes itself for a boolean.
  template <std::integral Number>
  Json(Number number);
  // NOLINTEND(google-explicit-constructor)

  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  template <typename... Items>
  static Json array(Items&&... items);

  // For an array, or for null, which becomes one.
  void push_back(Json item);

  // The member of an object, or of null, which becomes one. It is added when it is not there.
  Json& operator[](std::string_view key);

  const Value& value() const&;
  Value value() &&;

 private:
  Value value_;
};

// The elements of an initializer list are constant. `mutable` lets them move into the document all
// the same; else each level of it would copy what lies below.
struct Json::Member {
  std::string key;
  mutable Json value;
};

template <typename Item>
Json::Json(const std::vector<Item>& items) : value_(Array(items.begin(), items.end())) {}

template <std::integral Number>
Json::Json(Number number) {
  if constexpr (std::same_as<Number, bool>) {
    value_ = number;
  } else {
    value_ = static_cast<std::int64_t>(number);
  }
}

template <typename... Items>
Json Json::array(Items&&... items) {
  Json list;
  list.value_ = Array();
  (list.push_back(std::forward<Items>(items)), ...);
  return list;
}

// The document as text that is valid UTF-8 whatever the strings in it hold. Without indentation
// (-1) it is one line.
std::string dump(Json document, int indentation = 2);

}  // namespace relup
