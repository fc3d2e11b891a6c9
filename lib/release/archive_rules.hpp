// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a tarball may hold that is going to be installed: an allow-list, since no extraction flag of
// an archive library refuses all that can hurt (device files, links that lead out, names that a
// terminal obeys, two members that readers pick differently). MemberChecker is fed every member in
// archive order before anything is written; the first that breaks a rule is an Error (bad_input)
// naming the archive, the member and the rule.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace relup::release {

enum class MemberType {
  regular,
  directory,
  symlink,
  hard_link,
  sparse,
  fifo,
  character_device,
  block_device,
  other,
};

struct Member {
  std::string path;  // as the archive has it, any bytes
  MemberType type = MemberType::regular;
  unsigned mode = 0644;     // permission bits with setuid, setgid and sticky
  std::uint64_t size = 0;   // of the data, bytes
  std::string link_target;  // of links
};

// Far above any release (OTP with all applications: 10,000 files, 300 MB, packed 4:1), and low
// enough that what is left cannot hurt a host. A GiB of zeros packs 1030:1.
struct ArchiveLimits {
  std::size_t members = 100'000;
  std::size_t path_bytes = 4096;
  std::size_t all_paths_bytes = 16U << 20U;  // with the directories that paths imply
  std::uint64_t member_bytes = 2ULL << 30U;
  std::uint64_t total_bytes = 8ULL << 30U;
  std::uint64_t ratio = 200;                    // unpacked to packed ..
  std::uint64_t ratio_from_bytes = 16U << 20U;  // .. of an archive that unpacks to more than this
};

// `text` in double quotes, with everything a terminal might obey written as \xNN.
std::string quoted(std::string_view text);

class MemberChecker {
 public:
  // `packed_bytes` is the size of the archive itself.
  MemberChecker(std::string archive, std::uint64_t packed_bytes, const ArchiveLimits& limits = {});

  void check(const Member& member);

 private:
  enum class Kind { implied_directory, directory, other };
  struct Entry {
    std::string path;
    Kind kind;
  };
  using Components = std::vector<std::string_view>;

  void check_limits(const Member& member);
  void check_type(const Member& member) const;
  void check_text(const Member& member, std::string_view text, const std::string& what) const;
  Components check_path(const Member& member, std::string_view path) const;
  void check_place(const Member& member, const Components& path) const;
  void check_link(const Member& member, const Components& path) const;
  void record_parents(const Member& member, std::string_view path);
  void record(const Member& member, std::string_view path);
  Entry* find(const Member& member, std::string_view path);
  void insert(const Member& member, std::string_view path, Kind kind);
  [[noreturn]] void fail(const Member& member, const std::string& rule) const;

  std::string archive_;
  std::uint64_t packed_bytes_;
  ArchiveLimits limits_;
  std::size_t members_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::size_t recorded_bytes_ = 0;
  std::unordered_map<std::string, Entry> entries_;  // by case-folded path
};

}  // namespace relup::release
