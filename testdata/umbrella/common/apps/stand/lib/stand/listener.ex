# SPDX-License-Identifier: Apache-2.0
defmodule Stand.Listener do
  @moduledoc "Accepts connections; each gets a process of its own."
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @impl true
  def init(nil) do
    options = [:binary, packet: :line, active: false, reuseaddr: true, ip: {127, 0, 0, 1}]
    {:ok, socket} = :gen_tcp.listen(Application.fetch_env!(:stand, :port), options)
    send(self(), :accept)
    {:ok, socket}
  end

  # In turns of a few milliseconds, so that the process answers when it is asked to suspend.
  @impl true
  def handle_info(:accept, socket) do
    case :gen_tcp.accept(socket, 20) do
      {:ok, connection} -> Stand.Connection.start(connection)
      {:error, :timeout} -> :ok
    end

    send(self(), :accept)
    {:noreply, socket}
  end
end
