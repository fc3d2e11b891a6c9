// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/file_system.hpp"

namespace relup {
namespace {

struct Join {
  const char* directory;
  const char* name;
  const char* path;
};

TEST(Path, Joins) {
  for (const Join& one :
       {Join{"a", "b", "a/b"}, Join{"a/", "b", "a/b"}, Join{"/", "b", "/b"}, Join{"", "b", "b"},
        Join{"a", "/b", "/b"}, Join{"a", "", "a/"}, Join{"a/b", "c/d", "a/b/c/d"}}) {
    EXPECT_EQ(join_path(one.directory, one.name), one.path);
  }
}

struct Split {
  const char* path;
  const char* parent;
  const char* base;
};

TEST(Path, TakesApart) {
  for (const Split& one : {Split{"a/b", "a", "b"}, Split{"/a", "/", "a"}, Split{"/", "/", ""},
                           Split{"a", ".", "a"}, Split{"a/b/", "a", "b"}, Split{"a/b//", "a", "b"},
                           Split{"/a/b.c", "/a", "b.c"}, Split{"", ".", ""}}) {
    EXPECT_EQ(parent_path(one.path), one.parent) << one.path;
    EXPECT_EQ(base_name(one.path), one.base) << one.path;
  }
}

}  // namespace
}  // namespace relup
