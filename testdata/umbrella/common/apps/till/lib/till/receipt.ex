# SPDX-License-Identifier: Apache-2.0
defprotocol Till.Receipt do
  @fallback_to_any true
  @doc "One line for the customer. The other applications implement it for what they sell."
  def line(thing)
end

defimpl Till.Receipt, for: Any do
  def line(_thing), do: "something"
end
