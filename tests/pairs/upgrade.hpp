// SPDX-License-Identifier: Apache-2.0
#pragma once

// Releases on a file system, and what `generate` makes of them: the common ground of the tests of
// this folder.

#include <string>
#include <vector>

#include "generate/generate_upgrade.hpp"
#include "policy/policy.hpp"
#include "release/release_tree.hpp"
#include "relup/compile.hpp"
#include "support/memory_file_system.hpp"

namespace relup::pairs {

class Upgrade {
 public:
  // The roots of releases in `files`, which must outlive this.
  Upgrade(FileSystem& files, const std::vector<std::string>& bases, const std::string& target,
          policy::Policy policy = {});

  generate::Generated generate() const;
  // What the compiler makes of the appups, which are put into the tree of the target.
  CompileResult compile(const generate::Generated& generated) const;

  const std::vector<release::ReleaseTree>& bases() const { return bases_; }
  const release::ReleaseTree& target() const { return target_; }

 private:
  release::ReleaseTree load(const std::string& root) const;

  FileSystem& files_;
  std::vector<release::ReleaseTree> bases_;
  release::ReleaseTree target_;
  policy::Policy policy_;
};

// All of it as one text, to compare.
std::string text_of(const generate::Generated& generated);

}  // namespace relup::pairs
