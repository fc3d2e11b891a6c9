// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where output goes and how it looks. Results go to one stream and everything else to another, so
// that a script can read the results alone; colour is used only on a terminal, unless the options
// say otherwise.

#include <ostream>
#include <string>

#include "base/diagnostic.hpp"
#include "base/diagnostic_text.hpp"

namespace relup::cmd {

enum class Format { text, json, sarif, github };
enum class ColourMode { automatic, always, never };
enum class ProgressMode { automatic, plain, json, none };

struct GlobalOptions {
  Format format = Format::text;
  ColourMode colour = ColourMode::automatic;
  ProgressMode progress = ProgressMode::automatic;
  bool quiet = false;
  bool verbose = false;
  std::string config;  // a relup.yaml; empty: that of the working directory, if there is one
};

class Console {
 public:
  Console(std::ostream& results, std::ostream& messages) : results_(results), messages_(messages) {}

  // Finds out what the streams are. Before that, nothing is coloured.
  void configure(const GlobalOptions& options);

  const GlobalOptions& options() const { return options_; }
  bool wants_json() const { return options_.format == Format::json; }
  std::ostream& results() { return results_; }
  std::ostream& messages() { return messages_; }
  const TextStyle& result_style() const { return result_style_; }
  const TextStyle& message_style() const { return message_style_; }
  bool results_are_watched() const { return results_are_watched_; }
  bool messages_are_watched() const { return messages_are_watched_; }

  // A line for people who asked for more (-v).
  void detail(const std::string& line);
  // A line for people who did not ask for less (-q).
  void say(const std::string& line);
  void show(const Diagnostics& diagnostics);
  void show(const Error& error);

 private:
  std::ostream& results_;
  std::ostream& messages_;
  GlobalOptions options_;
  TextStyle result_style_;
  TextStyle message_style_;
  bool results_are_watched_ = false;
  bool messages_are_watched_ = false;
};

}  // namespace relup::cmd
