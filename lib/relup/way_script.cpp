// SPDX-License-Identifier: Apache-2.0
#include "relup/way_script.hpp"

namespace relup {

WayScript make_script(const Way& way, AppupSource& appups, const WayScriptOptions& options) {
  WayScript made;
  CollectedScripts collected = collect_scripts(way, options.added_restart, appups, made.collecting);
  made.sources = std::move(collected.scripts);
  made.warnings = std::move(collected.warnings);
  if (made.collecting.empty())
    made.script = translate_scripts(way, made.sources, made.translating, options.tie_break);
  return made;
}

}  // namespace relup
