# SPDX-License-Identifier: Apache-2.0
# Libraries of others. Debian 12 has all of them; ./dev installs what is missing.
#
# They are linked statically where that is possible, so that the program needs nothing but libc on a
# host and starts as fast as /bin/true; the shared libarchive alone brings libxml2 and ICU. The static
# one names those too, in code that nobody calls: --gc-sections drops it before it is missed.
option(RELUP_STATIC_LIBRARIES "Link the libraries of others statically where they can be" ON)
if(RELUP_STATIC_LIBRARIES)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
  add_link_options(-Wl,--gc-sections)
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(LibArchive REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)

# libmd (MD5, SHA-256), libsodium (BLAKE2b, Ed25519), libdeflate (compression) and GMP (integers beyond
# 64 bits).
find_library(MD_LIBRARY md REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)
find_library(DEFLATE_LIBRARY deflate REQUIRED)
find_library(GMP_LIBRARY gmp REQUIRED)
find_library(GMPXX_LIBRARY gmpxx REQUIRED)

# yaml-cpp's package file knows the shared library only.
find_library(YAML_CPP_LIBRARY yaml-cpp REQUIRED)

# `ei`, the C side of the Erlang distribution, comes with Erlang and has no package file of its own.
find_path(EI_INCLUDE_DIR ei.h REQUIRED PATHS /usr/lib/erlang/usr/include)
find_library(EI_LIBRARY ei REQUIRED PATHS /usr/lib/erlang/usr/lib)
add_library(ei::ei UNKNOWN IMPORTED)
set_target_properties(ei::ei PROPERTIES
  IMPORTED_LOCATION ${EI_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${EI_INCLUDE_DIR}
  INTERFACE_LINK_LIBRARIES Threads::Threads)
