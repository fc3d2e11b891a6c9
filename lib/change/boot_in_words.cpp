// SPDX-License-Identifier: Apache-2.0
#include "change/boot_in_words.hpp"

namespace relup::change {
namespace {

using host::BootFault;

const std::string start_erl_data = "releases/start_erl.data";
const std::string releases = "releases/RELEASES";

std::string boot_file_of(const std::string& version) {
  return "releases/" + version + "/start.boot";
}

}  // namespace

std::string sentence_of(const host::BootFinding& finding, const std::string& name) {
  const std::string& version = finding.version;
  const std::string& other = finding.other;
  switch (finding.fault) {
    case BootFault::start_erl_data_missing:
      return start_erl_data + " is missing";
    case BootFault::start_erl_data_empty:
      return start_erl_data + " is empty, so nothing boots";
    case BootFault::start_erl_data_torn:
      return start_erl_data + " is damaged, so nothing boots";
    case BootFault::releases_missing:
      return releases + " is missing";
    case BootFault::releases_empty:
      return releases + " is empty";
    case BootFault::releases_torn:
      return releases + " is damaged";
    case BootFault::no_permanent_release:
      return releases + " calls no release permanent";
    case BootFault::several_permanent_releases:
      return releases + " calls both " + version + " and " + other + " permanent";
    case BootFault::listed_twice:
      return releases + " lists release " + version + " twice";
    case BootFault::invented_release:
      return releases + " lists release " + version +
             " without its libraries: the node made that up when it could not read the file";
    case BootFault::paths_of_another_root:
      return releases + " has the libraries of " + version + " in " + other +
             ", outside of this root";
    case BootFault::absolute_paths:
      return releases + " has absolute paths for " + version +
             ", which are wrong once the root is moved or copied";
    case BootFault::nothing_unpacked:
      return "there is no release in releases/";
    case BootFault::boots_unknown_release:
      return start_erl_data + " boots " + version + ", which is not there";
    case BootFault::lists_unknown_release:
      return releases + " lists release " + version + ", which is not there";
    case BootFault::starts_unknown_release:
      return "bin/" + name + " starts " + version + ", which is not there";
    case BootFault::differs_from_rel:
      return releases + " lists other libraries for " + version + " than its .rel file";
    case BootFault::another_emulator:
      return start_erl_data + " boots " + version + " with the emulator " + other +
             ", and its .rel file has another one";
    case BootFault::not_listed:
      return releases + " does not list " + version + ", which boots";
    case BootFault::boot_file_missing:
      return boot_file_of(version) + " is missing, so " + version + " does not boot";
    case BootFault::boot_file_torn:
      return boot_file_of(version) + " is damaged, so " + version + " does not boot";
    case BootFault::boot_file_of_another:
      return boot_file_of(version) + " boots another release than " + version;
    case BootFault::library_missing:
      return other + " of release " + version + " is missing, so it does not boot";
    case BootFault::another_is_permanent:
      return start_erl_data + " boots " + other + ", but " + releases + " calls " + version +
             " permanent";
    case BootFault::launcher_starts_another:
      return "bin/" + name + " starts " + version + ", but " + start_erl_data + " boots " + other;
  }
  return "";
}

std::string sentence_with_repair(const host::BootFinding& finding, const std::string& name,
                                 const std::string& permanent) {
  std::string sentence = sentence_of(finding, name);
  switch (finding.fault) {
    case BootFault::releases_missing:
      return sentence + ": it is written before the first change";
    case BootFault::start_erl_data_missing:
    case BootFault::start_erl_data_empty:
    case BootFault::start_erl_data_torn:
    case BootFault::boots_unknown_release:
    case BootFault::another_emulator:
      return sentence + ": it is set right before the next install";
    case BootFault::another_is_permanent:
      if (finding.other == permanent) break;
      return start_erl_data + " boots " + finding.other + ", but " + permanent +
             " is permanent: it is set right before the next install";
    case BootFault::starts_unknown_release:
    case BootFault::launcher_starts_another:
      if (finding.version == permanent) return sentence;
      return "bin/" + name + " starts " + finding.version + ", but " + permanent +
             " is permanent: the next commit replaces it";
    case BootFault::nothing_unpacked:
      return sentence;
    case BootFault::boot_file_missing:
    case BootFault::boot_file_torn:
    case BootFault::boot_file_of_another:
    case BootFault::library_missing:
      return sentence + ": put it back from the tarball of " + finding.version;
    default:
      break;
  }
  return sentence + ": it is written anew before the next change";
}

bool is_about_releases(const host::BootFinding& finding) {
  switch (finding.fault) {
    case BootFault::releases_missing:
    case BootFault::releases_empty:
    case BootFault::releases_torn:
    case BootFault::no_permanent_release:
    case BootFault::several_permanent_releases:
    case BootFault::listed_twice:
    case BootFault::invented_release:
    case BootFault::paths_of_another_root:
    case BootFault::absolute_paths:
    case BootFault::lists_unknown_release:
    case BootFault::differs_from_rel:
    case BootFault::not_listed:
    case BootFault::another_is_permanent:
      return true;
    default:
      return false;
  }
}

}  // namespace relup::change
