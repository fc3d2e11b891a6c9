// SPDX-License-Identifier: Apache-2.0
#include "fuzz/checked_compile.hpp"

#include <cstdio>
#include <cstdlib>

#include "base/diagnostic_json.hpp"
#include "base/diagnostic_text.hpp"
#include "base/json.hpp"
#include "support/memory_file_system.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::fuzz {
namespace {

void check_relup(const Relup& relup) {
  const Term term = to_term(relup);
  const std::string bytes = term_file(term);
  require(parse_single_term("relup", bytes) == term, "the relup reads back as another term");
}

void check_diagnostics(const CompileResult& result) {
  for (const Diagnostic& diagnostic : result.diagnostics) {
    require(!diagnostic.message.empty(), "a diagnostic without a message");
    require(!to_text(diagnostic, TextStyle{.show_otp = true}).empty(), "a diagnostic without text");
  }
  require(!dump(to_json(result.diagnostics)).empty(), "diagnostics without a document");
}

struct SmallFile {
  const char* path;
  const char* text;
};

constexpr SmallFile small_release[] = {
    {"new/shop.rel",
     "{release,{\"shop\",\"2\"},{erts,\"13.1.5\"},[{kernel,\"8.5\"},{stdlib,\"4.2\"},"
     "{sasl,\"4.2\"},{shop,\"2\"},{till,\"1.1\"}]}.\n"},
    {"old/shop.rel",
     "{release,{\"shop\",\"1\"},{erts,\"13.1.5\"},[{kernel,\"8.5\"},{stdlib,\"4.2\"},"
     "{sasl,\"4.2\"},{shop,\"1\"},{ledger,\"1\"}]}.\n"},
    {"kernel/ebin/kernel.app",
     "{application,kernel,[{description,\"\"},{vsn,\"8.5\"},{modules,[]},{registered,[]},"
     "{applications,[]}]}.\n"},
    {"stdlib/ebin/stdlib.app",
     "{application,stdlib,[{description,\"\"},{vsn,\"4.2\"},{modules,[]},{registered,[]},"
     "{applications,[kernel]}]}.\n"},
    {"sasl/ebin/sasl.app",
     "{application,sasl,[{description,\"\"},{vsn,\"4.2\"},{modules,[]},{registered,[]},"
     "{applications,[kernel,stdlib]}]}.\n"},
    {"shop-1/ebin/shop.app",
     "{application,shop,[{description,\"\"},{vsn,\"1\"},{modules,[shop_a,shop_b,shop_old]},"
     "{registered,[]},{applications,[kernel,stdlib]}]}.\n"},
    {"shop-2/ebin/shop.app",
     "{application,shop,[{description,\"\"},{vsn,\"2\"},{modules,[shop_a,shop_b,shop_new]},"
     "{registered,[]},{applications,[kernel,stdlib]},{mod,{shop_a,[]}},{env,[]}]}.\n"},
    {"shop-2/ebin/shop.appup",
     "{\"2\",[{\"1\",[{update,shop_a,{advanced,[]},[shop_b]},{load_module,shop_b},"
     "{add_module,shop_new},{delete_module,shop_old}]}],"
     "[{<<\"1(\\\\.[0-9]+)*\">>,[{update,shop_a,{advanced,[]},[shop_b]},{load_module,shop_b},"
     "{add_module,shop_old},{delete_module,shop_new}]}]}.\n"},
    {"ledger/ebin/ledger.app",
     "{application,ledger,[{description,\"\"},{vsn,\"1\"},{modules,[ledger]},{registered,[]},"
     "{applications,[kernel,stdlib]}]}.\n"},
    {"till/ebin/till.app",
     "{application,till,[{description,\"\"},{vsn,\"1.1\"},{modules,[till]},{registered,[]},"
     "{applications,[kernel,stdlib,shop]}]}.\n"},
};

const char* path_of(FuzzedFile fuzzed) {
  switch (fuzzed) {
    case FuzzedFile::app:
      return "shop-2/ebin/shop.app";
    case FuzzedFile::appup:
      return "shop-2/ebin/shop.appup";
    case FuzzedFile::rel:
      break;
  }
  return "new/shop.rel";
}

}  // namespace

void require(bool is_true, const char* what) {
  if (is_true) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void checked_compile(FileSystem& files, const CompileRequest& request) {
  const CompileResult result = compile(files, request);
  require(result.relup.has_value() != has_errors(result.diagnostics), "a relup or errors");
  check_diagnostics(result);
  if (result.relup) check_relup(*result.relup);
}

void compile_with(FuzzedFile fuzzed, std::string_view text) {
  support::MemoryFileSystem files;
  for (const SmallFile& file : small_release)
    files.add_file(file.path, file.text);
  files.add_file(path_of(fuzzed), text);
  CompileRequest request;
  request.top = "new/shop";
  request.up_from = {{"old/shop", Term()}};
  request.down_to = request.up_from;
  request.path = {"*/ebin"};
  for (const int major : {25, 28}) {
    request.otp.major = major;
    checked_compile(files, request);
  }
}

}  // namespace relup::fuzz
