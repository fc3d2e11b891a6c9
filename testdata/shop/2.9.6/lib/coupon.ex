# SPDX-License-Identifier: Apache-2.0
defmodule Shop.Coupon do
  @moduledoc "Takes something off the price."
  defstruct [:code, :percent]

  def new(code), do: %Shop.Coupon{code: code, percent: 15}
end

defimpl Shop.Display, for: Shop.Coupon do
  def show(coupon), do: "#{coupon.percent} percent off with #{coupon.code}"
end
