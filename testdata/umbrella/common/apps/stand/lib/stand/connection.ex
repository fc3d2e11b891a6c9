# SPDX-License-Identifier: Apache-2.0
defmodule Stand.Connection do
  @moduledoc "One customer."
  use GenServer, restart: :temporary

  def start(socket) do
    {:ok, pid} = DynamicSupervisor.start_child(Stand.ConnectionSupervisor, {__MODULE__, socket})
    :ok = :gen_tcp.controlling_process(socket, pid)
    GenServer.cast(pid, :listen)
  end

  def start_link(socket), do: GenServer.start_link(__MODULE__, socket)

  @impl true
  def init(socket), do: {:ok, socket}

  @impl true
  def handle_cast(:listen, socket) do
    :inet.setopts(socket, active: :once)
    {:noreply, socket}
  end

  @impl true
  def handle_info({:tcp, socket, line}, socket) do
    :ok = :gen_tcp.send(socket, [Stand.answer(String.trim(line)), "\n"])
    :inet.setopts(socket, active: :once)
    {:noreply, socket}
  end

  def handle_info({:tcp_closed, socket}, socket), do: {:stop, :normal, socket}
end
