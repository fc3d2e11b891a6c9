# SPDX-License-Identifier: Apache-2.0
defmodule Bargain do
  @moduledoc "Things that cost less today."

  @version Mix.Project.config()[:version]

  def version, do: @version
  def offer(goods), do: GenServer.call(Bargain.Board, {:offer, goods})
end
