// SPDX-License-Identifier: Apache-2.0
#include "live/release_handler.hpp"

#include <algorithm>

#include "live/keyed_values.hpp"
#include "term/printer.hpp"

namespace relup::live {
namespace {

constexpr Milliseconds quick{10'000};

// What the reason means and what to do, in words. Terms of release_handler(3) and its source.
std::string explain(const Term& reason) {
  const Term::Elements* parts = reason.as_tuple();
  const auto argument = [&](std::size_t at) {
    return parts != nullptr && at < parts->size() ? print((*parts)[at]) : std::string();
  };
  if (reason.is_tagged("old_processes", 2)) {
    return "processes still run old code of " + argument(1) +
           ", and the upgrade purges softly; wait until they are done, then try again";
  }
  if (reason.is_atom("install_under_way"))
    return "a release is being installed at this moment; try again when that is done";
  if (reason.is_tagged("no_matching_relup", 3)) {
    return "there is no relup entry between " + argument(1) + " and " + argument(2) +
           "; `relup generate` makes one";
  }
  if (reason.is_tagged("bad_relup_file", 2))
    return "the relup file " + argument(1) + " is damaged or of another release";
  if (reason.is_tagged("no_such_release", 2))
    return "the node does not know release " + argument(1);
  if (reason.is_tagged("no_such_directory", 2))
    return "the directory " + argument(1) + " is missing";
  if (reason.is_tagged("no_such_file", 2)) return "the file " + argument(1) + " is missing";
  if (reason.is_tagged("existing_release", 2))
    return "the node knows release " + argument(1) + " already";
  if (reason.is_tagged("already_installed", 2))
    return "release " + argument(1) + " is installed already";
  if (reason.is_tagged("illegal_instruction_after_point_of_no_return", 2)) {
    return "the relup holds " + argument(1) + ", which the release handler does not run";
  }
  return "";
}

// A crash may hold whole files.
std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 500;  // bytes
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

}  // namespace

ReleaseHandlerError::ReleaseHandlerError(const std::string& call, const Term& reason)
    : Error(ErrorCode::bad_input, call + " answered {error," + shortened(print(reason)) + "}" +
                                      (explain(reason).empty() ? "" : ": " + explain(reason))),
      reason_(reason) {}

Term ReleaseHandler::call(std::string_view function, Term::Elements arguments,
                          Milliseconds deadline) {
  const std::string name = print_function("release_handler", function, arguments.size());
  Term answer = channel_.call("release_handler", function, std::move(arguments), deadline);
  if (answer.is_tagged("error", 2)) throw ReleaseHandlerError(name, (*answer.as_tuple())[1]);
  return answer;
}

std::vector<KnownRelease> known_releases(const Term& list) {
  std::vector<KnownRelease> releases;
  for (const Term& entry : *list.as_list()) {
    const Term::Elements& parts = *entry.as_tuple();
    KnownRelease release{text_of(parts.at(0)), text_of(parts.at(1)), {}, print(parts.at(3))};
    for (const Term& library : *parts.at(2).as_list())
      release.libraries.push_back(text_of(library));
    releases.push_back(std::move(release));
  }
  return releases;
}

KnownRelease known_release(const release::InstalledRelease& release) {
  KnownRelease known{
      release.name, release.version, {}, std::string(release::to_string(release.status))};
  for (const release::InstalledLibrary& library : release.libraries)
    known.libraries.push_back(library.name + "-" + library.version);
  return known;
}

std::vector<KnownRelease> ReleaseHandler::which_releases() {
  return known_releases(call("which_releases", {}, quick));
}

void ReleaseHandler::set_removed(const std::string& version) {
  call("set_removed", {Term::string(version)}, quick);
}

const KnownRelease* find_release(const std::vector<KnownRelease>& releases,
                                 const std::string& version) {
  const auto found = std::find_if(releases.begin(), releases.end(),
                                  [&](const auto& release) { return release.version == version; });
  return found == releases.end() ? nullptr : &*found;
}

namespace {

const KnownRelease* with_status(const std::vector<KnownRelease>& releases,
                                std::string_view status) {
  const auto found = std::find_if(releases.begin(), releases.end(),
                                  [&](const auto& release) { return release.status == status; });
  return found == releases.end() ? nullptr : &*found;
}

}  // namespace

const KnownRelease* running_release(const std::vector<KnownRelease>& releases) {
  for (const std::string_view status : {"current", "tmp_current", "permanent"}) {
    if (const KnownRelease* release = with_status(releases, status)) return release;
  }
  return nullptr;
}

const KnownRelease* permanent_release(const std::vector<KnownRelease>& releases) {
  return with_status(releases, "permanent");
}

}  // namespace relup::live
