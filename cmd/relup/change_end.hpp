// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the verbs that change a host end. With --format json every end, a failure too, is one
// document on the results; without, a sentence there or an error on the messages. The exit status
// is that of the change, also where nobody reads the results.

#include <functional>
#include <string>

#include "host_options.hpp"

namespace relup::cmd {

// Makes an installer for `command` ("upgrade 1.1.0") and lets it work. `work` answers the sentence
// for people; what it throws is told here.
ExitStatus run_change(const HostOptions& options, Console& console, const std::string& command,
                      const std::function<std::string(change::Installer&)>& work);

// The document of a call that was wrong before anything was done, when its words ask for one and
// for one of these verbs; empty otherwise.
std::string wrong_call_document(const std::vector<std::string>& words, const Error& error);

}  // namespace relup::cmd
