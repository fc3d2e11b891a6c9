// SPDX-License-Identifier: Apache-2.0
//
// nlohmann's library prints, and takes two seconds to compile: this is the one source that includes
// it. A document is taken apart while it becomes one of the library's, so that a large one is not
// held twice.

#include "base/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace relup {
namespace {

using Printed = nlohmann::ordered_json;

Printed printed(Json document);

struct Converter {
  Printed operator()(std::monostate /*null*/) const { return nullptr; }
  Printed operator()(bool value) const { return value; }
  Printed operator()(std::int64_t value) const { return value; }
  Printed operator()(std::string&& text) const { return std::move(text); }
  Printed operator()(Json::Array&& items) const {
    Printed list = Printed::array();
    for (Json& item : items)
      list.push_back(printed(std::move(item)));
    return list;
  }
  Printed operator()(Json::Object&& members) const {
    Printed object = Printed::object();
    for (Json::Member& member : members)
      object.emplace(std::move(member.key), printed(std::move(member.value)));
    return object;
  }
};

Printed printed(Json document) {
  return std::visit(Converter(), std::move(document).value());
}

}  // namespace

Json::Json(std::nullptr_t /*null*/) {}

// Here, where Member is complete.
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

const Json::Value& Json::value() const& {
  return value_;
}

Json::Value Json::value() && {
  return std::move(value_);
}
Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(std::string_view text) : value_(std::string(text)) {}
Json::Json(const char* text) : value_(std::string(text)) {}

Json::Json(std::initializer_list<Member> members) {
  Object object;
  object.reserve(members.size());
  for (const Member& member : members)
    object.push_back({member.key, std::move(member.value)});
  value_ = std::move(object);
}

void Json::push_back(Json item) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = Array();
  std::get<Array>(value_).push_back(std::move(item));
}

Json& Json::operator[](std::string_view key) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = Object();
  auto& members = std::get<Object>(value_);
  const auto found = std::find_if(members.begin(), members.end(),
                                  [key](const Member& member) { return member.key == key; });
  if (found != members.end()) return found->value;
  members.push_back({std::string(key), Json()});
  return members.back().value;
}

std::string dump(Json document, int indentation) {
  return printed(std::move(document))
      .dump(indentation, ' ', false, Printed::error_handler_t::replace);
}

}  // namespace relup
