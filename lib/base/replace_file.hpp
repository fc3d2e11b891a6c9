// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one way in which relup writes a file that others read. The bytes go into a temporary file in
// the same folder, which then takes the name in one step, so that the path names the old content or
// the new one at every moment, whatever is killed.
//
// - A symbolic link stays, and the file that it leads to is replaced. A link that leads to nothing
//   or in a circle is an Error, and so is a path that is a directory or a device.
// - A file that is there keeps its mode, owner and group. Where the system does not let us keep the
//   owner or the group, the file becomes the caller's if that takes reading and running from
//   nobody; set-user-ID bits go then, and the write permission of a group that is not kept. Else it
//   is an Error. Other hard links to the old file keep the old content.
// - Several processes may replace one file at once; the last to finish wins. A process that is
//   killed leaves its temporary file, which has a name that nobody reads (is_temporary_name).
// - A failure is an Error that names `path`; the old file and nothing else is there then. Only when
//   the folder itself cannot be synced is the new file there already.

#include <functional>
#include <string>
#include <string_view>

#include "base/file_system.hpp"

namespace relup {

enum class Durability {
  survives_power_loss,  // file and folder are synced
  can_be_made_again,    // nothing is: for what a compiler can write once more
};

enum class Content {
  data,
  program,  // whoever may read the file may also run it, whatever its mode was
};

enum class Links {
  follow,
  replace,  // the path itself gets the new file
};

struct NewFile {
  unsigned mode = 0644;  // where there is no file yet
  Durability durability = Durability::survives_power_loss;
  Links links = Links::follow;
  Content content = Content::data;
};

void replace_file(FileSystem& files, const std::string& path, std::string_view bytes,
                  const NewFile& how = {});

// The same for content that is made piece by piece: `write` appends it.
using WriteContent = std::function<void(WritableFile&)>;
void replace_file(FileSystem& files, const std::string& path, const WriteContent& write,
                  const NewFile& how = {});

// Whether a file of this name is one that a killed process left unfinished.
bool is_temporary_name(std::string_view name);

}  // namespace relup
