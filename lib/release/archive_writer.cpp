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

#include "base/error.hpp"
#include "base/replace_file.hpp"

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
  const bool is_directory = entry.type == MemberType::directory;
  return is_directory || entry.executable == Executable::yes ? 0755 : 0644;
}

class Writer {
 public:
  Writer(WritableFile& file, const std::string& name, std::int64_t epoch)
      : file_(file), name_(name), epoch_(epoch), writer_(archive_write_new(), archive_write_free) {
    if (!writer_) throw std::bad_alloc();
    archive* writer = writer_.get();
    require_ok(archive_write_set_format_pax_restricted(writer));
    require_ok(archive_write_add_filter_gzip(writer));
    require_ok(archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr));
    require_ok(archive_write_set_filter_option(writer, "gzip", "compression-level", "9"));
    require_ok(archive_write_set_bytes_in_last_block(writer, 1));
    require_ok(archive_write_open(writer, this, nullptr, append, nullptr));
  }

  void add(const ArchiveEntry& entry) {
    const std::string content = entry.type == MemberType::regular ? entry.content() : "";
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> header(archive_entry_new(),
                                                                          archive_entry_free);
    if (!header) throw std::bad_alloc();
    archive_entry_set_pathname(header.get(), entry.path.c_str());
    archive_entry_set_filetype(header.get(), file_type(entry.type));
    archive_entry_set_perm(header.get(), mode_of(entry));
    archive_entry_set_mtime(header.get(), epoch_, 0);
    archive_entry_set_size(header.get(), static_cast<la_int64_t>(content.size()));
    if (entry.type == MemberType::symlink) {
      archive_entry_set_symlink(header.get(), entry.link_target.c_str());
    }
    require_ok(archive_write_header(writer_.get(), header.get()));
    const la_ssize_t written = archive_write_data(writer_.get(), content.data(), content.size());
    if (written != static_cast<la_ssize_t>(content.size())) require_ok(ARCHIVE_FATAL);
  }

  void finish() { require_ok(archive_write_close(writer_.get())); }

 private:
  // Called by libarchive, which exceptions must not pass through.
  static la_ssize_t append(archive* /*writer*/, void* self, const void* bytes, std::size_t size) {
    auto& writer = *static_cast<Writer*>(self);
    try {
      writer.file_.append({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      writer.failure_ = std::current_exception();
      return ARCHIVE_FATAL;
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
                   const std::vector<ArchiveEntry>& entries, std::int64_t epoch) {
  const Utf8Locale locale;
  Writer writer(file, path, epoch);
  for (const ArchiveEntry& entry : entries)
    writer.add(entry);
  writer.finish();
}

}  // namespace

void write_archive(FileSystem& files, const std::string& path, std::vector<ArchiveEntry> entries,
                   std::int64_t epoch) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& left, const auto& right) { return left.path < right.path; });
  check(path, entries);
  replace_file(files, path, [&](WritableFile& file) { write_entries(file, path, entries, epoch); });
}

}  // namespace relup::release
