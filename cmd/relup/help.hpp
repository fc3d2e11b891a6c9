// SPDX-License-Identifier: Apache-2.0
#pragma once

// The help texts as we want them: no line over 80 columns, and in the usage line every argument
// that a call must have. An option is described by its name, the `option_text` of its value, and
// its description.

#include <CLI/CLI.hpp>

namespace relup::cmd {

class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_footer(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* verb) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace relup::cmd
