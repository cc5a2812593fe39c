defmodule Lantern.MixProject do
  use Mix.Project

  def project do
    [
      app: :lantern,
      version: "0.4.0",
      elixir: "~> 1.14",
      deps: [{:ecto_ch, "~> 0.3"}]
    ]
  end
end
