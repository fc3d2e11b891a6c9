# SPDX-License-Identifier: Apache-2.0
defmodule Stand.Goods do
  @moduledoc "Something that lies on the stand."
  defstruct [:name, :cents]

  # Whoever has a longer name costs more.
  def new(name), do: %Stand.Goods{name: name, cents: 25 * String.length(name)}
end

defimpl Till.Receipt, for: Stand.Goods do
  def line(goods), do: "#{goods.name} at #{goods.cents}"
end
