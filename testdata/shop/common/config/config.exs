# SPDX-License-Identifier: Apache-2.0
import Config

config :shop,
  currency: :eur,
  theme: :plain,
  compiled_for: String.trim(File.read!("VERSION"))
