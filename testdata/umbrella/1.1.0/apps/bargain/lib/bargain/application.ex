# SPDX-License-Identifier: Apache-2.0
defmodule Bargain.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([Bargain.Board], strategy: :one_for_one, name: Bargain.Supervisor)
  end
end
