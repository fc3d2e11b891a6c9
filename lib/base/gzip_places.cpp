// SPDX-License-Identifier: Apache-2.0
#include "base/gzip_places.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace relup {
namespace {

constexpr std::size_t piece_size = 64U << 10U;

bool holds_gzip(const ReadableFile& file) {
  std::array<char, 2> magic{};
  return is_gzip({magic.data(), file.read_at(0, magic)});
}

}  // namespace

UnpackedView::UnpackedView(std::string name, const ReadableFile& file,
                           std::vector<GzipPlace> places)
    : name_(std::move(name)),
      file_(file),
      places_(std::move(places)),
      is_packed_(holds_gzip(file)) {}

UnpackedView::~UnpackedView() = default;

std::string_view UnpackedView::next_packed() {
  packed_.resize(piece_size);
  const std::size_t count = file_.read_at(packed_at_, packed_);
  packed_at_ += count;
  return {packed_.data(), count};
}

// Puts the reader to the nearest place, unless it stands nearer already.
void UnpackedView::begin_before(std::uint64_t offset) {
  const auto after = std::upper_bound(
      places_.begin(), places_.end(), offset,
      [](std::uint64_t wanted, const GzipPlace& place) { return wanted < place.unpacked; });
  const GzipPlace* place = after == places_.begin() ? nullptr : &*std::prev(after);
  const std::uint64_t begin = place == nullptr ? 0 : place->unpacked;
  if (reader_ && at_ >= begin && at_ <= offset) return;
  packed_at_ = place == nullptr ? 0 : place->packed;
  at_ = begin;
  rest_ = {};
  const auto source = [this] { return next_packed(); };
  reader_ = place == nullptr ? std::make_unique<GzipReader>(name_, source)
                             : std::make_unique<GzipReader>(name_, source, *place);
}

std::string UnpackedView::read(std::uint64_t offset, std::size_t size) {
  std::string bytes;
  if (!is_packed_) {
    bytes.resize(size);
    bytes.resize(file_.read_at(offset, bytes));
  } else {
    begin_before(offset);
    while (bytes.size() < size) {
      if (rest_.empty()) rest_ = reader_->next();
      if (rest_.empty()) break;
      const std::size_t skipped =
          std::min<std::uint64_t>(offset - std::min(offset, at_), rest_.size());
      const std::size_t taken = std::min(size - bytes.size(), rest_.size() - skipped);
      bytes += rest_.substr(skipped, taken);
      rest_.remove_prefix(skipped + taken);
      at_ += skipped + taken;
    }
  }
  if (bytes.size() == size) return bytes;
  throw Error(ErrorCode::bad_input, name_ + ": has become shorter while it was read");
}

}  // namespace relup
