// SPDX-License-Identifier: Apache-2.0
#pragma once

// An install as the agent is asked for it, how it goes, and what came of it. The script is taken
// through by relup's own engine (node/agent/relup_agent_engine.erl) or by OTP's; both leave the
// release handler with the same releases.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "policy/quiesce.hpp"
#include "term/term.hpp"

namespace relup::live {

struct InstallOrder {
  std::string version;
  // The instructions of the relup, for relup's engine; none: OTP's engine, which reads them itself.
  std::optional<Term> script;
  // Modules whose processes in old code may be killed where the script purges brutally.
  std::vector<Atom> killable;
  policy::Quiesce quiesce = {};  // with either engine
};

// How the agent is told of it: {How, Quiesce}, where How is {engine, Script, Killable}, or otp.
Term term_of_how(const InstallOrder& order);

// What relup's engine tells when it is done.
struct InstallReport {
  struct Changed {
    Atom module;
    std::size_t processes = 0;
  };
  struct Missed {
    Atom module;
    std::vector<std::string> processes;  // names, or identifiers
  };

  std::chrono::microseconds pause{0};  // from the first suspend to the last resume
  std::vector<Changed> changed;        // modules whose processes went through code_change
  std::size_t ended = 0;               // processes that ended meanwhile
  std::size_t born = 0;                // and that began in old code
  std::vector<Missed> missed;          // who still has the state of the old code
};

// Of the answer `{installed, From, Report}`; none where OTP's engine was at work.
std::optional<InstallReport> read_install_report(const Term& answer);

// How far an install came that failed.
enum class InstallFailure {
  refused,     // by the release handler, before relup's engine or the script began
  not_begun,   // by relup's engine, with nothing changed
  restarting,  // after the point of no return: the node restarts
};

// An install that has failed, in words.
class InstallError : public Error {
 public:
  InstallError(InstallFailure failure, const std::string& message)
      : Error(ErrorCode::bad_input, message), failure_(failure) {}
  InstallFailure failure() const { return failure_; }

 private:
  InstallFailure failure_;
};

// Of the answer `{error, reason}`; none where it is one of the release handler itself.
std::optional<InstallError> read_install_error(const Term& reason);

}  // namespace relup::live
