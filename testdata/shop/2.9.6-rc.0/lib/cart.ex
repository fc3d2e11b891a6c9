# SPDX-License-Identifier: Apache-2.0
defmodule Shop.Cart do
  @moduledoc "The things that a customer wants."
  use GenServer, restart: :temporary

  defstruct items: [], currency: :eur

  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: {:via, Registry, {Shop.Registry, name}})
  end

  @impl true
  def init(_name), do: {:ok, %Shop.Cart{currency: Application.fetch_env!(:shop, :currency)}}

  @impl true
  def handle_call({:add, item, cents}, _from, cart) do
    cart = %{cart | items: [{item, cents} | cart.items]}
    {:reply, length(cart.items), cart}
  end

  def handle_call(:get, _from, cart), do: {:reply, cart, cart}

  # On the way down the version in front knows nothing of the currency.
  @impl true
  def code_change({:down, _}, cart, _extra), do: {:ok, Map.delete(cart, :currency)}

  def code_change(_, cart, _extra) do
    {:ok, Map.put(cart, :currency, Application.fetch_env!(:shop, :currency))}
  end
end

defimpl Shop.Display, for: Shop.Cart do
  def show(cart), do: "a cart with #{length(cart.items)} items in #{cart.currency}"
end
