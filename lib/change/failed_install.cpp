// SPDX-License-Identifier: Apache-2.0
#include "change/failed_install.hpp"

#include "change/coming_up.hpp"
#include "host/kept_files.hpp"

namespace relup::change {

void FailedInstall::explain(const std::string& from, const std::string& version,
                            const Error& cause) {
  const bool is_old = comes_up(session_, tools_, from) && proof_.holds_for(from);
  host::restore_files(tools_.files, host_);
  const NodeRestart restart = session_.node_restart();
  if (is_old) {
    preparation_.undo(version);
    FailedChange told = went_back(from, version, restart);
    told.because_of(cause);
    throw told;
  }
  if (session_.life() == node::NodeLife::State::dead) {
    throw node_died(tools_.files, host_, session_.node_name(), "in the install of " + version,
                    StartedAgain::no);
  }
  FailedChange told = went_astray(tools_.files, host_, version, restart);
  told.because_of(cause);
  throw told;
}

void FailedInstall::explain_not_begun(const std::string& from, const std::string& version,
                                      const Error& cause) {
  if (!proof_.holds_for(from)) explain(from, version, cause);
  preparation_.undo(version);
  FailedChange told = was_not_begun(from, version, session_.node_restart());
  told.because_of(cause);
  throw told;
}

}  // namespace relup::change
