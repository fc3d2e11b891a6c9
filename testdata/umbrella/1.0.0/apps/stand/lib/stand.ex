# SPDX-License-Identifier: Apache-2.0
defmodule Stand do
  @moduledoc "What a customer can ask for, one line at a time."

  @version Mix.Project.config()[:version]

  def answer("version"), do: Till.version()
  def answer("versions"), do: "till #{Till.version()}, stand #{@version}"

  def answer(line) do
    case String.split(line, " ") do
      ["hit", name] -> "#{name} #{Till.buy(name, 1)}"
      ["buy", name, goods] -> "#{name} #{Till.buy(name, Stand.Goods.new(goods).cents)}"
      ["account", name] -> Till.account(name)
      ["price", goods] -> Till.Receipt.line(Stand.Goods.new(goods))
      _ -> "what?"
    end
  end
end
