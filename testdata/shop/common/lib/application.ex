# SPDX-License-Identifier: Apache-2.0
defmodule Shop.Application do
  @moduledoc false
  use Application

  # Compiled in, so a start that is given another one is aborted by Elixir.
  @theme Application.compile_env(:shop, :theme)

  def theme, do: @theme

  @impl true
  def start(_type, _args) do
    children = [
      {Registry, keys: :unique, name: Shop.Registry},
      {DynamicSupervisor, name: Shop.CartSupervisor, strategy: :one_for_one},
      {DynamicSupervisor, name: Shop.ConnectionSupervisor, strategy: :one_for_one},
      Shop.Listener
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Shop.Supervisor)
  end
end
