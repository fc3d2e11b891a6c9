// SPDX-License-Identifier: Apache-2.0
#include "forecast_json.hpp"

#include <array>

namespace relup::cmd {
namespace {

template <typename Values, typename Show>
Json list_of(const Values& values, Show show) {
  Json list = Json::array();
  for (const auto& each : values)
    list.push_back(show(each));
  return list;
}

Json process_json(const live::NodeProcess& process) {
  return {{"pid", process.pid},
          {"name", process.name},
          {"supervisor", process.supervisor},
          {"application", process.application}};
}

Json suspended_json(const live::SuspendedProcesses& suspended) {
  return {{"module", suspended.module.name()},
          {"count", suspended.processes.count},
          {"first", list_of(suspended.processes.first, process_json)}};
}

std::string_view name_of(live::StayingProcesses::Class stay) {
  constexpr std::array<std::string_view, 4> names{"captive", "parked", "working", "moving"};
  return names.at(static_cast<std::size_t>(stay));
}

Json staying_json(const live::StayingProcesses& staying) {
  return {{"module", staying.module.name()},
          {"function", staying.function},
          {"class", name_of(staying.stay)},
          {"count", staying.processes.count},
          {"first", list_of(staying.processes.first, process_json)}};
}

Json held_json(const live::HeldFunction& held) {
  constexpr std::array<std::string_view, 3> kinds{"fun", "name", "module"};
  return {{"kind", kinds.at(static_cast<std::size_t>(held.kind))},
          {"module", held.module.name()},
          {"function", held.function},
          {"place", held.place}};
}

Json neighbour_json(const live::Neighbour& neighbour) {
  return {{"node", neighbour.node}, {"release", neighbour.release}, {"version", neighbour.version}};
}

}  // namespace

Json forecast_json(const live::Forecast& forecast) {
  return {{"suspended", list_of(forecast.suspended, suspended_json)},
          {"staying", list_of(forecast.staying, staying_json)},
          {"held", list_of(forecast.held, held_json)},
          {"connected", list_of(forecast.neighbours, neighbour_json)},
          {"heart", forecast.has_heart}};
}

}  // namespace relup::cmd
