# SPDX-License-Identifier: Apache-2.0
defmodule Stand.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    children = [
      {DynamicSupervisor, name: Stand.ConnectionSupervisor, strategy: :one_for_one},
      Stand.Listener
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Stand.Supervisor)
  end
end
