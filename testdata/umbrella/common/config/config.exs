# SPDX-License-Identifier: Apache-2.0
import Config

# It changes with each release, even when the application `stand` does not.
config :stand, compiled_for: String.trim(File.read!(Path.expand("../VERSION", __DIR__)))
