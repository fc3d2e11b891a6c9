// SPDX-License-Identifier: Apache-2.0
#include "policy/read_host.hpp"

#include "base/duration.hpp"

namespace relup::policy {
namespace {

constexpr std::string_view a_time = "a time such as 500ms, 10s, 5m, 2h or 0";
constexpr std::string_view a_time_at_all = "a time such as 500ms, 10s or 5m, and not 0";
constexpr std::string_view a_longer_time = "a time such as 10s or 1m, and not less than 5s";
constexpr std::string_view a_command = "a command of the shell";
constexpr std::string_view a_function = "a function without arguments, such as shop_health:check/0";

// The engine never waits less (relup_agent_engine.erl, as OTP's `default`).
constexpr Milliseconds least_suspend_timeout{5'000};

template <typename Value>
Said<Value> said(Value value, const YamlNode& node, const Faults& faults) {
  const Source& source = faults.source();
  return {std::move(value), {source->name(), source->position(node.span.begin).line}};
}

// A time of `least` or more.
void read_time(const YamlNode& node, std::string_view what, std::string_view right,
               Milliseconds least, std::optional<Said<Milliseconds>>& wish, Faults& faults) {
  const auto time = node.kind == YamlNode::Kind::scalar ? parse_duration(node.text) : std::nullopt;
  if (!time || *time < least) return faults.add_wrong(node, what, right);
  wish = said(*time, node, faults);
}

bool is_text(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar &&
         node.text.find_first_not_of(" \t\n") != std::string::npos &&
         node.text.find('\0') == std::string::npos;
}

bool is_path(const YamlNode& node) {
  return is_text(node) && node.text.starts_with('/');
}

bool is_function(const YamlNode& node) {
  const std::string& text = node.text;
  const std::size_t colon = text.rfind(':');
  return is_text(node) && text.ends_with("/0") && colon != std::string::npos && colon > 0 &&
         colon + 3 < text.size();
}

void read_texts(const YamlNode& node, std::string_view what, std::string_view right,
                bool (*is_right)(const YamlNode&), std::optional<Said<Texts>>& wish,
                Faults& faults) {
  Texts texts;
  for_each_item(node, what, "a list", faults, [&](const YamlNode& item) {
    if (is_right(item)) return texts.push_back(item.text);
    faults.add_wrong(item, "one of " + std::string(what), right);
  });
  wish = said(std::move(texts), node, faults);
}

template <Hook which>
void read_hook(const YamlNode& node, HostWishes& wishes, Faults& faults) {
  if (!is_text(node)) {
    return faults.add_wrong(node, "`" + std::string(name_of(which)) + "`", a_command);
  }
  wishes.hooks.at(static_cast<std::size_t>(which)) = said(node.text, node, faults);
}

constexpr std::array<Key<HostWishes>, 5> hook_keys{{
    {"before-install", read_hook<Hook::before_install>},
    {"after-install", read_hook<Hook::after_install>},
    {"before-commit", read_hook<Hook::before_commit>},
    {"after-rollback", read_hook<Hook::after_rollback>},
    {"timeout",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_time(node, "`timeout`", a_time_at_all, Milliseconds{1}, wishes.hook_timeout, faults);
     }},
}};

constexpr std::array<Key<HostWishes>, 2> probe_keys{{
    {"commands",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_texts(node, "`commands`", a_command, is_text, wishes.probe_commands, faults);
     }},
    {"functions",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_texts(node, "`functions`", a_function, is_function, wishes.probe_functions, faults);
     }},
}};

void read_signatures(const YamlNode& node, HostWishes& wishes, Faults& faults) {
  static constexpr Choices<Signatures, 2> choices{
      {{"optional", Signatures::optional}, {"required", Signatures::required}}};
  if (const Signatures* choice = find_choice(node, choices)) {
    wishes.signatures = said(*choice, node, faults);
  } else {
    faults.add_wrong(node, "`signatures`", "optional or required");
  }
}

constexpr std::array<Key<HostWishes>, 6> keys{{
    {"drain_timeout",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_time(node, "`drain_timeout`", a_time, Milliseconds{0}, wishes.drain_timeout, faults);
     }},
    {"suspend_timeout",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_time(node, "`suspend_timeout`", a_longer_time, least_suspend_timeout,
                 wishes.suspend_timeout, faults);
     }},
    {"signatures", read_signatures},
    {"trusted_keys",
     [](const YamlNode& node, HostWishes& wishes, Faults& faults) {
       read_texts(node, "`trusted_keys`", "a file with its whole path", is_path,
                  wishes.trusted_keys, faults);
     }},
    {"hooks", [](const YamlNode& node, HostWishes& wishes,
                 Faults& faults) { read_map(node, "`hooks`", hook_keys, wishes, faults); }},
    {"probes", [](const YamlNode& node, HostWishes& wishes,
                  Faults& faults) { read_map(node, "`probes`", probe_keys, wishes, faults); }},
}};

}  // namespace

void read_host(const YamlNode& node, HostWishes& wishes, Faults& faults) {
  read_map(node, "`host`", keys, wishes, faults);
}

}  // namespace relup::policy
