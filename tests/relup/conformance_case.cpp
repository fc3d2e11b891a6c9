// SPDX-License-Identifier: Apache-2.0
#include "relup/conformance_case.hpp"

namespace relup {
namespace {

std::optional<std::string> name_of(const Term& term) {
  return term.as_atom() != nullptr ? term.as_atom()->name() : term.text();
}

std::optional<BaseRelease> base_of(const Term& term) {
  const Term::Elements* pair = term.as_tuple();
  if (pair != nullptr && pair->size() != 2) return std::nullopt;
  std::optional<std::string> name = name_of(pair == nullptr ? term : pair->front());
  if (!name) return std::nullopt;
  return BaseRelease{std::move(*name), pair == nullptr ? Term() : pair->back()};
}

// `read` of every element of a list; none when it has none for one of them.
template <typename Reader>
auto each_of(const Term& list, Reader read)
    -> std::optional<std::vector<typename decltype(read(list))::value_type>> {
  if (!list.is_proper_list()) return std::nullopt;
  std::vector<typename decltype(read(list))::value_type> values;
  for (const Term& element : *list.as_list()) {
    auto value = read(element);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

bool has_option(const Term& options, std::string_view name) {
  if (!options.is_proper_list()) return false;
  for (const Term& option : *options.as_list()) {
    if (option.is_atom(name)) return true;
  }
  return false;
}

}  // namespace

Term value_of(const Term& map, std::string_view key) {
  if (map.as_map() == nullptr) return Term();
  for (const auto& [name, value] : *map.as_map()) {
    if (name.is_atom(key)) return value;
  }
  return Term();
}

std::optional<CompileRequest> request_of(const Term& arguments) {
  auto top = name_of(value_of(arguments, "top"));
  auto up_from = each_of(value_of(arguments, "up"), base_of);
  auto down_to = each_of(value_of(arguments, "down"), base_of);
  auto path = each_of(value_of(arguments, "path"), name_of);
  if (!top || !up_from || !down_to || !path) return std::nullopt;
  const Term options = value_of(arguments, "opts");
  CompileRequest request;
  request.otp.major = 25;
  request.top = std::move(*top);
  request.up_from = std::move(*up_from);
  request.down_to = std::move(*down_to);
  request.path = std::move(*path);
  request.restart_emulator = has_option(options, "restart_emulator");
  request.warnings_as_errors = has_option(options, "warnings_as_errors");
  return request;
}

}  // namespace relup
