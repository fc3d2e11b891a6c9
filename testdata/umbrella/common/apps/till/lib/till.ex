# SPDX-License-Identifier: Apache-2.0
defmodule Till do
  @moduledoc "Accounts by name; one that is asked for is there."

  @version Mix.Project.config()[:version]

  def version, do: @version

  def buy(name, cents), do: GenServer.call(find(name), {:buy, cents})
  def account(name), do: GenServer.call(find(name), :get)

  defp find(name) do
    case DynamicSupervisor.start_child(Till.AccountSupervisor, {Till.Account, name}) do
      {:ok, pid} -> pid
      {:error, {:already_started, pid}} -> pid
    end
  end
end
