# SPDX-License-Identifier: Apache-2.0
defmodule Shop do
  @moduledoc "What a customer can ask for, one line at a time."

  @version String.trim(File.read!("VERSION"))

  def answer("version"), do: @version

  def answer(line) do
    case String.split(line, " ") do
      ["add", cart, item, cents] ->
        "ok #{Shop.Carts.add(cart, item, String.to_integer(cents))}"

      ["hit", cart] ->
        "#{cart} #{Shop.Carts.add(cart, "hit", 1)}"

      ["total", cart] ->
        {cents, currency} = Shop.Carts.total(cart)
        "total #{cents} #{currency}"

      ["show", cart] ->
        Shop.Display.show(Shop.Carts.get(cart))

      ["coupon", code] ->
        Shop.Display.show(Shop.Coupon.new(code))

      _ ->
        "what?"
    end
  end
end
