defmodule Umbrella.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      elixir: ">= 1.14.0 and < 2.0.0"
    ]
  end
end
