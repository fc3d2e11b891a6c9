# SPDX-License-Identifier: Apache-2.0
defmodule Till.Account do
  @moduledoc "What a customer has bought: {purchases, cents}."
  use GenServer, restart: :temporary

  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: {:via, Registry, {Till.Registry, name}})
  end

  @impl true
  def init(_name), do: {:ok, {0, 0}}

  @impl true
  def handle_call({:buy, cents}, _from, {purchases, sum}) do
    {:reply, purchases + 1, {purchases + 1, sum + cents}}
  end

  def handle_call(:get, _from, {purchases, sum} = account) do
    {:reply, "#{purchases} for #{sum}", account}
  end
end
