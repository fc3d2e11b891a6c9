# SPDX-License-Identifier: Apache-2.0
defmodule Bargain.MixProject do
  use Mix.Project

  def project do
    [
      app: :bargain,
      version: String.trim(File.read!("VERSION")),
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [{:till, in_umbrella: true}]
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Bargain.Application, []}]
  end
end
