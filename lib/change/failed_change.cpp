// SPDX-License-Identifier: Apache-2.0
#include "change/failed_change.hpp"

#include "host/launcher.hpp"

namespace relup::change {
namespace {

// As the files say now.
std::string what_boots(FileSystem& files, const host::Host& host) {
  try {
    const std::string boots = host::read_boot(files, host).version;
    return "a start of it boots release " + host::launched_version(files, host).value_or(boots);
  } catch (const Error& error) {
    return "which release a start of it boots is not certain (" + error.message() + ")";
  }
}

}  // namespace

std::string restart_in_words(NodeRestart restart) {
  switch (restart) {
    case NodeRestart::yes:
      return " and the node was restarted: all connections and state were lost";
    case NodeRestart::no:
      return " and the node was not restarted";
    case NodeRestart::unknown:
      break;
  }
  return "";
}

FailedChange was_not_begun(const std::string& from, const std::string& to, NodeRestart restart) {
  return {ErrorCode::rolled_back,
          "the change to " + to + " was not begun" + restart_in_words(restart) + "; " + from +
              " is verified to be running",
          restart};
}

FailedChange went_back(const std::string& from, const std::string& to, NodeRestart restart) {
  return {ErrorCode::rolled_back,
          "the change to " + to + " failed" + restart_in_words(restart) + "; the old release " +
              from + " is verified to be running",
          restart};
}

FailedChange went_astray(FileSystem& files, const host::Host& host, const std::string& to,
                         NodeRestart restart) {
  FailedChange error(ErrorCode::uncertain,
                     "the change to " + to + " failed" + restart_in_words(restart) +
                         "; what the node runs is not certain",
                     restart);
  error.with_hint("look with `relup status`; " + what_boots(files, host));
  return error;
}

FailedChange node_died(FileSystem& files, const host::Host& host, const std::string& node,
                       const std::string& under_way, StartedAgain again) {
  const bool is_back = again == StartedAgain::yes;
  FailedChange error(ErrorCode::uncertain,
                     "the node " + node + " has died " + under_way +
                         (is_back ? ", and something has started it again"
                                  : ", and nothing has started it again") +
                         ": all its connections and state are lost",
                     is_back ? NodeRestart::yes : NodeRestart::no);
  error.with_hint(
      what_boots(files, host) + "; " +
      (is_back ? "look with `relup status`" : "start it, then look with `relup status`"));
  return error;
}

FailedChange node_died_before(FileSystem& files, const host::Host& host, const std::string& node,
                              const std::string& version, Left left) {
  FailedChange error(
      ErrorCode::unavailable,
      "the node " + node + " has died before the install of " + version + "; " +
          (left == Left::nothing
               ? "nothing on this host was changed"
               : "the release that runs was not changed, files of " + version + " stay"),
      NodeRestart::no);
  error.with_hint(what_boots(files, host) + "; start it, then try again");
  return error;
}

}  // namespace relup::change
