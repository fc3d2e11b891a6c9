# SPDX-License-Identifier: Apache-2.0
defmodule Market.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: String.trim(File.read!("VERSION")),
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: [
        market: [applications: [till: :permanent, stand: :permanent]]
      ]
    ]
  end
end
