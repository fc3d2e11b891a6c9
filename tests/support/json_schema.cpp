// SPDX-License-Identifier: Apache-2.0
#include "support/json_schema.hpp"

#include <memory>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/file_system.hpp"

namespace relup::support {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;
using nlohmann::json;

std::string described(const valijson::ValidationResults::Error& error) {
  std::string text;
  for (const std::string& step : error.context)
    text += step;
  return text + ": " + error.description;
}

}  // namespace

json read_schema(const std::string& name) {
  return json::parse(real_file_system().read(join_path(RELUP_SCHEMAS, name)));
}

std::vector<std::string> schema_faults(const std::string& name, const json& document) {
  // References between schemas are file names; a path before them does not count.
  const auto fetch = [](const std::string& reference) {
    return std::make_unique<json>(read_schema(base_name(reference))).release();
  };
  const auto release = [](const json* fetched) { delete fetched; };
  const json text = read_schema(name);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(Adapter(text), schema, fetch, release);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  std::vector<std::string> faults;
  if (validator.validate(schema, Adapter(document), &results)) return faults;
  for (valijson::ValidationResults::Error error; results.popError(error);)
    faults.push_back(described(error));
  return faults;
}

}  // namespace relup::support
