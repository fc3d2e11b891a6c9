# SPDX-License-Identifier: Apache-2.0
defmodule Till.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    children = [
      {Registry, keys: :unique, name: Till.Registry},
      {DynamicSupervisor, name: Till.AccountSupervisor, strategy: :one_for_one}
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Till.Supervisor)
  end
end
