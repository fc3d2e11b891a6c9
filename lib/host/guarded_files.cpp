// SPDX-License-Identifier: Apache-2.0
#include "host/guarded_files.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "release/releases_file.hpp"

namespace relup::host {
namespace {

constexpr const char* guarded[] = {releases_of_otp, start_erl_data_of_otp};

}  // namespace

bool is_whole(const std::string& file, const std::string& bytes) {
  try {
    if (file == releases_of_otp) {
      release::parse_releases_file(file, bytes);
    } else {
      release::parse_start_erl_data(file, bytes);
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

const KeptFile* GuardedFiles::latest(const std::string& file) const {
  const auto& kept = journal_.operation().kept;
  for (auto each = kept.rbegin(); each != kept.rend(); ++each) {
    if (each->file == file) return &*each;
  }
  return nullptr;
}

void GuardedFiles::restore(const KeptFile& file) {
  const std::string path = join_path(root_, file.file);
  if (!file.copy) {
    if (!files_.link_info(path)) return;
    files_.remove_file(path);
    return files_.sync_directory(parent_path(path));
  }
  const auto content = kept_content(files_, root_, journal_.operation(), file);
  if (!content)
    throw Error(ErrorCode::uncertain, "the copy of " + file.file + " that was kept is damaged");
  replace_file(files_, path, *content);
}

void GuardedFiles::mend() {
  for (const char* file : guarded) {
    const auto content = files_.read_if_exists(join_path(root_, file));
    if (content && is_whole(file, *content)) continue;
    const KeptFile* kept = latest(file);
    if (kept != nullptr && (content || kept->copy)) restore(*kept);
  }
}

void GuardedFiles::keep() {
  mend();
  for (const char* file : guarded)
    journal_.keep(file);
}

void GuardedFiles::put_back() {
  for (const char* file : guarded) {
    const auto content = files_.read_if_exists(join_path(root_, file));
    const KeptFile* kept = latest(file);
    if (kept == nullptr) continue;
    const bool is_same = content ? sha256_hex(*content) == kept->sha256 : !kept->copy;
    if (!is_same) restore(*kept);
  }
}

void GuardedFiles::settle() {
  for (const char* file : guarded) {
    const std::string path = join_path(root_, file);
    const auto content = files_.read_if_exists(path);
    const KeptFile* kept = latest(file);
    if (kept != nullptr && content && sha256_hex(*content) == kept->sha256) continue;
    if (content && is_whole(file, *content)) {
      replace_file(files_, path, *content);
    } else if (content || (kept != nullptr && kept->copy)) {
      put_back();
      throw Error(ErrorCode::bad_input, path + " could not be read after the node had written it");
    }
  }
}

}  // namespace relup::host
