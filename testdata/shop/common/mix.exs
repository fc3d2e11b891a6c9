# SPDX-License-Identifier: Apache-2.0
defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      version: String.trim(File.read!("VERSION")),
      elixir: "~> 1.14",
      start_permanent: true,
      deps: []
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Shop.Application, []}]
  end
end
