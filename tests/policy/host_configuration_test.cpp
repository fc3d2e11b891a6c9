// SPDX-License-Identifier: Apache-2.0
//
// The `host` of relup.yaml: what is right and wrong in it, which of two files counts, where each
// value is from, and whose file is believed.

#include "policy/host_configuration.hpp"

#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "base/error.hpp"
#include "policy/read_policy.hpp"
#include "policy/yaml_as_json.hpp"
#include "support/json_schema.hpp"
#include "support/memory_file_system.hpp"

namespace relup::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string in_root = "/opt/shop/relup.yaml";
constexpr std::uint32_t shop_user = 1000;

class HostConfigurationTest : public ::testing::Test {
 protected:
  HostConfiguration read(std::uint32_t user = shop_user) {
    return read_host_configuration(files_, {{in_root}, {machine_file}}, user);
  }
  // "drain_timeout 30s (default)"
  std::vector<std::string> shown() {
    std::vector<std::string> lines;
    for (const ListedSetting& setting : listed(read().settings)) {
      std::string line = setting.name;
      for (const std::string& value : setting.values)
        line += " [" + value + "]";
      lines.push_back(line + " (" + to_text(setting.origin) + ")");
    }
    return lines;
  }
  // The file with this text and that owner and mode.
  void write(const std::string& path, const std::string& text, std::uint32_t owner = 0,
             unsigned mode = 0644) {
    const auto file = files_.create(path, mode);
    file->append(text);
    file->set_owner(owner, owner);
    file->sync();
  }
  std::string refusal(std::uint32_t user) {
    try {
      read(user);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.message();
    }
    return "";
  }

  HostConfigurationTest() {
    files_.make_directories("/etc/relup");
    files_.make_directories("/opt/shop");
  }
  support::MemoryFileSystem files_;
};

TEST_F(HostConfigurationTest, HasDefaultsWithoutAnyFile) {
  EXPECT_THAT(read().files, IsEmpty());
  EXPECT_THAT(shown(), ElementsAre("drain_timeout [30s] (default)", "suspend_timeout (default)",
                                   "signatures [optional] (default)", "trusted_keys (default)",
                                   "hooks.before-install (default)",
                                   "hooks.after-install (default)", "hooks.before-commit (default)",
                                   "hooks.after-rollback (default)", "hooks.timeout [1m] (default)",
                                   "probes.commands (default)", "probes.functions (default)"));
}

TEST_F(HostConfigurationTest, OfTheRootCountsMoreThanThatOfTheMachine) {
  write(machine_file,
        "host:\n  drain_timeout: 5m\n  probes: {commands: [a, b]}\n"
        "  hooks:\n    before-install: from etc\n    before-commit: ask\n");
  write(in_root,
        "purge: brutal\nhost:\n  hooks: {before-install: from the root}\n"
        "  probes:\n    commands: [c]\n  suspend_timeout: 1500ms\n",
        shop_user);
  EXPECT_THAT(read().files, ElementsAre(in_root, machine_file));
  // 1500ms is wrong, and the rest is read all the same.
  ASSERT_EQ(read().diagnostics.size(), 1U);
  EXPECT_EQ(read().diagnostics[0].file, in_root);
  EXPECT_THAT(
      shown(),
      ElementsAre("drain_timeout [5m] (/etc/relup/relup.yaml, line 2)", "suspend_timeout (default)",
                  "signatures [optional] (default)", "trusted_keys (default)",
                  "hooks.before-install [from the root] (/opt/shop/relup.yaml, line 3)",
                  "hooks.after-install (default)",
                  "hooks.before-commit [ask] (/etc/relup/relup.yaml, line 6)",
                  "hooks.after-rollback (default)", "hooks.timeout [1m] (default)",
                  "probes.commands [c] (/opt/shop/relup.yaml, line 5)",
                  "probes.functions (default)"));
}

TEST_F(HostConfigurationTest, ThatWasNamedMustBeThere) {
  try {
    read_host_configuration(
        files_, {{in_root}, {"/tmp/mine.yaml", ConfigurationFile::Presence::required}}, shop_user);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.message(), HasSubstr("/tmp/mine.yaml"));
  }
}

// Who may write it may say what root runs.
TEST_F(HostConfigurationTest, IsBelievedOnlyIfNobodyElseCouldHaveWrittenIt) {
  const std::string hook = "host: {hooks: {before-install: id}}";
  const struct {
    std::uint32_t owner;
    unsigned mode;
    std::uint32_t user;
    std::string why;
  } cases[] = {
      {0, 0644, 0, ""},
      {0, 0644, shop_user, ""},
      {shop_user, 0664, shop_user, ""},
      {shop_user, 0644, 0, "it belongs to user 1000"},
      {1001, 0644, shop_user, "it belongs to user 1001"},
      {0, 0664, 0, "group 0 may write it"},
      {0, 0646, shop_user, "everybody may write it"},
      {shop_user, 0666, shop_user, "everybody may write it"},
  };
  for (const auto& each : cases) {
    write(in_root, hook, each.owner, each.mode);
    EXPECT_THAT(refusal(each.user), each.why.empty() ? HasSubstr("") : HasSubstr(each.why));
    EXPECT_EQ(refusal(each.user).empty(), each.why.empty());
    files_.remove_file(in_root);
  }
  // Times do no harm.
  write(in_root, "host: {drain_timeout: 1s}", shop_user, 0666);
  EXPECT_EQ(refusal(0), "");
}

// Fault by fault: "line:column message; note". The schema refuses each as well.
TEST_F(HostConfigurationTest, SaysWhatIsWrongAndWhatWouldBeRight) {
  const struct {
    std::string text;
    std::string fault;
  } cases[] = {
      {"[a]", "`host` is a list; expected a map"},
      {"{drain_timout: 1s}", "unknown key `drain_timout`; did you mean `drain_timeout`?"},
      {"{drain_timeout: 30}",
       "`drain_timeout` is `30`; expected a time such as 500ms, 10s, 5m, 2h or 0"},
      {"{suspend_timeout: 0}",
       "`suspend_timeout` is `0`; expected a time such as 10s or 1m, and not less than 5s"},
      {"{signatures: yes}", "`signatures` is `yes`; expected optional or required"},
      {"{trusted_keys: [keys/a.pub]}",
       "one of `trusted_keys` is `keys/a.pub`; expected a file with its whole path"},
      {"{trusted_keys: /a.pub}", "`trusted_keys` is `/a.pub`; expected a list"},
      {"{hooks: {before_install: a}}",
       "unknown key `before_install`; did you mean `before-install`?"},
      {"{hooks: {after-install: [a]}}",
       "`after-install` is a list; expected a command of the shell"},
      {"{hooks: {before-commit: }}", "`before-commit` is empty; expected a command of the shell"},
      {"{hooks: {timeout: 0}}",
       "`timeout` is `0`; expected a time such as 500ms, 10s or 5m, and not 0"},
      {"{probes: {commands: ['']}}", "one of `commands` is ``; expected a command of the shell"},
      {"{probes: {functions: [a:b/1]}}",
       "one of `functions` is `a:b/1`; expected a function without arguments, such as "
       "shop_health:check/0"},
  };
  for (const auto& each : cases) {
    const std::string text = "host:\n  " + each.text + "\n";
    const ReadPolicy read = read_policy("relup.yaml", text);
    ASSERT_EQ(read.diagnostics.size(), 1U) << text;
    const Diagnostic& fault = read.diagnostics[0];
    EXPECT_EQ(fault.message + "; " + fault.notes.at(0), each.fault);
    EXPECT_EQ(fault.source->position(fault.span.begin).line, 2U);
    EXPECT_THAT(support::schema_faults("policy.schema.json", yaml_as_json(text)), Not(IsEmpty()))
        << text;
  }
}

}  // namespace
}  // namespace relup::policy
