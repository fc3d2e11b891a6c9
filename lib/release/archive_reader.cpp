// SPDX-License-Identifier: Apache-2.0
//
// libarchive reads the tar format; the gzip layer is ours, because libarchive does not verify the
// checksum at the end of a gzip stream, and cannot begin in its middle. libarchive also takes the
// end of the data for the end of the archive, so that an archive cut off between two members looks
// whole: we require the two empty blocks that end every tar archive, by looking at how far the
// format reader came, and nothing but zeros after them.
//
// Names are read under the C locale of the calling thread: then libarchive gives the bytes of the
// archive, with a warning where they are not ASCII. Under a UTF-8 locale it would normalise them.

#include "release/archive_reader.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <exception>
#include <utility>

#include <archive.h>
#include <archive_entry.h>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace relup::release {
namespace {

constexpr std::size_t block_size = 512;
constexpr std::size_t end_mark_size = 2 * block_size;
constexpr std::size_t header_room = 4 * block_size;  // per member: long names need extra blocks
constexpr std::size_t piece_size = 64U << 10U;
constexpr std::uint64_t place_span = 8U << 20U;  // 32 KiB are kept for each

class CLocale {
 public:
  CLocale() : locale_(::newlocale(LC_ALL_MASK, "C", nullptr)), before_(::uselocale(locale_)) {}
  CLocale(const CLocale&) = delete;
  CLocale& operator=(const CLocale&) = delete;
  ~CLocale() {
    ::uselocale(before_);
    ::freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_;
};

// The bytes of a file, with their digest.
class FileStream {
 public:
  explicit FileStream(const ReadableFile& file) : file_(file), piece_(piece_size) {}

  std::string_view next() {
    const std::string_view piece(piece_.data(), file_.read_at(offset_, piece_));
    offset_ += piece.size();
    digest_.update(piece);
    return piece;
  }
  std::string digest() { return digest_.finish_hex(); }

 private:
  const ReadableFile& file_;
  std::vector<char> piece_;
  std::uint64_t offset_ = 0;
  Blake2b digest_;
};

bool holds_gzip(const ReadableFile& file) {
  std::array<char, 2> magic{};
  return is_gzip({magic.data(), file.read_at(0, magic)});
}

// The tar stream: the bytes themselves, or what they unpack to. It remembers where its last byte is
// that is not zero.
class TarStream {
 public:
  TarStream(const std::string& name, const ReadableFile& file, const ArchiveLimits& limits)
      : name_(name), bytes_(file), packed_size_(file.size()), limits_(limits) {
    if (holds_gzip(file)) {
      gzip_ = std::make_unique<GzipReader>(name, [this] { return bytes_.next(); });
    }
  }
  TarStream(const TarStream&) = delete;
  TarStream& operator=(const TarStream&) = delete;
  ~TarStream() = default;

  void note_places(std::vector<GzipPlace>& places) {
    if (gzip_) gzip_->note_places(places, place_span);
  }

  std::string_view next() {
    const std::string_view piece = gzip_ ? gzip_->next() : bytes_.next();
    const std::size_t last = piece.find_last_not_of('\0');
    if (last != std::string_view::npos) content_end_ = size_ + last + 1;
    size_ += piece.size();
    if (gzip_) check_size();
    return piece;
  }

  std::uint64_t content_end() const { return content_end_; }
  std::string digest() { return bytes_.digest(); }

 private:
  void check_size() const {
    const bool too_large = size_ > limits_.total_bytes + limits_.members * header_room;
    const bool too_dense = size_ > limits_.ratio_from_bytes && size_ / limits_.ratio > packed_size_;
    if (!too_large && !too_dense) return;
    throw Error(ErrorCode::bad_input,
                name_ + ": unpacks to more than " +
                    (too_dense ? std::to_string(limits_.ratio) + " times its own size"
                               : std::to_string(limits_.total_bytes) + " bytes"))
        .with_hint("nothing was unpacked: no release is like that");
  }

  std::string name_;
  FileStream bytes_;
  std::uint64_t packed_size_;
  ArchiveLimits limits_;
  std::unique_ptr<GzipReader> gzip_;
  std::uint64_t size_ = 0;
  std::uint64_t content_end_ = 0;
};

MemberType type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return MemberType::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return archive_entry_sparse_reset(entry) > 0 ? MemberType::sparse : MemberType::regular;
    case AE_IFDIR:
      return MemberType::directory;
    case AE_IFLNK:
      return MemberType::symlink;
    case AE_IFIFO:
      return MemberType::fifo;
    case AE_IFCHR:
      return MemberType::character_device;
    case AE_IFBLK:
      return MemberType::block_device;
    default:
      return MemberType::other;
  }
}

std::string text_or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

Member member_of(archive_entry* entry) {
  Member member;
  member.path = text_or_empty(archive_entry_pathname(entry));
  member.type = type_of(entry);
  member.mode = archive_entry_mode(entry) & 07777U;
  member.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  member.link_target = member.type == MemberType::hard_link
                           ? text_or_empty(archive_entry_hardlink(entry))
                           : text_or_empty(archive_entry_symlink(entry));
  return member;
}

}  // namespace

struct ArchiveReader::State {
  State(std::string archive_name, const ReadableFile& file, const ArchiveLimits& limits)
      : name(std::move(archive_name)),
        stream(name, file, limits),
        reader(archive_read_new(), archive_read_free) {
    if (!reader) throw std::bad_alloc();
    archive_read_support_format_tar(reader.get());
  }

  // Called by libarchive, which exceptions must not pass through.
  static la_ssize_t read(archive* /*reader*/, void* self, const void** buffer) {
    auto& state = *static_cast<State*>(self);
    try {
      const std::string_view piece = state.stream.next();
      *buffer = piece.data();
      return static_cast<la_ssize_t>(piece.size());
    } catch (...) {
      state.failure = std::current_exception();
      return ARCHIVE_FATAL;
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    const std::string place = seen_any ? " (after member " + quoted(last_path) + ")" : "";
    const char* hint = "the tarball is damaged or incomplete: build or fetch it again";
    if (!failure) throw Error(ErrorCode::bad_input, name + ": " + what + place).with_hint(hint);
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      throw Error(error.code(), error.message() + place)
          .with_hint(error.hint().empty() ? hint : error.hint())
          .because_of(error);
    }
  }

  void require_ok(int result) const {
    if (result == ARCHIVE_OK) return;
    fail(text_or_empty(archive_error_string(reader.get())));
  }

  // A name that is not ASCII is a warning under the C locale; every other warning is damage.
  bool only_warns_of_characters(int result) const {
    return result == ARCHIVE_WARN &&
           text_or_empty(archive_error_string(reader.get())).find("can't be converted") !=
               std::string::npos;
  }

  std::int64_t position() const { return archive_filter_bytes(reader.get(), 0); }

  void require_end(std::int64_t header_begin) {
    if (position() - header_begin < static_cast<std::int64_t>(end_mark_size)) {
      fail("cut off: the two empty blocks that end a tar archive are missing");
    }
    while (!stream.next().empty()) {
    }
    if (stream.content_end() > static_cast<std::uint64_t>(position())) {
      fail("other data follows the end of the archive");
    }
    digest = stream.digest();
  }

  std::string name;
  TarStream stream;
  std::unique_ptr<archive, int (*)(archive*)> reader;
  std::exception_ptr failure;
  std::string last_path;
  std::string digest;
  bool is_open = false;
  bool seen_any = false;
  bool at_end = false;
};

ArchiveReader::ArchiveReader(std::string name, const ReadableFile& file,
                             const ArchiveLimits& limits)
    : state_(std::make_unique<State>(std::move(name), file, limits)) {}

ArchiveReader::ArchiveReader(std::string name, std::string bytes, const ArchiveLimits& limits)
    : own_(file_of_bytes(std::move(bytes))),
      state_(std::make_unique<State>(std::move(name), *own_, limits)) {}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::note_places(std::vector<GzipPlace>& places) {
  state_->stream.note_places(places);
}

std::uint64_t ArchiveReader::data_offset() const {
  return static_cast<std::uint64_t>(state_->position());
}

const std::string& ArchiveReader::digest() const {
  return state_->digest;
}

std::optional<Member> ArchiveReader::next() {
  if (state_->at_end) return std::nullopt;
  const CLocale plain_bytes;
  archive* reader = state_->reader.get();
  if (!state_->is_open) {
    state_->require_ok(archive_read_open(reader, state_.get(), nullptr, State::read, nullptr));
    state_->is_open = true;
  } else {
    state_->require_ok(archive_read_data_skip(reader));
  }
  const std::int64_t header_begin = state_->position();
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(reader, &entry);
  if (result == ARCHIVE_EOF) {
    state_->require_end(header_begin);
    state_->at_end = true;
    return std::nullopt;
  }
  if (!state_->only_warns_of_characters(result)) state_->require_ok(result);
  Member member = member_of(entry);
  state_->last_path = member.path;
  state_->seen_any = true;
  return member;
}

void ArchiveReader::read_data(const std::function<void(std::string_view)>& sink) {
  la_int64_t expected = 0;
  for (;;) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(state_->reader.get(), &data, &size, &offset);
    if (result == ARCHIVE_EOF) return;
    state_->require_ok(result);
    if (offset != expected) state_->fail("the data has holes");
    expected += static_cast<la_int64_t>(size);
    if (size > 0) sink({static_cast<const char*>(data), size});
  }
}

std::string ArchiveReader::read_data() {
  std::string bytes;
  read_data([&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

}  // namespace relup::release
