defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      elixir: "~> 1.15",
      deps: deps()
    ]
  end

  def application do
    [
      mod: {Shop.Application, []}
    ]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7.14"},
      {:postgrex, ">= 0.0.0"},
      {:bcrypt_elixir, "~> 3.0"},
      {:credo, "~> 1.7", only: [:dev, :test]}
    ]
  end
end
