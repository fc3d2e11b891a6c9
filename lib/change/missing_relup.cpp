// SPDX-License-Identifier: Apache-2.0
#include "change/missing_relup.hpp"

#include "base/diagnostic_text.hpp"
#include "generate/generate_upgrade.hpp"
#include "term/printer.hpp"

namespace relup::change {

MadeRelup make_relup(const release::ReleaseTree& from, const release::ReleaseTree& to) {
  generate::GenerateRequest request;
  request.old_releases = {&from};
  request.new_release = &to;
  const generate::Generated generated = generate::generate_upgrade(request);
  if (!generated.relup) {
    std::string problems;
    for (const Diagnostic& diagnostic : generated.diagnostics)
      problems += to_text(diagnostic, {});
    throw Error(ErrorCode::bad_input, "release " + to.version() +
                                          " comes without a relup, and none can be made from " +
                                          from.version() + ":\n" + problems)
        .with_hint("mend it where the release is built: `relup generate --from OLD --to NEW`");
  }
  MadeRelup made{term_file(to_term(*generated.relup)), {}};
  for (const Diagnostic& diagnostic : generated.diagnostics) {
    if (diagnostic.severity == Severity::warning) made.warnings.push_back(diagnostic.message);
  }
  return made;
}

}  // namespace relup::change
