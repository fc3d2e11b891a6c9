// SPDX-License-Identifier: Apache-2.0
#include "term/problem.hpp"

namespace relup {

Problem make_problem(std::string rule, const Source& source, Span span, std::string message,
                     Term reason) {
  Diagnostic diagnostic;
  diagnostic.rule = std::move(rule);
  diagnostic.message = std::move(message);
  diagnostic.file = source->name();
  diagnostic.source = source;
  diagnostic.span = span;
  return {std::move(diagnostic), std::move(reason)};
}

Problem make_file_problem(std::string rule, std::string file, std::string message, Term reason) {
  Diagnostic diagnostic;
  diagnostic.rule = std::move(rule);
  diagnostic.message = std::move(message);
  diagnostic.file = std::move(file);
  return {std::move(diagnostic), std::move(reason)};
}

}  // namespace relup
