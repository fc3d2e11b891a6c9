// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file descriptor of the operating system that closes itself. For code of this room that talks to
// the system; everybody else has FileSystem.

#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "base/file_system.hpp"

namespace relup {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }

 private:
  int value_;
};

// A file that is open for writing; messages call it `path`.
std::unique_ptr<WritableFile> writable_file(Descriptor descriptor, std::string path);
// The same for reading. What is no regular file is read at once; a closed descriptor is an Error of
// the last system call.
std::unique_ptr<ReadableFile> readable_file(Descriptor descriptor, std::string path);

}  // namespace relup
