# SPDX-License-Identifier: Apache-2.0
defmodule Shop.Cart do
  @moduledoc "The things that a customer wants."
  use GenServer, restart: :temporary

  defstruct items: []

  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: {:via, Registry, {Shop.Registry, name}})
  end

  @impl true
  def init(_name), do: {:ok, %Shop.Cart{}}

  @impl true
  def handle_call({:add, item, cents}, _from, cart) do
    cart = %{cart | items: [{item, cents} | cart.items]}
    {:reply, length(cart.items), cart}
  end

  def handle_call(:get, _from, cart), do: {:reply, cart, cart}
end

defimpl Shop.Display, for: Shop.Cart do
  def show(cart), do: "a cart with #{length(cart.items)} items"
end
