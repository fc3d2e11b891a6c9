# SPDX-License-Identifier: Apache-2.0
defmodule Till.MixProject do
  use Mix.Project

  # Its version is that of the release.
  def project do
    [
      app: :till,
      version: String.trim(File.read!("../../VERSION")),
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: []
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Till.Application, []}]
  end
end
