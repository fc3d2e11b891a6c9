// SPDX-License-Identifier: Apache-2.0
//
// nlohmann's library prints and reads, and takes two seconds to compile: this is the one source
// that includes it. A document is taken apart while it becomes one of the library's, so that a
// large one is not held twice.

#include "base/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/read_json.hpp"

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

constexpr int most_nested = 32;

// The other way.
Json document_of(const Printed& read) {
  if (read.is_boolean()) return read.get<bool>();
  if (read.is_string()) return read.get<std::string>();
  if (read.is_number_integer()) return read.get<std::int64_t>();
  if (read.is_array()) {
    Json list = Json::array();
    for (const Printed& item : read)
      list.push_back(document_of(item));
    return list;
  }
  if (!read.is_object()) return {};
  Json object(std::initializer_list<Json::Member>{});
  for (const auto& [key, value] : read.items())
    object[key] = document_of(value);
  return object;
}

template <typename Value>
Value value_in(const Json& json, std::string_view key) {
  const Json* member = member_of(json, key);
  const Value* value = member == nullptr ? nullptr : std::get_if<Value>(&member->value());
  return value == nullptr ? Value() : *value;
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

std::optional<Json> read_json(std::string_view text) {
  bool is_too_deep = false;
  const auto watch = [&](int depth, Printed::parse_event_t /*event*/, Printed& /*value*/) {
    if (depth > most_nested) is_too_deep = true;
    return depth <= most_nested;
  };
  const Printed read = Printed::parse(text, watch, /*allow_exceptions=*/false);
  if (read.is_discarded() || is_too_deep) return std::nullopt;
  return document_of(read);
}

const Json* member_of(const Json& json, std::string_view key) {
  const auto* object = std::get_if<Json::Object>(&json.value());
  if (object == nullptr) return nullptr;
  for (const Json::Member& member : *object) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string text_in(const Json& json, std::string_view key) {
  return value_in<std::string>(json, key);
}

std::int64_t number_in(const Json& json, std::string_view key) {
  return value_in<std::int64_t>(json, key);
}

bool flag_in(const Json& json, std::string_view key) {
  return value_in<bool>(json, key);
}

std::vector<std::string> texts_in(const Json& json, std::string_view key) {
  std::vector<std::string> texts;
  for (const Json& item : value_in<Json::Array>(json, key)) {
    if (const auto* text = std::get_if<std::string>(&item.value())) texts.push_back(*text);
  }
  return texts;
}

}  // namespace relup
