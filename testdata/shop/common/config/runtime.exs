# SPDX-License-Identifier: Apache-2.0
import Config

# What only the host knows: an upgrade must not lose it.
config :shop,
  port: String.to_integer(System.get_env("SHOP_PORT", "0")),
  api_secret: System.get_env("SHOP_SECRET", "unset"),
  resolved_for: System.get_env("RELEASE_VSN")
