# SPDX-License-Identifier: Apache-2.0
defmodule Bargain.Offer do
  @moduledoc "Less for the same."
  defstruct [:goods, :percent]
end

# Two protocols of applications that know nothing of this one; one of them is not even ours.
defimpl Till.Receipt, for: Bargain.Offer do
  def line(offer), do: "#{offer.percent} percent off #{offer.goods}"
end

defimpl String.Chars, for: Bargain.Offer do
  def to_string(offer), do: "#{String.upcase(offer.goods)}!"
end
