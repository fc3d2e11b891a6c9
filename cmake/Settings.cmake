# SPDX-License-Identifier: Apache-2.0
# How every target of the project is compiled.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

option(RELUP_WERROR "Treat warnings as errors (developers and CI only)" OFF)
set(RELUP_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")

# What ccache must overlook to keep anything that is compiled with a precompiled header.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(relup_settings INTERFACE)
target_compile_options(relup_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(relup_settings INTERFACE
    -fpch-preprocess    # for ccache
    -Wno-array-bounds)  # false alarms of g++ 12 in std::string, which precompiled headers let through
endif()
target_compile_definitions(relup_settings INTERFACE _GLIBCXX_ASSERTIONS)
target_include_directories(relup_settings INTERFACE ${CMAKE_SOURCE_DIR}/lib)
if(RELUP_WERROR)
  target_compile_options(relup_settings INTERFACE -Werror)
endif()
# Every source tells libFuzzer which way a run took through it.
option(RELUP_FUZZ "Build the fuzz targets with libFuzzer (clang only)" OFF)
if(RELUP_FUZZ)
  target_compile_options(relup_settings INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(relup_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(RELUP_SANITIZE)
  target_compile_options(relup_settings INTERFACE
    -fsanitize=${RELUP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(relup_settings INTERFACE -fsanitize=${RELUP_SANITIZE})
endif()

# Parsing the standard library takes most of the time that a small file needs, so each library and
# program has it precompiled. Every source includes what it uses all the same: `./dev check` reads
# them without (CMAKE_DISABLE_PRECOMPILE_HEADERS).
set(relup_precompiled_headers
  <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <string> <string_view>
  <tuple> <utility> <variant> <vector>)

# Tests are compiled without optimisation: most of their time would go into macros that run once.
add_library(relup_test_settings INTERFACE)
target_link_libraries(relup_test_settings INTERFACE relup_settings)
target_compile_options(relup_test_settings INTERFACE -O0)
