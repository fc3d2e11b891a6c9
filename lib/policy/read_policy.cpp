// SPDX-License-Identifier: Apache-2.0
//
// The shape of relup.yaml, from the inside out: what may be said of a module, then of an
// application, then of a release. Each map of the file has a table of its keys here.

#include "policy/read_policy.hpp"

#include <charconv>

#include "policy/embedded_term.hpp"
#include "policy/read_host.hpp"
#include "policy/read_insertion.hpp"
#include "policy/read_quiesce.hpp"

namespace relup::policy {
namespace {

// The whole document.
struct Release : ReleaseWishes {
  HostWishes host;
};

constexpr Choices<PurgeMethod, 2> purge_methods{
    {{"soft", PurgeMethod::soft}, {"brutal", PurgeMethod::brutal}}};

constexpr std::array<Key<Wishes>, 2> purge_keys{{
    {"before",
     [](const YamlNode& value, Wishes& wishes, Faults& faults) {
       read_choice(value, "`before`", purge_methods, wishes.purge_before, faults);
     }},
    {"after",
     [](const YamlNode& value, Wishes& wishes, Faults& faults) {
       read_choice(value, "`after`", purge_methods, wishes.purge_after, faults);
     }},
}};

void read_purge(const YamlNode& node, Wishes& wishes, Faults& faults) {
  if (const PurgeMethod* both = find_choice(node, purge_methods)) {
    wishes.purge_before = *both;
    wishes.purge_after = *both;
  } else if (node.kind == YamlNode::Kind::map) {
    read_map(node, "`purge`", purge_keys, wishes, faults);
  } else {
    faults.add_wrong(node, "`purge`", "soft, brutal, or a map with `before` and `after`");
  }
}

// Milliseconds as Erlang can wait; none for what is no such number.
std::optional<Term> milliseconds(const YamlNode& node) {
  const std::string& text = node.text;
  if (node.style != YamlNode::Style::plain || text.starts_with('0')) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Term(std::int64_t{number}).at(node.span);
}

void read_suspend_timeout(const YamlNode& node, Wishes& wishes, Faults& faults) {
  const bool is_scalar = node.kind == YamlNode::Kind::scalar;
  if (is_scalar && (node.text == "default" || node.text == "infinity")) {
    wishes.suspend_timeout = Term::atom(node.text).at(node.span);
    return;
  }
  const std::optional<Term> time = is_scalar ? milliseconds(node) : std::nullopt;
  if (time) {
    wishes.suspend_timeout = time;
    return;
  }
  faults.add_wrong(node, "`suspend_timeout`",
                   "default, infinity, or a plain number of milliseconds");
}

void read_extra(const YamlNode& node, Wishes& wishes, Faults& faults) {
  if (const auto term = read_term(node, "`extra`", faults)) wishes.extra = term;
}

void read_module_change(const YamlNode& node, Wishes& wishes, Faults& faults) {
  static constexpr Choices<ModuleChangeType, 5> choices{
      {{"load", ModuleChangeType::load},
       {"update", ModuleChangeType::update},
       {"soft", ModuleChangeType::soft_update},
       {"supervisor", ModuleChangeType::supervisor},
       {"leave", ModuleChangeType::leave}}};
  read_choice(node, "`change`", choices, wishes.change, faults);
}

constexpr std::array<Key<Wishes>, 4> module_keys{{{"purge", read_purge},
                                                  {"suspend_timeout", read_suspend_timeout},
                                                  {"extra", read_extra},
                                                  {"change", read_module_change}}};

void read_supervision(const YamlNode& node, Scope& scope, Faults& faults) {
  static constexpr Choices<Supervision, 2> choices{
      {{"report", Supervision::report}, {"generate", Supervision::generate}}};
  read_choice(node, "`supervision`", choices, scope.supervision, faults);
}

bool check_name(const YamlNode& node, std::string_view what, Faults& faults) {
  const bool is_name = node.kind == YamlNode::Kind::scalar && is_name_pattern(node.text);
  if (!is_name) faults.add_wrong(node, what, "a name, or a pattern with `*`");
  return is_name;
}

void read_leave_alone(const YamlNode& node, Scope& scope, Faults& faults) {
  for_each_item(node, "`leave_alone`", "a list of modules", faults, [&](const YamlNode& item) {
    if (check_name(item, "a module", faults)) scope.leave_alone.emplace_back(item.text);
  });
}

void read_modules(const YamlNode& node, ApplicationEntry& entry, Faults& faults) {
  for_each_entry(node, "`modules`", faults, [&](const YamlNode& name, const YamlNode& value) {
    if (!check_name(name, "a module", faults)) return;
    Wishes wishes;
    read_map(value, "`" + name.text + "`", module_keys, wishes, faults);
    entry.modules.push_back({NamePattern(name.text), std::move(wishes)});
  });
}

void read_application_change(const YamlNode& node, ApplicationEntry& entry, Faults& faults) {
  static constexpr Choices<ApplicationEntry::Change, 1> choices{
      {{"restart", ApplicationEntry::Change::restart}}};
  read_choice(node, "`change`", choices, entry.change, faults);
}

void read_deployed(const YamlNode& node, ApplicationEntry& entry, Faults& faults) {
  for_each_item(node, "`deployed`", "a list of versions", faults, [&](const YamlNode& item) {
    if (item.kind == YamlNode::Kind::scalar && !item.text.empty()) {
      entry.deployed.push_back(item.text);
    } else {
      faults.add_wrong(item, "a version", "text such as 2.9.4");
    }
  });
}

// A key whose value goes into the scope of an application or a release, or into its wishes.
template <typename Target, void (*read)(const YamlNode&, Scope&, Faults&)>
void into_scope(const YamlNode& node, Target& target, Faults& faults) {
  read(node, target.scope, faults);
}
template <typename Target, void (*read)(const YamlNode&, Wishes&, Faults&)>
void into_wishes(const YamlNode& node, Target& target, Faults& faults) {
  read(node, target.scope.wishes, faults);
}
template <typename Target, Script script>
void into_insertions(const YamlNode& node, Target& target, Faults& faults) {
  read_insertions(node, script, target.scope.insertions, faults);
}

using Application = ApplicationEntry;
constexpr std::array<Key<Application>, 8> application_keys{{
    {"purge", into_wishes<Application, read_purge>},
    {"suspend_timeout", into_wishes<Application, read_suspend_timeout>},
    {"supervision", into_scope<Application, read_supervision>},
    {"change", read_application_change},
    {"deployed", read_deployed},
    {"leave_alone", into_scope<Application, read_leave_alone>},
    {"modules", read_modules},
    {"instructions", into_insertions<Application, Script::appup>},
}};

void read_applications(const YamlNode& node, Release& release, Faults& faults) {
  for_each_entry(node, "`applications`", faults, [&](const YamlNode& name, const YamlNode& value) {
    if (!check_name(name, "an application", faults)) return;
    Application entry{NamePattern(name.text), {}, {}};
    read_map(value, "`" + name.text + "`", application_keys, entry, faults);
    release.applications.push_back(std::move(entry));
  });
}

void read_version(const YamlNode& node, Release& /*release*/, Faults& faults) {
  const bool is_one = node.style == YamlNode::Style::plain && node.text == "1";
  if (!is_one) faults.add_wrong(node, "`version`", "1, the only version there is");
}

void read_emulator(const YamlNode& node, Release& release, Faults& faults) {
  static constexpr Choices<EmulatorRestart, 2> choices{
      {{"refuse", EmulatorRestart::refuse}, {"restart", EmulatorRestart::restart}}};
  read_choice(node, "`emulator`", choices, release.emulator, faults);
}

// "RU012", the way the rules write it.
bool is_rule_code(std::string_view text) {
  return text.size() == 5 && text.starts_with("RU") &&
         text.find_first_not_of("0123456789", 2) == std::string_view::npos;
}

bool is_rule_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos &&
         text.front() != '-' && text.back() != '-' && text.find("--") == std::string_view::npos;
}

void read_findings(const YamlNode& node, Release& release, Faults& faults) {
  using Wish = std::optional<Severity>;
  static constexpr Choices<Wish, 4> choices{{{"error", Severity::error},
                                             {"warning", Severity::warning},
                                             {"note", Severity::note},
                                             {"off", std::nullopt}}};
  for_each_entry(node, "`findings`", faults, [&](const YamlNode& rule, const YamlNode& value) {
    if (!is_rule_name(rule.text) && !is_rule_code(rule.text)) {
      faults.add_wrong(rule, "a finding",
                       "the name of a rule, such as state-change, or its code, such as RU201");
      return;
    }
    const Wish* wish = find_choice(value, choices);
    if (wish != nullptr) {
      release.findings.push_back({rule.text, *wish});
      return;
    }
    faults.add_wrong(value, "`" + rule.text + "`", "error, warning, note or off");
  });
}

constexpr std::array<Key<Release>, 11> release_keys{{
    {"version", read_version},
    {"purge", into_wishes<Release, read_purge>},
    {"suspend_timeout", into_wishes<Release, read_suspend_timeout>},
    {"supervision", into_scope<Release, read_supervision>},
    {"emulator", read_emulator},
    {"leave_alone", into_scope<Release, read_leave_alone>},
    {"findings", read_findings},
    {"instructions", into_insertions<Release, Script::relup>},
    {"quiesce", [](const YamlNode& node, Release& release,
                   Faults& faults) { read_quiesce(node, release.quiesce, faults); }},
    {"host", [](const YamlNode& node, Release& release,
                Faults& faults) { read_host(node, release.host, faults); }},
    {"applications", read_applications},
}};

}  // namespace

ReadPolicy read_policy(const std::string& name, const std::string& text) {
  const Source source = make_source(name, text);
  Faults faults(source);
  Release release;
  const auto parsed = parse_yaml(*source);
  if (const auto* fault = std::get_if<YamlFault>(&parsed)) {
    faults.add(fault->span, fault->message, fault->note);
  } else {
    read_map(*std::get<YamlPointer>(parsed), "the document", release_keys, release, faults);
  }
  HostWishes host = std::move(release.host);
  return {Policy(std::move(release)), std::move(host), faults.take()};
}

}  // namespace relup::policy
