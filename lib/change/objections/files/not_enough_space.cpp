// SPDX-License-Identifier: Apache-2.0
//
// The tarball is unpacked below the root, and needs room there: bytes, and as many files as it has
// members. What an attempt that was cut off has left in the staging directory is removed first, so
// it counts as free.

#include "change/objections.hpp"
#include "host/staging.hpp"

namespace relup::change::by_files {
namespace {

enum class Unit { bytes, files };

std::string amount(std::uint64_t count, Unit unit) {
  if (unit == Unit::bytes) return std::to_string(count >> 10U) + " KiB";
  return std::to_string(count) + " files and directories";
}

struct NotEnoughSpace final : Objection {
  NotEnoughSpace(std::string root, std::uint64_t needed, std::uint64_t free, Unit unit)
      : root_(std::move(root)), needed_(needed), free_(free), unit_(unit) {}
  ObjectionKind kind() const override { return ObjectionKind::not_enough_space; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override {
    return "not enough space below " + root_ + ": the release needs " + amount(needed_, unit_) +
           ", " + amount(free_, unit_) + " are free";
  }
  std::string hint() const override {
    return "free some space, for example with `relup remove` of an old release";
  }

 private:
  std::string root_;
  std::uint64_t needed_;
  std::uint64_t free_;
  Unit unit_;
};

}  // namespace

Objections not_enough_space(const FilesView& view) {
  Objections found;
  if (!view.change.incoming) return found;
  const std::string& root = view.host.root;
  const host::LeftOver left_over = host::left_over(view.files, view.host);
  const auto look = [&](std::uint64_t needed, std::uint64_t free, Unit unit) {
    if (free < needed) found.push_back(object<NotEnoughSpace>(root, needed, free, unit));
  };
  look(host::needed_bytes(*view.change.incoming), view.files.free_bytes(root) + left_over.bytes,
       Unit::bytes);
  if (const auto free = view.files.free_files(root)) {
    look(view.change.incoming->members, *free + left_over.files, Unit::files);
  }
  return found;
}

}  // namespace relup::change::by_files
