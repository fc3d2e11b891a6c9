// SPDX-License-Identifier: Apache-2.0
#include "support/sample_release.hpp"

#include "base/replace_file.hpp"
#include "term/external.hpp"

namespace relup::support {
namespace {

std::vector<SampleApplication> with_otp(const SampleRelease& release) {
  std::vector<SampleApplication> all{
      {"kernel", "8.5.3", {}, {}}, {"stdlib", "4.2", {}, {"kernel"}}, {"sasl", "4.2"}};
  all.insert(all.end(), release.applications.begin(), release.applications.end());
  return all;
}

// A boot script that does nothing (script(4)).
std::string boot_file(const SampleRelease& release) {
  return encode_external(tagged(
      "script", Term::tuple({Term::string(release.name), Term::string(release.version)}), Term()));
}

std::string comma_separated(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

void write_file(FileSystem& files, const std::string& path, const std::string& bytes,
                unsigned mode) {
  files.make_directories(parent_path(path));
  replace_file(files, path, bytes, {mode, Durability::can_be_made_again});
}

std::string app_file_text(const SampleApplication& application) {
  std::vector<std::string> modules;
  for (const auto& module : application.modules)
    modules.push_back("'" + module.first + "'");
  return "{application, " + application.name + ",\n [{description, \"" + application.name +
         "\"},\n  {vsn, \"" + application.version + "\"},\n  {modules, [" +
         comma_separated(modules) + "]},\n  {registered, []},\n  {applications, [" +
         comma_separated(application.needs) + "]}]}.\n";
}

void write_release(FileSystem& files, const std::string& root, const SampleRelease& release) {
  std::vector<std::string> entries;
  for (const SampleApplication& application : with_otp(release)) {
    const std::string ebin =
        join_path(root, "lib/" + application.name + "-" + application.version + "/ebin/");
    write_file(files, ebin + application.name + ".app", app_file_text(application));
    for (const auto& [module, bytes] : application.modules)
      write_file(files, ebin + module + ".beam", bytes);
    entries.push_back("{" + application.name + ",\"" + application.version + "\"}");
  }
  const std::string directory = join_path(root, "releases/" + release.version + "/");
  write_file(files, directory + release.name + ".rel",
             "{release, {\"" + release.name + "\", \"" + release.version + "\"}, {erts, \"" +
                 release.erts + "\"},\n [" + comma_separated(entries) + "]}.\n");
  write_file(files, directory + "start.boot", boot_file(release));
  write_file(files, directory + "sys.config", "[].\n");
  write_file(files, join_path(root, "releases/start_erl.data"),
             release.erts + " " + release.version);
}

}  // namespace relup::support
