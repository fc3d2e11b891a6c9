# SPDX-License-Identifier: Apache-2.0
import Config

# What only the host knows: an upgrade must not lose it.
config :stand,
  port: String.to_integer(System.get_env("MARKET_PORT", "0")),
  api_secret: System.get_env("MARKET_SECRET", "unset"),
  resolved_for: System.get_env("RELEASE_VSN")

# The application comes by an upgrade: this must be known before it starts.
config :bargain, percent: String.to_integer(System.get_env("MARKET_PERCENT", "20"))
