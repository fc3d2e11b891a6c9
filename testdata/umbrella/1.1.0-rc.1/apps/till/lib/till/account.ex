# SPDX-License-Identifier: Apache-2.0
defmodule Till.Account do
  @moduledoc "What a customer has bought, and the dearest of it."
  use GenServer, restart: :temporary

  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: {:via, Registry, {Till.Registry, name}})
  end

  @impl true
  def init(_name), do: {:ok, %{purchases: 0, sum: 0, dearest: 0}}

  @impl true
  def handle_call({:buy, cents}, _from, account) do
    account = %{
      purchases: account.purchases + 1,
      sum: account.sum + cents,
      dearest: max(account.dearest, cents)
    }

    {:reply, account.purchases, account}
  end

  def handle_call(:get, _from, account) do
    {:reply, "#{account.purchases} for #{account.sum}, at most #{account.dearest}", account}
  end

  # The dearest is not known of what was bought before, and 1.0.0 does not want to know it.
  @impl true
  def code_change({:down, _}, account, _extra), do: {:ok, {account.purchases, account.sum}}

  def code_change(_, {purchases, sum}, _extra) do
    {:ok, %{purchases: purchases, sum: sum, dearest: 0}}
  end

  def code_change(_, account, _extra), do: {:ok, account}
end
