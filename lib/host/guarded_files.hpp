// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files that OTP's release handler overwrites in place, cut to nothing first and never synced:
// releases/RELEASES and releases/start_erl.data. Around each call in which it may do so:
//
//   GuardedFiles guard(files, root, journal);
//   guard.keep();      // what is there is kept with the journal, synced
//   ...                // the call
//   guard.settle();    // it went well: what was written is checked, and written again so that it
//                      // is there whole or not at all, and synced
//   guard.put_back();  // it was refused: what was kept is put back
//   guard.mend();      // nobody knows: what was kept is put back where a file cannot be read
//
// Whoever is killed in between, host/journal.hpp has what was kept. A failure is an Error.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/journal.hpp"

namespace relup::host {

// Below the root.
inline constexpr const char* releases_of_otp = "releases/RELEASES";
inline constexpr const char* start_erl_data_of_otp = "releases/start_erl.data";

class GuardedFiles {
 public:
  // All must outlive the object.
  GuardedFiles(FileSystem& files, std::string root, Journal& journal)
      : files_(files), root_(std::move(root)), journal_(journal) {}

  // A file that cannot be read is first put back as it was kept before.
  void keep();
  // Error (bad_input) when a file cannot be read; what was kept is put back then.
  void settle();
  void put_back();
  void mend();

 private:
  const KeptFile* latest(const std::string& file) const;
  void restore(const KeptFile& file);

  FileSystem& files_;
  std::string root_;
  Journal& journal_;
};

// Whether `bytes` are what such a file says when it is whole.
bool is_whole(const std::string& file, const std::string& bytes);

}  // namespace relup::host
