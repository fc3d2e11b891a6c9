// SPDX-License-Identifier: Apache-2.0
//
// Why these rules keep every write inside the release. A path has no `..`, no empty and no `.`
// component and does not begin with `/`, and no member lies under a path that is not a directory;
// so no member is written through a link. A link's target may step up only at its front, where all
// that is stepped out of are the link's own parents, which are real directories; the path it then
// names must be a place where members are allowed. Whatever other links it passes through obey the
// same rule, so following links never leaves the release either.
//
// Two members of one path are refused because readers disagree (some keep the first, some the
// last): what was checked might not be what is used. The same holds for paths that differ in case
// only, on a file system that folds case. Letters beyond ASCII are not folded.

#include "release/archive_rules.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "term/utf8.hpp"

namespace relup::release {
namespace {

constexpr unsigned setuid_setgid_sticky = 07000;

std::string fold(std::string_view path) {
  std::string folded(path);
  for (char& letter : folded) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return folded;
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> components;
  for (std::size_t begin = 0;;) {
    const std::size_t slash = path.find('/', begin);
    components.push_back(path.substr(begin, slash - begin));
    if (slash == std::string_view::npos) return components;
    begin = slash + 1;
  }
}

// ASCII controls, DEL, and the controls of Latin-1, which some terminals obey too.
bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

bool has_control(std::string_view text) {
  while (!text.empty()) {
    if (is_control(take_code_point(text))) return true;
  }
  return false;
}

bool is_release_directory(std::string_view name) {
  constexpr std::string_view erts = "erts-";
  return name == "lib" || name == "releases" || name == "bin" ||
         (name.starts_with(erts) && name.size() > erts.size());
}

std::string kind_name(MemberType type) {
  switch (type) {
    case MemberType::hard_link:
      return "a hard link";
    case MemberType::sparse:
      return "a sparse file";
    case MemberType::fifo:
      return "a FIFO";
    case MemberType::character_device:
      return "a character device";
    case MemberType::block_device:
      return "a block device";
    default:
      return "of an unknown kind";
  }
}

std::string_view without_final_slash(const Member& member) {
  std::string_view path = member.path;
  if (member.type == MemberType::directory && path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t code_point = take_code_point(text);
    const std::string_view raw = before.substr(0, before.size() - text.size());
    if (is_control(code_point) || !is_valid_utf8(raw)) {
      for (const char byte : raw)
        result += "\\x" + hex({&byte, 1});
    } else {
      result += raw;
    }
  }
  return result + '"';
}

MemberChecker::MemberChecker(std::string archive, std::uint64_t packed_bytes,
                             const ArchiveLimits& limits)
    : archive_(std::move(archive)), packed_bytes_(packed_bytes), limits_(limits) {}

void MemberChecker::check(const Member& member) {
  check_limits(member);
  check_type(member);
  const std::string_view path = without_final_slash(member);
  const Components components = check_path(member, path);
  check_place(member, components);
  if (member.type == MemberType::symlink) check_link(member, components);
  record_parents(member, path);
  record(member, path);
}

void MemberChecker::check_limits(const Member& member) {
  ++members_;
  if (members_ > limits_.members) {
    fail(member, "the archive has more than " + std::to_string(limits_.members) + " members");
  }
  if (member.path.size() > limits_.path_bytes) {
    fail(member, "the name has more than " + std::to_string(limits_.path_bytes) + " bytes");
  }
  if (member.size > limits_.member_bytes) {
    fail(member, "has " + std::to_string(member.size) + " bytes, more than the " +
                     std::to_string(limits_.member_bytes) + " allowed");
  }
  total_bytes_ += member.size;
  if (total_bytes_ > limits_.total_bytes) {
    fail(member, "the members up to here have more than " + std::to_string(limits_.total_bytes) +
                     " bytes together");
  }
  if (total_bytes_ > limits_.ratio_from_bytes && total_bytes_ / limits_.ratio > packed_bytes_) {
    fail(member, "the archive unpacks to more than " + std::to_string(limits_.ratio) +
                     " times its own size");
  }
}

void MemberChecker::check_type(const Member& member) const {
  const bool allowed = member.type == MemberType::regular || member.type == MemberType::directory ||
                       member.type == MemberType::symlink;
  if (!allowed) {
    fail(member, "is " + kind_name(member.type) +
                     "; only files, directories and symbolic links are allowed");
  }
  if ((member.mode & setuid_setgid_sticky) != 0) {
    fail(member, "has the setuid, setgid or sticky bit");
  }
}

void MemberChecker::check_text(const Member& member, std::string_view text,
                               const std::string& what) const {
  if (text.empty()) fail(member, what + " is empty");
  if (!is_valid_utf8(text)) fail(member, what + " is not valid UTF-8");
  if (has_control(text)) fail(member, what + " has control characters");
  if (text.starts_with('/')) fail(member, what + " is absolute");
}

MemberChecker::Components MemberChecker::check_path(const Member& member,
                                                    std::string_view path) const {
  check_text(member, path, "the name");
  Components components = split(path);
  for (const std::string_view component : components) {
    if (component.empty()) fail(member, "the name has an empty component");
    if (component == "." || component == "..") {
      fail(member, "the name has a component `" + std::string(component) + "`");
    }
  }
  return components;
}

void MemberChecker::check_place(const Member& member, const Components& path) const {
  if (!is_release_directory(path.front())) {
    fail(member, "is outside of lib/, releases/, bin/ and erts-VSN/");
  }
  if (path.size() == 1 && member.type != MemberType::directory) {
    fail(member, "must be a directory");
  }
}

void MemberChecker::check_link(const Member& member, const Components& path) const {
  if (member.link_target.size() > limits_.path_bytes) {
    fail(member, "the link has more than " + std::to_string(limits_.path_bytes) + " bytes");
  }
  check_text(member, member.link_target, "the link");
  const Components target = split(member.link_target);
  const auto down = std::find_if(target.begin(), target.end(),
                                 [](std::string_view component) { return component != ".."; });
  for (auto component = down; component != target.end(); ++component) {
    if (component->empty() || *component == "." || *component == "..") {
      fail(member, "the link to " + quoted(member.link_target) +
                       " is not a plain path: `..` may only stand at its front");
    }
  }
  const auto ups = static_cast<std::size_t>(down - target.begin());
  const std::size_t parents = path.size() - 1;
  const bool inside =
      ups < parents || (ups == parents && down != target.end() && is_release_directory(*down));
  if (!inside) fail(member, "the link to " + quoted(member.link_target) + " leads out");
}

void MemberChecker::record_parents(const Member& member, std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const std::string_view parent = path.substr(0, slash);
    const Entry* entry = find(member, parent);
    if (entry == nullptr) {
      insert(member, parent, Kind::implied_directory);
    } else if (entry->kind == Kind::other) {
      fail(member, "lies under " + quoted(parent) + ", which is not a directory");
    }
  }
}

void MemberChecker::record(const Member& member, std::string_view path) {
  const bool is_directory = member.type == MemberType::directory;
  Entry* entry = find(member, path);
  if (entry == nullptr) {
    insert(member, path, is_directory ? Kind::directory : Kind::other);
  } else if (entry->kind == Kind::implied_directory && is_directory) {
    entry->kind = Kind::directory;
  } else if (entry->kind == Kind::implied_directory) {
    fail(member, "stands where earlier members need a directory");
  } else {
    fail(member, "occurs twice");
  }
}

MemberChecker::Entry* MemberChecker::find(const Member& member, std::string_view path) {
  const auto found = entries_.find(fold(path));
  if (found == entries_.end()) return nullptr;
  if (found->second.path != path) {
    fail(member, "differs from " + quoted(found->second.path) + " in case only");
  }
  return &found->second;
}

void MemberChecker::insert(const Member& member, std::string_view path, Kind kind) {
  recorded_bytes_ += path.size();
  if (recorded_bytes_ > limits_.all_paths_bytes) {
    fail(member, "the names up to here have more than " + std::to_string(limits_.all_paths_bytes) +
                     " bytes together");
  }
  entries_.emplace(fold(path), Entry{std::string(path), kind});
}

void MemberChecker::fail(const Member& member, const std::string& rule) const {
  constexpr std::size_t shown = 200;
  std::string name = quoted(std::string_view(member.path).substr(0, shown));
  if (member.path.size() > shown) name += "..";
  throw Error(ErrorCode::bad_input, archive_ + ": member " + name + ": " + rule)
      .with_hint("nothing was unpacked; `relup pack` makes tarballs that keep the rules");
}

}  // namespace relup::release
