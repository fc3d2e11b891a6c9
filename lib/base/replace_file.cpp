// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.hpp"

#include <cerrno>
#include <random>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace relup {
namespace {

constexpr std::string_view temporary_prefix = ".relup-new-";
constexpr int most_links = 40;  // as Linux has it
constexpr int most_names = 100;

// Short whatever the name of the file is, for that may be as long as names can be.
std::string temporary_name() {
  std::random_device random;
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(random());
  return std::string(temporary_prefix) + hex(bytes);
}

// Does `step`. A failed system call is told of `path`, for the name of a temporary file means
// nothing to anybody.
template <typename Step>
auto told_of(const std::string& path, const char* action, Step step) {
  try {
    return step();
  } catch (const Error& error) {
    if (error.error_number() == 0) throw;
    throw system_error(action, path, error.error_number());
  }
}

// The file at the end of links, or the path itself where nothing is yet.
std::string end_of_links(FileSystem& files, const std::string& path) {
  std::string at = path;
  for (int links = 0; links <= most_links; ++links) {
    const std::optional<FileInfo> found = files.link_info(at);
    if (!found && links > 0) {
      throw Error(ErrorCode::bad_input, "cannot write " + path + ": it is a symbolic link to " +
                                            at + ", which is missing")
          .with_hint("remove the link, or make the file that it leads to")
          .with_error_number(ENOENT);
    }
    if (!found || found->type != FileType::symlink) return at;
    at = join_path(parent_path(at), files.read_link(at));
  }
  throw system_error("write", path, ELOOP);
}

void check_replaceable(const std::string& path, const FileInfo& old) {
  if (old.type == FileType::directory) throw system_error("write", path, EISDIR);
  if (old.type == FileType::regular) return;
  throw Error(ErrorCode::bad_input, "cannot write " + path + ": it is not a regular file")
      .with_error_number(EINVAL);
}

// Whether everybody may read and run what one class of users may; `shift` is the place of its bits.
bool everybody_may(unsigned mode, unsigned shift) {
  constexpr unsigned read_and_run = 05;
  return ((mode >> shift) & read_and_run & ~mode) == 0;
}

// Gives `file` owner and group of the old one, as far as it is allowed; the mode that it should
// get.
unsigned keep_owner(WritableFile& file, const FileInfo& old, const std::string& path) {
  if (file.set_owner(old.owner, old.group)) return old.mode;
  const bool keeps_group = file.set_owner(std::nullopt, old.group);
  if (!everybody_may(old.mode, 6) || !(keeps_group || everybody_may(old.mode, 3))) {
    throw system_error("keep the owner of", path, EPERM);
  }
  return old.mode & (keeps_group ? 0777U : 0757U);
}

// What is written is named for the file that it is going to be.
class NamedFile final : public WritableFile {
 public:
  NamedFile(std::unique_ptr<WritableFile> file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}
  void append(std::string_view bytes) override {
    told_of(path_, "write", [&] { file_->append(bytes); });
  }
  void sync() override {
    told_of(path_, "sync", [&] { file_->sync(); });
  }
  void set_mode(unsigned mode) override {
    told_of(path_, "set the mode of", [&] { file_->set_mode(mode); });
  }
  bool set_owner(std::optional<std::uint32_t> owner, std::uint32_t group) override {
    return told_of(path_, "set the owner of", [&] { return file_->set_owner(owner, group); });
  }

 private:
  std::unique_ptr<WritableFile> file_;
  std::string path_;
};

// A file of a name of its own, beside `target`; removed unless it becomes the target.
class TemporaryFile {
 public:
  TemporaryFile(FileSystem& files, const std::string& target) : files_(files), target_(target) {
    std::unique_ptr<WritableFile> created;
    for (int tries = 1; !created; ++tries) {
      path_ = join_path(parent_path(target), temporary_name());
      try {
        created = files.create(path_, 0600);
      } catch (const Error& error) {
        if (error.error_number() == EEXIST && tries < most_names) continue;
        if (error.error_number() == 0) throw;
        throw system_error("create", target, error.error_number());
      }
    }
    file_ = std::make_unique<NamedFile>(std::move(created), target);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (path_.empty()) return;
    try {
      files_.remove_all(path_);
    } catch (const Error&) {
      path_.clear();  // there is a failure to tell of already
    }
  }

  WritableFile& file() { return *file_; }

  void become_target() {
    file_.reset();
    told_of(target_, "replace", [&] { files_.rename(path_, target_); });
    path_.clear();
  }

 private:
  FileSystem& files_;
  std::string target_;
  std::string path_;
  std::unique_ptr<WritableFile> file_;
};

}  // namespace

void replace_file(FileSystem& files, const std::string& path, const WriteContent& write,
                  const NewFile& how) {
  const std::string target = how.links == Links::follow ? end_of_links(files, path) : path;
  std::optional<FileInfo> old = files.link_info(target);
  if (old && old->type == FileType::symlink) old.reset();  // a link has no mode of its own
  if (old) check_replaceable(path, *old);
  TemporaryFile temporary(files, target);
  unsigned mode = old ? keep_owner(temporary.file(), *old, path) : how.mode;
  if (how.content == Content::program) mode |= (mode & 0444U) >> 2U;
  write(temporary.file());
  temporary.file().set_mode(mode);
  const bool is_durable = how.durability == Durability::survives_power_loss;
  if (is_durable) temporary.file().sync();
  temporary.become_target();
  if (is_durable) files.sync_directory(parent_path(target));
}

void replace_file(FileSystem& files, const std::string& path, std::string_view bytes,
                  const NewFile& how) {
  replace_file(
      files, path, [&](WritableFile& file) { file.append(bytes); }, how);
}

bool is_temporary_name(std::string_view name) {
  return name.starts_with(temporary_prefix);
}

}  // namespace relup
