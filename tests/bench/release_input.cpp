// SPDX-License-Identifier: Apache-2.0
#include "release_input.hpp"

#include <iomanip>
#include <sstream>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "release/app_file.hpp"
#include "term/parser.hpp"
#include "term/printer.hpp"

namespace relup::bench {
namespace {

constexpr const char* old_version = "0.1";

struct Application {
  std::string name;
  std::string version;
  std::vector<std::string> modules;  // as Erlang writes them
  std::string app_file;
  std::string old_app_file;  // the same application at the old version
  bool is_changed = true;    // it has an old version, and an appup
};

void write_file(const std::string& path, const std::string& text) {
  FileSystem& files = real_file_system();
  files.make_directories(parent_path(path));
  files.create(path, 0644)->append(text);
}

std::string instruction(const std::vector<std::string>& modules, std::size_t i, AppupStyle style) {
  switch (style) {
    case AppupStyle::load_module:
      return "{load_module," + modules[i] + "}";
    case AppupStyle::update_advanced:
      return "{update," + modules[i] + ",{advanced,[]}}";
    case AppupStyle::chain:
      break;
  }
  const bool is_last = i + 1 == modules.size();
  return "{load_module," + modules[i] + ",[" + (is_last ? "" : modules[i + 1]) + "]}";
}

std::string appup_text(const Application& application, AppupStyle style) {
  std::string instructions;
  for (std::size_t i = 0; i < application.modules.size(); ++i) {
    instructions += (i == 0 ? "\n    " : ",\n    ") + instruction(application.modules, i, style);
  }
  const std::string entries = "[{\"" + std::string(old_version) + "\",[" + instructions + "]}]";
  return "{\"" + application.version + "\",\n " + entries + ",\n " + entries + "}.\n";
}

enum class Side { old_one, new_one };

std::string rel_text(const std::vector<Application>& applications, Side side) {
  const bool is_old = side == Side::old_one;
  std::string list;
  for (const Application& application : applications) {
    const bool at_old = is_old && application.is_changed;
    list += (list.empty() ? "\n  {" : ",\n  {") + application.name + ",\"" +
            (at_old ? old_version : application.version) + "\"}";
  }
  return "{release,{\"bench\",\"" + std::string(is_old ? "1" : "2") + "\"},{erts,\"1.0\"},[" +
         list + "]}.\n";
}

std::size_t write_release(const std::vector<Application>& applications, AppupStyle style,
                          const std::string& directory) {
  std::size_t modules = 0;
  for (const Application& application : applications) {
    const std::string library = directory + "/lib/" + application.name + "-";
    const std::string file = "/ebin/" + application.name + ".app";
    write_file(library + application.version + file, application.app_file);
    if (!application.is_changed) continue;
    write_file(library + application.version + file + "up", appup_text(application, style));
    write_file(library + old_version + file, application.old_app_file);
    modules += application.modules.size();
  }
  write_file(directory + "/new.rel", rel_text(applications, Side::new_one));
  write_file(directory + "/old.rel", rel_text(applications, Side::old_one));
  return modules;
}

// The value of `vsn` in the term of an `.app` file.
const Term& version_term(const Term& application) {
  for (const Term& entry : *(*application.as_tuple())[2].as_list()) {
    if (entry.is_tagged("vsn", 2)) return (*entry.as_tuple())[1];
  }
  throw Error(ErrorCode::bad_input, "an .app file without a version");
}

Application read_installed(const std::string& path) {
  const Source source = make_source(path, real_file_system().read(path));
  const auto parsed = parse_first_term(*source);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    throw Error(ErrorCode::bad_input, describe(*error, *source));
  }
  const Term& term = std::get<ParsedTerm>(parsed).term;
  Problems problems;
  const auto file = release::read_app_term(term, source, 28, problems);
  if (!file) throw Error(ErrorCode::bad_input, path + ": " + problems.front().diagnostic.message);
  Application application{print_atom(file->name.name()), file->version, {}, {}, {}, true};
  for (const Atom module : file->modules)
    application.modules.push_back(print_atom(module.name()));
  application.app_file = source->text();
  const Span version = version_term(term).span();
  application.old_app_file = application.app_file;
  application.old_app_file.replace(version.begin, version.end - version.begin,
                                   "\"" + std::string(old_version) + "\"");
  return application;
}

std::string made_up_app_file(const Application& application, const std::string& version) {
  std::string modules;
  for (const std::string& module : application.modules)
    modules += (modules.empty() ? "\n    " : ",\n    ") + module;
  const bool is_first = application.name == "kernel";
  return "{application," + application.name + ",\n [{description,\"Made up\"},\n  {vsn,\"" +
         version + "\"},\n  {modules,[" + modules + "]},\n  {registered,[]},\n  {applications,[" +
         (is_first                       ? ""
          : application.name == "stdlib" ? "kernel"
                                         : "kernel,stdlib") +
         "]}]}.\n";
}

std::string numbered(const std::string& prefix, std::size_t number) {
  std::ostringstream name;
  name << prefix << std::setw(4) << std::setfill('0') << number;
  return name.str();
}

}  // namespace

std::size_t write_otp_release(const std::string& erlang_root, AppupStyle style,
                              const std::string& directory) {
  FileSystem& files = real_file_system();
  std::vector<Application> applications;
  for (const DirectoryEntry& entry : files.list(erlang_root + "/lib")) {
    const std::string name = entry.name.substr(0, entry.name.find('-'));
    const std::string path = erlang_root + "/lib/" + entry.name + "/ebin/" + name + ".app";
    if (files.is_file(path)) applications.push_back(read_installed(path));
  }
  return write_release(applications, style, directory);
}

std::size_t write_made_up_release(const Shape& shape, AppupStyle style,
                                  const std::string& directory) {
  std::vector<Application> applications;
  for (const char* name : {"kernel", "stdlib", "sasl"}) {
    Application application{name, "9.0", {}, {}, {}, false};
    application.app_file = made_up_app_file(application, application.version);
    applications.push_back(std::move(application));
  }
  for (std::size_t number = 1; number <= shape.applications; ++number) {
    Application application{numbered("app", number), "1.0", {}, {}, {}, true};
    for (std::size_t module = 1; module <= shape.modules_each; ++module) {
      application.modules.push_back(numbered(application.name + "_mod", module));
    }
    application.app_file = made_up_app_file(application, application.version);
    application.old_app_file = made_up_app_file(application, old_version);
    applications.push_back(std::move(application));
  }
  return write_release(applications, style, directory);
}

}  // namespace relup::bench
