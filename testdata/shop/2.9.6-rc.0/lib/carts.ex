# SPDX-License-Identifier: Apache-2.0
defmodule Shop.Carts do
  @moduledoc "Carts by name; one that is asked for is there."

  def add(name, item, cents), do: GenServer.call(find(name), {:add, item, cents})
  def get(name), do: GenServer.call(find(name), :get)

  def total(name) do
    cart = get(name)
    {Enum.sum(for {_item, cents} <- cart.items, do: cents), cart.currency}
  end

  defp find(name) do
    case DynamicSupervisor.start_child(Shop.CartSupervisor, {Shop.Cart, name}) do
      {:ok, pid} -> pid
      {:error, {:already_started, pid}} -> pid
    end
  end
end
