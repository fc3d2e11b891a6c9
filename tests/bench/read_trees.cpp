// SPDX-License-Identifier: Apache-2.0
//
// read_trees ROOT...: the least that any comparison of release trees has to do. It lists every
// lib/*/ebin, opens and reads each regular file there with two threads, looks at nothing, and
// prints how much it was. What a real comparison takes beyond that is its own.
//
// A file is read at one go into the same buffer each time: a buffer that is larger than the file
// and comes back partly filled says that this was all of it.

#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

struct File {
  int directory;
  std::string name;
};

struct Total {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

template <typename Visit>
void visit_directory(int directory, Visit visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(::dup(directory)), ::closedir);
  if (!stream) return;
  while (const dirent* entry = ::readdir(stream.get()))
    visit(*entry);
}

// The directories stay open: a file is opened by its name in its directory, which is quicker than
// by its whole path.
void list_ebin(int directory, std::vector<File>& files) {
  visit_directory(directory, [&](const dirent& entry) {
    if (entry.d_type == DT_REG) files.push_back({directory, entry.d_name});
  });
}

std::vector<File> list_trees(const std::vector<std::string>& roots) {
  std::vector<File> files;
  for (const std::string& root : roots) {
    const int lib = ::open((root + "/lib").c_str(), O_RDONLY | O_DIRECTORY);
    visit_directory(lib, [&](const dirent& entry) {
      const std::string ebin = std::string(entry.d_name) + "/ebin";
      if (entry.d_name[0] == '.') return;
      const int directory = ::openat(lib, ebin.c_str(), O_RDONLY | O_DIRECTORY);
      if (directory >= 0) list_ebin(directory, files);
    });
  }
  return files;
}

std::uint64_t read_file(const File& file, std::vector<char>& buffer) {
  const int descriptor = ::openat(file.directory, file.name.c_str(), O_RDONLY);
  std::uint64_t bytes = 0;
  ssize_t count = 0;
  do {
    count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) bytes += static_cast<std::uint64_t>(count);
  } while (count == static_cast<ssize_t>(buffer.size()));
  ::close(descriptor);
  return bytes;
}

// Takes one file after the other until none is left.
Total read_files(const std::vector<File>& files, std::atomic<std::size_t>& next) {
  Total total;
  std::vector<char> buffer(std::size_t{1} << 20U);
  for (std::size_t i = next++; i < files.size(); i = next++) {
    ++total.files;
    total.bytes += read_file(files[i], buffer);
  }
  return total;
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::vector<File> files = list_trees({arguments + 1, arguments + argument_count});
  std::atomic<std::size_t> next = 0;
  Total of_other;
  std::thread other([&] { of_other = read_files(files, next); });
  Total total = read_files(files, next);
  other.join();
  total.files += of_other.files;
  total.bytes += of_other.bytes;
  std::printf("%" PRIu64 " files, %" PRIu64 " bytes\n", total.files, total.bytes);
  return files.empty() ? 1 : 0;
}
