# SPDX-License-Identifier: Apache-2.0
defprotocol Shop.Display do
  @fallback_to_any true
  @doc "One line for the customer."
  def show(thing)
end

defimpl Shop.Display, for: Any do
  def show(_thing), do: "something"
end
