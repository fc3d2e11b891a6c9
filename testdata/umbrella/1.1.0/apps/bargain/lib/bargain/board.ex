# SPDX-License-Identifier: Apache-2.0
defmodule Bargain.Board do
  @moduledoc "Knows what is off today; it is told by the host when the application starts."
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @impl true
  def init(nil), do: {:ok, Application.fetch_env!(:bargain, :percent)}

  @impl true
  def handle_call({:offer, goods}, _from, percent) do
    {:reply, %Bargain.Offer{goods: goods, percent: percent}, percent}
  end
end
