# SPDX-License-Identifier: Apache-2.0
# A layer is a folder of lib/, all sources below it, and a static library `relup_NAME`; MADE are
# sources that the build makes. Its USES may only name layers that
# stand before it in lib/CMakeLists.txt; scripts/check_layers holds the #includes to the same order.

function(relup_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 LAYER "" "" "MADE;USES;LINKS")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  add_library(relup_${name} STATIC ${sources} ${LAYER_MADE})
  list(TRANSFORM LAYER_USES PREPEND relup_)
  target_link_libraries(relup_${name} PUBLIC ${LAYER_USES} PRIVATE relup_settings ${LAYER_LINKS})
  target_include_directories(relup_${name} PUBLIC ${CMAKE_SOURCE_DIR}/lib)
  target_precompile_headers(relup_${name} PRIVATE ${relup_precompiled_headers})
endfunction()

# What every program of GoogleTest has: the library, its headers precompiled once for all of them
# (tests/support), where the samples lie and which program is tested.
function(relup_test_program name)
  target_link_libraries(${name} PRIVATE relup_test_settings GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM relup_test_headers)
  target_compile_definitions(${name} PRIVATE
    RELUP_TESTDATA="${CMAKE_SOURCE_DIR}/testdata" RELUP_PROGRAM="$<TARGET_FILE:relup>")
endfunction()

# How long tests may take: this ends what hangs and measures nothing. Sanitizers make programs several
# times slower.
function(relup_time_limit seconds)
  if(RELUP_SANITIZE)
    math(EXPR seconds "4 * ${seconds}")
  endif()
  set_tests_properties(${ARGN} PROPERTIES TIMEOUT ${seconds})
endfunction()

# A GoogleTest program `NAME_test` over one layer; it also registers with ctest.
function(relup_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "TIMEOUT" "SOURCES;USES;LABELS")
  add_executable(${name}_test ${TEST_SOURCES})
  list(TRANSFORM TEST_USES PREPEND relup_)
  target_link_libraries(${name}_test PRIVATE ${TEST_USES})
  relup_test_program(${name}_test)
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name}_test)
  if(TEST_TIMEOUT)
    relup_time_limit(${TEST_TIMEOUT} ${name})
  endif()
  if(TEST_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}")
  endif()
endfunction()
