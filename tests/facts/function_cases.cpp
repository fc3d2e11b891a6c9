// SPDX-License-Identifier: Apache-2.0
#include "function_cases.hpp"

#include "support/compiled_modules.hpp"

namespace relup::facts {

std::map<std::string, std::string> compile_cases(const std::vector<FunctionCase>& cases,
                                                 const std::string& attributes) {
  support::ModuleSources sources;
  for (const FunctionCase& test : cases) {
    sources[std::string(test.name) + "/m"] =
        "-module(m).\n-compile([export_all, nowarn_export_all]).\n" + attributes + test.functions +
        "\n";
  }
  std::map<std::string, std::string> beams;
  for (auto& [key, bytes] : support::compile_modules(sources))
    beams[key.substr(0, key.find('/'))] = std::move(bytes);
  return beams;
}

}  // namespace relup::facts
