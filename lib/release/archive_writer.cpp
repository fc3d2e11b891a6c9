// SPDX-License-Identifier: Apache-2.0
//
// The format is ustar, with a pax header before the members that need one (long or non-ASCII
// names, large files). Names are handed to libarchive under the C.UTF-8 locale of the calling
// thread, so that the same bytes come out wherever the program runs.

#include "release/archive_writer.hpp"

#include <algorithm>
#include <clocale>
#include <exception>

#include <archive.h>
#include <archive_entry.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/gzip_writer.hpp"
#include "base/replace_file.hpp"
#include "release/file_mode.hpp"

namespace relup::release {
namespace {

class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ == nullptr) throw Error(ErrorCode::bug, "the C library has no locale C.UTF-8");
    before_ = ::uselocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    ::uselocale(before_);
    ::freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

unsigned mode_of(const ArchiveEntry& entry) {
  if (entry.type == MemberType::symlink) return 0777;
  return entry.type == MemberType::directory ? 0755 : release_mode(entry.mode);
}

class Writer {
 public:
  Writer(WritableFile& file, const std::string& name, std::int64_t epoch)
      : file_(file),
        gzip_([this](std::string_view bytes) {
          digest_.update(bytes);
          file_.append(bytes);
        }),
        name_(name),
        epoch_(epoch),
        writer_(archive_write_new(), archive_write_free) {
    if (!writer_) throw std::bad_alloc();
    archive* writer = writer_.get();
    require_ok(archive_write_set_format_pax_restricted(writer));
    require_ok(archive_write_set_bytes_per_block(writer, 0));
    require_ok(archive_write_open(writer, this, nullptr, append, nullptr));
  }

  void add(const ArchiveEntry& entry) {
    const std::unique_ptr<ReadableFile> content =
        entry.type == MemberType::regular ? entry.content() : nullptr;
    const std::uint64_t size = content ? content->size() : 0;
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> header(archive_entry_new(),
                                                                          archive_entry_free);
    if (!header) throw std::bad_alloc();
    archive_entry_set_pathname(header.get(), entry.path.c_str());
    archive_entry_set_filetype(header.get(), file_type(entry.type));
    archive_entry_set_perm(header.get(), mode_of(entry));
    archive_entry_set_mtime(header.get(), epoch_, 0);
    archive_entry_set_size(header.get(), static_cast<la_int64_t>(size));
    if (entry.type == MemberType::symlink) {
      archive_entry_set_symlink(header.get(), entry.link_target.c_str());
    }
    require_ok(archive_write_header(writer_.get(), header.get()));
    if (content) add_data(entry.path, *content, size);
  }

  void finish() {
    require_ok(archive_write_close(writer_.get()));
    gzip_.finish();
  }

  void append_trailer(const MakeTrailer& trailer) { file_.append(trailer(digest_.finish_hex())); }

 private:
  // Called by libarchive, which exceptions must not pass through.
  static la_ssize_t append(archive* /*writer*/, void* self, const void* bytes, std::size_t size) {
    auto& writer = *static_cast<Writer*>(self);
    try {
      writer.gzip_.append({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      writer.failure_ = std::current_exception();
      return ARCHIVE_FATAL;
    }
  }

  void add_data(const std::string& path, const ReadableFile& content, std::uint64_t size) {
    for (std::uint64_t offset = 0; offset < size;) {
      const std::size_t room = std::min<std::uint64_t>(piece_.size(), size - offset);
      const std::size_t count = content.read_at(offset, {piece_.data(), room});
      if (count < room) {
        throw Error(ErrorCode::bad_input,
                    path + " has become shorter while it was packed; pack the release again");
      }
      const la_ssize_t written = archive_write_data(writer_.get(), piece_.data(), count);
      if (written != static_cast<la_ssize_t>(count)) require_ok(ARCHIVE_FATAL);
      offset += count;
    }
  }

  static unsigned file_type(MemberType type) {
    if (type == MemberType::directory) return AE_IFDIR;
    return type == MemberType::symlink ? AE_IFLNK : AE_IFREG;
  }

  void require_ok(int result) const {
    if (result == ARCHIVE_OK) return;
    if (failure_) std::rethrow_exception(failure_);
    const char* text = archive_error_string(writer_.get());
    throw Error(ErrorCode::bug, name_ + ": cannot write the archive: " +
                                    (text == nullptr ? "unknown reason" : text));
  }

  WritableFile& file_;
  Blake2b digest_;
  GzipWriter gzip_;
  std::vector<char> piece_ = std::vector<char>(1U << 20U);
  std::string name_;
  std::int64_t epoch_;
  std::exception_ptr failure_;
  std::unique_ptr<archive, int (*)(archive*)> writer_;
};

void check(const std::string& path, const std::vector<ArchiveEntry>& entries) {
  MemberChecker checker(path, 0);
  for (const ArchiveEntry& entry : entries)
    checker.check({entry.path, entry.type, mode_of(entry), 0, entry.link_target});
}

void write_entries(WritableFile& file, const std::string& path,
                   const std::vector<ArchiveEntry>& entries, std::int64_t epoch,
                   const MakeTrailer& trailer) {
  const Utf8Locale locale;
  Writer writer(file, path, epoch);
  for (const ArchiveEntry& entry : entries)
    writer.add(entry);
  writer.finish();
  if (trailer) writer.append_trailer(trailer);
}

}  // namespace

void write_archive(FileSystem& files, const std::string& path, std::vector<ArchiveEntry> entries,
                   std::int64_t epoch, const MakeTrailer& trailer) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& left, const auto& right) { return left.path < right.path; });
  check(path, entries);
  replace_file(files, path,
               [&](WritableFile& file) { write_entries(file, path, entries, epoch, trailer); });
}

}  // namespace relup::release
