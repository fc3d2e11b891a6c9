// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup asks its agent on the node (node/agent/relup_agent.erl), as typed calls. An answer
// `{error, Reason}` is an Error (bad_input) that says what it is about; a broken line is a
// NodeError, as the channel throws it.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/host.hpp"
#include "host/node_place.hpp"
#include "live/forecast.hpp"
#include "live/install.hpp"
#include "live/quiesce.hpp"
#include "live/supervisors.hpp"
#include "node/agent.hpp"

namespace relup::live {

// Old code of a module, and the processes that still run it.
struct OldCode {
  Atom module;
  std::vector<std::string> processes;  // registered names, or identifiers as <0.120.0>
};

// "shop_cart: till, <0.120.0>"
std::string describe(const OldCode& old_code);

// From [{Module, [Name]}], as the agent answers it.
std::vector<OldCode> old_code_of(const Term& answer);

// A file of a release that is not on the host yet: its path below the root, and its bytes.
using FileToSend = std::pair<std::string, std::string>;

// What the node was booted with, and which root its release handler works in. The release handler
// of a node that runs on the system's OTP (include_erts: false) works in OTP's root, not in ours.
struct BootedRelease {
  std::string version;                    // of the boot script
  std::optional<std::string> handled_in;  // its directory of releases; none when that is ours
};

// Work on the node that a relup has begun and not heard the end of.
struct UnheardJob {
  bool is_running = false;
  std::string text;     // what it is and how it ended, for people
  std::string work;     // "install of 1.1.0"
  Milliseconds age{0};  // while it runs: since it was begun
};

// One start of a node.
struct Incarnation {
  std::string os_pid;
  std::string pid_namespace;  // node::pid_on_host; empty where the node cannot tell
  Term term;                  // equal only of the same one
};

// That the node goes back from one release to another by itself.
struct Confirmation {
  std::string from;
  std::string to;
  Milliseconds left;           // until then
  bool is_going_back = false;  // the time is over
};

// A function without arguments.
struct ProbeFunction {
  Atom module;
  Atom function;
};

// Why the clients of a listener cannot be made to wait.
class QuiesceError : public Error {
 public:
  explicit QuiesceError(const std::string& message) : Error(ErrorCode::usage, message) {}
};

class AgentVerbs {
 public:
  // Pushes the agent. Both must outlive the object.
  AgentVerbs(node::NodeChannel& channel, const host::Host& host) : agent_(channel), host_(host) {}

  const host::Host& host() const { return host_; }

  // Where the node runs from; asked once.
  const host::NodePlace& place();
  // A path below the root, or the root, as the node names it.
  std::string on_node(const std::string& path);

  // Those of `modules` that are loaded, with the MD5 of their code as the node has it.
  std::vector<std::pair<Atom, Term>> loaded(const std::vector<Atom>& modules);
  // The applications that are loaded, with their versions.
  std::vector<std::pair<Atom, std::string>> applications();
  // Where the code of the applications is found (code:lib_dir/1); of those that are found at all.
  std::vector<std::pair<Atom, std::string>> library_directories(const std::vector<Atom>& names);
  // Those of `modules` that have old code.
  std::vector<OldCode> old_code(const std::vector<Atom>& modules);

  // What the change would do to the processes. Takes as long as a suspend may take where one is
  // busy.
  Forecast forecast(const ForecastQuestion& question);

  // The environment of the applications as it is on the node: [{App, [{Key, Value}]}].
  Term settings();
  // What the command line sets of it: the same.
  Term command_line();
  // What the configuration of `version` resolves to on this node, as a start would: the same. For a
  // release that is not unpacked, `files` are those of its directory.
  Term environment(const std::string& version, const std::vector<FileToSend>& files);

  // Another one after each start of the node, be it within its operating system process.
  Incarnation incarnation();
  // How the node is, told within `time` whatever it does; node_status.hpp reads it.
  Term status(Milliseconds time);
  // Begins to try code_change on copies of live states (code_trial.hpp), and asks how that goes:
  // {done, Outcome}, or `running` after a second. Whoever does not ask for 5 s gives it up.
  Term begin_trial(const Term& order);
  Term trial(const Term& begun);
  // Supervisors whose code is among `modules`, or that of one of their children, and those that are
  // known already: names or processes.
  std::vector<Supervisor> supervisors(const std::vector<Atom>& modules,
                                      const std::vector<std::string>& known);
  // Begins to try a start of a release (rehearsal.hpp), and asks how that goes: {holds, Mark},
  // {fails, Text}, {untried, Text}, {lost, Text}, or `running` after `wait`. Whoever does not ask
  // for 5 s gives it up. A mark is of all that the start has looked at, or `none`; it fits an order
  // that would look at the same now.
  Term begin_rehearsal(const Term& order);
  Term rehearsal(const Term& begun, Milliseconds wait);
  bool rehearsal_fits(const Term& mark, const Term& order);
  // The modules that the logger uses: [{Handler, [{handler | formatter | filter, Module}]}].
  Term logging();

  BootedRelease booted_release();
  // The releases that the release handler knows, with the one that is `current`.
  std::vector<release::InstalledRelease> known_releases();
  // Makes the release handler work in this root, and know these releases, which RELEASES lists.
  void settle(const std::vector<release::InstalledRelease>& releases);
  // Tells the release handler of an unpacked release.
  void register_release(const std::string& rel_file);
  // What the release handler itself would refuse (check_install_release/1). Waits for another
  // install that goes on.
  void check_install(const std::string& version);

  // How an install goes: it runs, or is done, or the emulator restarts to continue with it, or the
  // node knows of no install, since it has restarted or was never asked.
  enum class Install { running, done, restarting, unknown };
  struct InstallState {
    Install install = Install::unknown;
    std::optional<InstallReport> report = {};  // of one that relup's engine has done
    std::vector<std::string> remarks = {};     // what the release handler does not tell; sentences
  };
  void begin_install(const InstallOrder& order);
  // Waits for a moment for the end. The end is told once: the node forgets it then. An install that
  // has failed is an InstallError, or a ReleaseHandlerError. `hear` is called with what the
  // functions that the script calls have said since, line by line.
  using Hear = std::function<void(const std::string& line)>;
  InstallState install_state(const std::string& version, const Hear& hear);
  // Who is connected to the listeners; QuiesceError where one of them is not there.
  std::vector<ListenerUse> listeners(const policy::Quiesce& quiesce);
  // Answers what could not be done, in words.
  std::vector<std::string> make_permanent(const std::string& version);

  std::optional<UnheardJob> unheard_job();
  void forget_job();

  // Purges the old code of those of `modules` that nobody runs. Those that stay, and who runs them.
  std::vector<OldCode> purge_softly(const std::vector<Atom>& modules);
  // Purges the old code of `modules` and kills whoever runs it: those, where there is anybody.
  std::vector<OldCode> purge_brutally(const std::vector<Atom>& modules);
  // The modules whose old code the release handler would purge brutally in make_permanent.
  std::vector<Atom> purged_by_commit();

  // Lets the node go back as `confirmation` says, by the install `back`, unless the release is
  // committed in time. It will not kill who runs old code of `spared`.
  void confirm_within(const Confirmation& confirmation, const InstallOrder& back,
                      const std::vector<Atom>& spared);
  // That it does not go back, where it would.
  void call_off_confirmation();
  // None where no release waits to be confirmed.
  std::optional<Confirmation> confirmation();

  // Calls `function` on the node, for at most `patience`: what its answer is asked for with.
  Term begin_probe(const ProbeFunction& function, Milliseconds patience);
  struct ProbeAnswer {
    bool is_running = false;             // no answer yet, after a moment
    std::optional<std::string> failure;  // why not all is well
  };
  ProbeAnswer probe_answer(const Term& probe);

 private:
  void hear_new_lines(const Hear& hear);
  Term root_on_node();
  Term request(std::string_view verb, const std::string& argument);

  node::Agent agent_;
  const host::Host& host_;
  std::optional<host::NodePlace> place_;
};

}  // namespace relup::live
